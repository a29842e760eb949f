import assert from 'node:assert/strict';
import { readFileSync, rmSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { onnx } from 'onnx-proto';

import { EaselError } from '../../../../../src/core/errors';
import type { GenerationRequestInput } from '../../../../../src/core/request/request';
import { SessionCache } from '../../../../../src/engine/runtime/session-cache';
import { drawRequest } from '../../../../support/drawing';
import { castInput, castOutput } from '../../../../support/onnx-casts';
import {
  editOnnx,
  materialiseOnnx,
  onnxPicture,
  onnxSettings,
} from '../../../../support/onnx-folder';
import { differences, readPixels } from '../../../../support/pictures';

const { FLOAT16, INT32, INT64, FLOAT } = onnx.TensorProto.DataType;

describe('folders of finished ONNX graphs', () => {
  const sessions = new SessionCache();
  after(() => sessions.clear());

  async function draw(folder: string, changes: Partial<GenerationRequestInput> = {}) {
    const { prompt, negativePrompt, seed, steps, guidanceScale, width, height } = onnxSettings();
    const request = {
      ...{ prompt, negativePrompt, seed, steps, guidanceScale, width, height },
      ...{ model: folder, ...changes },
    };
    const { pictures } = await drawRequest(request, folder, sessions);
    assert.equal(pictures.length, 1);
    return pictures[0]!;
  }

  async function assertDrawn(
    folder: string,
    tolerance = 1,
    changes: Partial<GenerationRequestInput> = {},
    picture = 'text-to-image.png',
  ) {
    const { largest } = differences(
      await draw(folder, changes),
      await readPixels(onnxPicture(picture)),
    );
    assert.ok(largest <= tolerance, `pixels differ by up to ${String(largest)} of 255`);
  }

  const refuses = (folder: string, code: string, message: RegExp, changes = {}) =>
    assert.rejects(draw(folder, changes), (thrown: unknown) => {
      assert.ok(thrown instanceof EaselError, String(thrown));
      assert.equal(thrown.code, code, thrown.message);
      assert.match(thrown.message, message);
      return true;
    });

  const sketch = () => new Uint8Array(readFileSync(onnxPicture('sketch.png')));
  const unetOf = (folder: string) => path.join(folder, 'unet', 'model.onnx');

  for (const layout of ['folder', 'hf-cache'] as const) {
    it(`draw what diffusers draws, as optimum exports them (${layout})`, () =>
      assertDrawn(materialiseOnnx('optimum', layout)));

    it(`draw what diffusers draws, as its own script exports them (${layout})`, () =>
      assertDrawn(materialiseOnnx('legacy', layout)));
  }

  it('draw what diffusers draws with SDXL', () =>
    assertDrawn(materialiseOnnx('optimum-xl'), 1, {}, 'optimum-xl.png'));

  it('draw what diffusers draws with a latent consistency model', () =>
    assertDrawn(materialiseOnnx('optimum-lcm'), 1, { negativePrompt: '' }, 'optimum-lcm.png'));

  it('start from a picture as diffusers does', async () => {
    const changes = { initImage: sketch(), strength: onnxSettings().strength };
    await assertDrawn(materialiseOnnx('optimum'), 1, changes, 'image-to-image.png');
  });

  it('start from a picture with an encoder that would draw its latents by itself', async () => {
    // Mean and deviation are asked for instead, and the noise is the seed's, as with the same weights elsewhere.
    const changes = { initImage: sketch(), strength: onnxSettings().strength };
    await assertDrawn(materialiseOnnx('legacy'), 1, changes, 'image-to-image.png');
  });

  it('say so where an encoder draws its latents in a way that no seed repeats', async () => {
    const folder = materialiseOnnx('legacy');
    editOnnx(path.join(folder, 'vae_encoder', 'model.onnx'), (graph) => {
      const sum = graph.node.at(-1)!;
      assert.equal(sum.opType, 'Add');
      // 0.5 · (mean + noise) + 0.5 · (mean + noise)
      const [half] = [{ name: 'half', dataType: FLOAT, floatData: [0.5] }];
      graph.initializer.push(onnx.TensorProto.create(half));
      const scaled = { opType: 'Mul', input: ['sum', 'half'], output: ['scaled'] };
      const twice = { opType: 'Add', input: ['scaled', 'scaled'], output: [...sum.output!] };
      sum.output = ['sum'];
      graph.node.push(onnx.NodeProto.create(scaled), onnx.NodeProto.create(twice));
    });
    const { prompt, seed, steps, strength } = onnxSettings();
    const request = { prompt, seed, steps, strength, model: folder, initImage: sketch() };
    const { pictures, warnings } = await drawRequest(request, folder, sessions);
    assert.deepEqual([pictures[0]!.width, pictures[0]!.height], [64, 48]);
    assert.match(warnings.join(), /encoder.*another image each time/);
  });

  it('are drawn with in half precision, with whole timesteps and other ids', async () => {
    const folder = materialiseOnnx('optimum');
    editOnnx(unetOf(folder), (graph) => {
      castInput(graph, 'sample', FLOAT16);
      castInput(graph, 'timestep', INT64);
      castInput(graph, 'encoder_hidden_states', FLOAT16);
      castOutput(graph, 'out_sample', FLOAT16);
    });
    editOnnx(path.join(folder, 'text_encoder', 'model.onnx'), (graph) => {
      castInput(graph, 'input_ids', INT32);
    });
    // Half precision has eleven bits; three steps of guidance make the most of their errors.
    await assertDrawn(folder, 6);
  });

  it('are run row by row where their batch is one', async () => {
    const folder = materialiseOnnx('optimum');
    editOnnx(unetOf(folder), (graph) => {
      for (const { type } of graph.input) {
        const first = type?.tensorType?.shape?.dim?.[0];
        if (first) Object.assign(first, { dimParam: undefined, dimValue: 1 });
      }
    });
    await assertDrawn(folder);
  });

  it('say the size that they were exported for', async () => {
    const folder = materialiseOnnx('optimum');
    editOnnx(unetOf(folder), (graph) => {
      const dims = graph.input[0]?.type?.tensorType?.shape?.dim ?? [];
      Object.assign(dims[2]!, { dimParam: undefined, dimValue: 16 });
      Object.assign(dims[3]!, { dimParam: undefined, dimValue: 16 });
    });
    await refuses(folder, 'bad-size', /\? × 4 × 16 × 16 only, not 2 × 4 × 6 × 8/);
    const { pictures } = await drawRequest(
      { prompt: 'a', model: folder, steps: 1 },
      folder,
      sessions,
    );
    assert.deepEqual([pictures[0]!.width, pictures[0]!.height], [128, 128]);
  });

  it('are refused where they were made for CUDA alone, by the operators', async () => {
    const legacy = materialiseOnnx('legacy');
    editOnnx(unetOf(legacy), (graph) => {
      for (const node of graph.node) {
        if (node.opType === 'Conv') Object.assign(node, { opType: 'NhwcConv', domain: 'com.microsoft' }); // prettier-ignore
      }
    });
    await refuses(legacy, 'unsupported-model', /NVIDIA cards only: it uses NhwcConv/);
  });

  it('are refused where another runtime is needed', async () => {
    const folder = materialiseOnnx('optimum');
    editOnnx(path.join(folder, 'vae_decoder', 'model.onnx'), (graph) => {
      Object.assign(graph.node[0]!, { domain: 'trt.plugins' });
    });
    await refuses(folder, 'unsupported-model', /trt\.plugins::/);
  });

  it('are refused where they want what Easel does not give', async () => {
    const folder = materialiseOnnx('optimum');
    editOnnx(unetOf(folder), (graph) => {
      graph.input.push(onnx.ValueInfoProto.create({ ...graph.input[0]!, name: 'down_block_0' }));
    });
    await refuses(folder, 'unsupported-model', /needs the input down_block_0/);
  });

  it('say what is missing or damaged', async () => {
    const lacking = materialiseOnnx('legacy');
    rmSync(path.join(lacking, 'unet', 'weights.pb'));
    await refuses(lacking, 'model-incomplete', /weights\.pb is missing/);

    const short = materialiseOnnx('optimum');
    truncateSync(path.join(short, 'vae_decoder', 'model.onnx'), 20_000);
    await refuses(short, 'bad-file', /vae_decoder.*is damaged/);

    const withoutEncoder = materialiseOnnx('optimum');
    rmSync(path.join(withoutEncoder, 'vae_encoder'), { recursive: true });
    const changes = { initImage: sketch(), strength: 0.5 };
    await refuses(withoutEncoder, 'model-incomplete', /no vae_encoder/, changes);
  });

  it('are refused where their weights would lie outside', async () => {
    for (const location of ['../../secret', '/etc/passwd', 'C:\\secret']) {
      const folder = materialiseOnnx('legacy');
      editOnnx(unetOf(folder), (graph) => {
        for (const { externalData } of graph.initializer) {
          for (const entry of externalData ?? []) {
            if (entry.key === 'location') entry.value = location;
          }
        }
      });
      await refuses(folder, 'bad-file', /outside its own folder/);
    }
  });
});
