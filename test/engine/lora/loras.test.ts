import * as assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { onnx } from 'onnx-proto';

import { EaselError, type ErrorCode } from '../../../src/core/errors';
import { openLoras } from '../../../src/engine/lora/lora-set';
import { encodeSafetensors } from '../../support/safetensors-file';
import { tempFolder } from '../../support/temp-folder';
import { relativeError, runGraph } from '../graph/run-graph';
import { LoraCase } from './lora-case';
import { FIXTURES } from '../../support/paths';

const FOLDER = join(FIXTURES, 'loras');
/** Two float32 implementations; diffusers adds the LoRA's output, here its matrix is added to the weight. */
const TOLERANCE = 2e-5;

function matrix(name: string, shape: readonly number[]) {
  const count = shape.reduce((product, size) => product * size, 1);
  const values = Float32Array.from({ length: count }, (_, index) => Math.sin(index + name.length));
  return { name, dtype: 'F32', shape, bytes: new Uint8Array(values.buffer) };
}

function loraFile(...shapes: readonly (readonly [string, readonly number[]])[]): string {
  const path = join(tempFolder(), 'lora.safetensors');
  writeFileSync(path, encodeSafetensors(shapes.map(([name, shape]) => matrix(name, shape))));
  return path;
}

const TO_Q = 'down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q';

describe('LoRAs merged into graphs compute what diffusers computes', () => {
  for (const name of readdirSync(FOLDER).sort()) {
    it(name, async () => {
      const loraCase = new LoraCase(name);
      const targets = await loraCase.targets();
      const loras = await openLoras(loraCase.loras(), targets);
      assert.deepEqual(loras.warnings, []);
      for (const component of loraCase.components) {
        const wrap = loras.wrap(component);
        const run = loraCase.run(component, targets[component]!, wrap);
        const outputs = await runGraph(run.graph, run.inputs);
        for (const [output, expected] of Object.entries(run.expected)) {
          const error = relativeError(outputs[output]!, expected);
          assert.ok(error < TOLERANCE, `${component} ${output} is off by ${error}`);
        }
        if (wrap === undefined) continue;
        const plain = loraCase.run(component, targets[component]!);
        const [first] = Object.keys(run.expected);
        const without = (await runGraph(plain.graph, plain.inputs))[first!]!;
        const change = relativeError(without, run.expected[first!]!);
        assert.ok(change > 1e-3, `${component} is changed by ${change} alone`);
      }
    });
  }
});

describe('A graph with LoRAs', () => {
  it('has the nodes of the graph without them, once it is loaded', async () => {
    const loraCase = new LoraCase('two');
    const targets = await loraCase.targets();
    const loras = await openLoras(loraCase.loras(), targets);
    for (const component of loraCase.components) {
      const counts = [];
      for (const wrap of [undefined, loras.wrap(component)]) {
        const { graph, inputs } = loraCase.run(component, targets[component]!, wrap);
        const optimizedModelFilePath = join(tempFolder(), 'optimized.onnx');
        await runGraph(graph, inputs, { optimizedModelFilePath, logSeverityLevel: 3 });
        const model = onnx.ModelProto.decode(readFileSync(optimizedModelFilePath));
        counts.push(model.graph!.node!.length);
      }
      assert.equal(counts[1], counts[0], component);
    }
  });
});

describe('LoRA files', () => {
  const sd1 = new LoraCase('kohya');

  async function refused(path: string, code: ErrorCode, message: RegExp): Promise<void> {
    const targets = await sd1.targets();
    await assert.rejects(openLoras([{ path, scale: 1 }], targets), (thrown) => {
      assert.ok(thrown instanceof EaselError, String(thrown));
      assert.equal(thrown.code, code, thrown.message);
      assert.match(thrown.message, message);
      return true;
    });
  }

  it('report what has no place in the model', async () => {
    const path = loraFile(
      [`lora_unet_${TO_Q}.lora_down.weight`, [2, 16]],
      [`lora_unet_${TO_Q}.lora_up.weight`, [16, 2]],
      ['lora_unet_down_blocks_7_attentions_0_proj_in.lora_down.weight', [2, 16]],
      ['lora_unet_down_blocks_7_attentions_0_proj_in.lora_up.weight', [16, 2]],
      [`lora_unet_${TO_Q}.diff_b`, [16]],
    );
    const { warnings } = await openLoras([{ path, scale: 1 }], await sd1.targets());
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /: 2 of its parts .*down_blocks_7/);
  });

  it('are refused where they fit nothing', async () => {
    const otherModel = loraFile(
      ['lora_te2_text_model_encoder_layers_0_mlp_fc1.lora_down.weight', [2, 32]],
      ['lora_te2_text_model_encoder_layers_0_mlp_fc1.lora_up.weight', [64, 2]],
    );
    await refused(otherModel, 'unsupported-model', /made for another kind of model/);
    const otherWidth = loraFile(
      [`lora_unet_${TO_Q}.lora_down.weight`, [2, 20]],
      [`lora_unet_${TO_Q}.lora_up.weight`, [20, 2]],
    );
    await refused(otherWidth, 'unsupported-model', /20 by 20.*\[16, 16\]/);
    const half = loraFile([`lora_unet_${TO_Q}.lora_down.weight`, [2, 16]]);
    await refused(half, 'bad-file', /only a part/);
    await refused(loraFile(['unet.conv_in.weight', [4, 4]]), 'unsupported-model', /no LoRA/);
    const loha = loraFile([`lora_unet_${TO_Q}.hada_w1_a`, [16, 2]]);
    await refused(loha, 'unsupported-model', /LoHa/);
    await refused(join(tempFolder(), 'gone.safetensors'), 'model-incomplete', /missing/);
  });

  it('with a decomposed kernel (LoCon) add up · mid · down', async () => {
    const conv = 'down_blocks_0_resnets_0_conv2';
    const mid = loraFile(
      [`lora_unet_${conv}.lora_down.weight`, [3, 16, 1, 1]],
      [`lora_unet_${conv}.lora_mid.weight`, [3, 3, 3, 3]],
      [`lora_unet_${conv}.lora_up.weight`, [16, 3, 1, 1]],
    );
    const down = matrix(`lora_unet_${conv}.lora_down.weight`, [3, 16, 1, 1]);
    const core = matrix(`lora_unet_${conv}.lora_mid.weight`, [3, 3, 3, 3]);
    // down'[p, i, y, x] = Σ_q mid[p, q, y, x] · down[q, i], the kernel of a LoRA without mid.
    const d = new Float32Array(down.bytes.buffer);
    const m = new Float32Array(core.bytes.buffer);
    const joined = Float32Array.from({ length: 3 * 16 * 9 }, (_, at) => {
      const [p, i, k] = [Math.floor(at / 144), Math.floor(at / 9) % 16, at % 9];
      return [0, 1, 2].reduce((sum, q) => sum + m[(p * 3 + q) * 9 + k]! * d[q * 16 + i]!, 0);
    });
    const path = join(tempFolder(), 'joined.safetensors');
    const name = `lora_unet_${conv}.lora_down.weight`;
    const bytes = new Uint8Array(joined.buffer);
    const up = matrix(`lora_unet_${conv}.lora_up.weight`, [16, 3, 1, 1]);
    writeFileSync(
      path,
      encodeSafetensors([{ name, dtype: 'F32', shape: [3, 16, 3, 3], bytes }, up]),
    );

    const targets = await sd1.targets();
    const outputs = await Promise.all(
      [mid, path].map(async (file) => {
        const loras = await openLoras([{ path: file, scale: 0.5 }], targets);
        const { graph, inputs } = sd1.run('unet', targets.unet, loras.wrap('unet'));
        return (await runGraph(graph, inputs)).out_sample!;
      }),
    );
    assert.ok(relativeError(outputs[0]!, outputs[1]!) < TOLERANCE);
  });
});
