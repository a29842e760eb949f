import * as assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { onnx } from 'onnx-proto';

import { EaselError, type ErrorCode } from '../../../src/core/errors';
import { Graph } from '../../../src/engine/graph/graph';
import { ExternalWeights } from '../../../src/engine/graph/weights';
import { openLoras } from '../../../src/engine/lora/lora-set';
import { openWeightFile } from '../../../src/engine/weights/source';
import { randomTensors } from '../../support/random-weights';
import { encodeSafetensors } from '../../support/safetensors-file';
import { tempFolder } from '../../support/temp-folder';
import { relativeError, runGraph } from '../graph/run-graph';
import { LoraCase } from './lora-case';
import { FIXTURES } from '../../support/paths';

const FOLDER = join(FIXTURES, 'loras');
/** Two float32 implementations; diffusers adds the LoRA's output, here its matrix is added to the weight. */
const TOLERANCE = 4e-5;

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

/** Compares each network that a case's LoRAs change with what diffusers computes. */
async function compareWithDiffusers(
  loraCase: LoraCase,
  rename?: (name: string) => string,
): Promise<void> {
  const targets = await loraCase.targets();
  const loras = await openLoras(loraCase.loras(rename), targets);
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
}

describe('LoRAs merged into graphs compute what diffusers computes', () => {
  for (const name of readdirSync(FOLDER).sort()) {
    it(name, () => compareWithDiffusers(new LoraCase(name)));
  }
});

/** Dots instead of the underscores of kohya's names. */
function dotted(path: string): string {
  return path
    .replace(/_(?=\d)|(?<=\d)_/g, '.')
    .replace(/(encoder)_(layers)|(self_attn|mlp|ff)_/g, (_, a: string, b: string, c: string) =>
      a ? `${a}.${b}` : `${c}.`,
    )
    .replace(/text_model_/, 'text_model.');
}

/** A name of kohya's scripts with other beginnings for the UNet and the text encoders. */
const renamed =
  (unet: string, first: string, second: string, change = dotted) =>
  (name: string): string => {
    const [, part = '', path = '', ending = ''] = /^lora_(unet|te1?|te2)_([^.]+)(.*)$/.exec(name)!;
    const prefix = part === 'unet' ? unet : part === 'te2' ? second : first;
    return `${prefix}${change(path)}${ending}`;
  };

const wrapped = (name: string) => `base_model.model.${name}`;
const adapter = (name: string) => name.replace(/(lora_[AB])\.weight$/, '$1.default.weight');

describe('LoRAs are applied whatever the tool that names their parts', () => {
  const styles: readonly (readonly [string, string, (name: string) => string])[] = [
    [
      'ComfyUI',
      'sdxl',
      renamed(
        'diffusion_model.',
        'text_encoders.clip_l.transformer.',
        'text_encoders.clip_g.transformer.',
      ),
    ],
    ['ComfyUI', 'kohya', renamed('diffusion_model.', 'text_encoders.clip_l.transformer.', '')],
    [
      'ComfyUI for Stable Diffusion 2',
      'kohya',
      renamed('diffusion_model.', 'text_encoders.clip_h.transformer.', ''),
    ],
    ['OneTrainer', 'sdxl', renamed('unet.', 'clip_l.', 'clip_g.')],
    ['OneTrainer', 'kohya', renamed('unet.', 'clip_l.', '')],
    ['kohya with dots', 'sdxl', renamed('lora_unet.', 'lora_te1.', 'lora_te2.')],
    ['kohya with dots', 'kohya', renamed('lora_unet.', 'lora_te.', '')],
    ['diffusers before PEFT without dots', 'kohya', renamed('unet.', 'text_encoder.', '')],
    [
      'original names',
      'sdxl',
      renamed('model.diffusion_model.', 'conditioner.embedders.0.transformer.', 'text_encoder_2.'),
    ],
    [
      'original names',
      'kohya',
      renamed('model.diffusion_model.', 'cond_stage_model.transformer.', ''),
    ],
    ['SimpleTuner', 'kohya', renamed('lycoris_', 'lycoris_', '', (path) => path)],
    ['PEFT, wrapped', 'peft', wrapped],
    ['PEFT with the name of an adapter', 'peft', adapter],
    ['PEFT, with and without .weight', 'peft', (name) => name.replace(/\.weight$/, '')],
    [
      'ComfyUI with PEFT',
      'peft',
      (name) =>
        name.replace(/^text_encoder\./, 'text_encoders.clip_l.transformer.').replace(/^unet\./, ''),
    ],
    ['OneTrainer with PEFT', 'peft', (name) => name.replace(/^text_encoder\./, 'clip_l.')],
    ['text encoders without the inner model', 'peft', (name) => name.replace('.text_model.', '.')],
    ['attention processors of a UNet alone', 'processors', (name) => name.replace(/^unet\./, '')],
  ];
  for (const [tool, name, rename] of styles) {
    it(`${tool} (${name})`, () => compareWithDiffusers(new LoraCase(name), rename));
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
    await refused(loraFile(['unet.conv_in.weight', [4, 4]]), 'unsupported-model', /not a LoRA/);
    await refused(join(tempFolder(), 'gone.safetensors'), 'model-incomplete', /missing/);
  });

  const alpha = [`lora_unet_${TO_Q}.alpha`, []] as const;
  const plain = [
    ['lora_unet_mid_block_attentions_0_proj_in.lora_down.weight', [2, 32]],
    ['lora_unet_mid_block_attentions_0_proj_in.lora_up.weight', [32, 2]],
    ['lora_unet_mid_block_attentions_0_proj_in.alpha', []],
  ] as const;
  /** Tensors as LyCORIS and PEFT write them. */
  const kinds: Readonly<Record<string, readonly (readonly [string, readonly number[]])[]>> = {
    OFT: [[`lora_unet_${TO_Q}.oft_blocks`, [4, 4, 4]]],
    BOFT: [[`lora_unet_${TO_Q}.oft_blocks`, [2, 4, 4, 4]]],
    AdaLoRA: [[`lora_unet_${TO_Q}.lora_E`, [2, 1]]],
    VeRA: [[`lora_unet_${TO_Q}.vera_lambda_b`, [16]]],
    'T-LoRA': [[`lora_unet_${TO_Q}.lambda_layer`, [1, 4]]],
    MiSS: [[`lora_unet_${TO_Q}.miss_block`, [4, 16]]],
  };
  for (const [kind, tensors] of Object.entries(kinds)) {
    it(`of the kind ${kind} are refused by that name, with or without alphas and LoRAs beside it`, async () => {
      const name = new RegExp(`another kind of adapter: ${kind} \\(.*1 ${kind}`);
      await refused(loraFile(...tensors), 'unsupported-model', name);
      await refused(loraFile(...tensors, alpha), 'unsupported-model', name);
      const mixed = new RegExp(`${name.source}, 1 LoRA`);
      await refused(loraFile(...plain, ...tensors, alpha), 'unsupported-model', mixed);
    });
  }

  /** Tensors of one module, which is [16, 16], by kind. */
  const made: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>> = {
    LoHa: { hada_w1_a: [16, 2], hada_w1_b: [2, 16], hada_w2_a: [16, 3], hada_w2_b: [3, 16] },
    'LoKr with a whole factor': { lokr_w1: [2, 4], lokr_w2_a: [8, 2], lokr_w2_b: [2, 4] },
    'LoKr of two products': {
      ...{ lokr_w1_a: [4, 1], lokr_w1_b: [1, 4] },
      ...{ lokr_w2_a: [4, 2], lokr_w2_b: [2, 4] },
    },
    GLoRA: {
      ...{ 'a1.weight': [16, 2], 'a2.weight': [2, 16] },
      ...{ 'b1.weight': [16, 2], 'b2.weight': [2, 16] },
    },
    '(IA)^3': { weight: [16], on_input: [] },
    DoRA: { 'lora_down.weight': [2, 16], 'lora_up.weight': [16, 2], dora_scale: [16, 1] },
  };
  const module = (tensors: Readonly<Record<string, readonly number[]>>) =>
    loraFile(
      ...Object.entries(tensors).map(
        ([end, shape]) => [`lora_unet_${TO_Q}.${end}`, shape] as const,
      ),
    );

  for (const [kind, tensors] of Object.entries(made)) {
    it(`of the kind ${kind} need every matrix, in sizes that fit the model`, async () => {
      const opened = await openLoras([{ path: module(tensors), scale: 1 }], await sd1.targets());
      assert.deepEqual([opened.warnings, opened.changed('unet').size], [[], 1]);
      const [first, shape] = Object.entries(tensors)[0]!;
      const rest = Object.fromEntries(Object.entries(tensors).filter(([end]) => end !== first));
      await refused(module(rest), 'bad-file', /only a part of the matrices/);
      const larger = shape.map((size) => size * 5);
      const message =
        kind === 'DoRA' ? /only a part|made for another/ : /made for another model: for/;
      const code = kind === 'DoRA' ? 'bad-file' : 'unsupported-model';
      await refused(module({ ...tensors, [first]: larger }), code, message);
    });
  }

  it("of PEFT's DoRA are read with and without the name of an adapter", async () => {
    for (const vector of ['lora_magnitude_vector', 'lora_magnitude_vector.default.weight']) {
      const stem = 'unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q';
      const matrices = [
        [`${stem}.lora_A.weight`, [2, 16]],
        [`${stem}.lora_B.weight`, [16, 2]],
      ] as const;
      const targets = await sd1.targets();
      const path = loraFile(...matrices, [`${stem}.${vector}`, [16]]);
      assert.deepEqual((await openLoras([{ path, scale: 1 }], targets)).warnings, []);
      const other = loraFile(...matrices, [`${stem}.${vector}`, [17]]);
      await refused(other, 'unsupported-model', /its lengths \(DoRA\) are \[17\]/);
    }
  });

  it("of kohya's DoRA are mixed with the plain weight by the scale, as ComfyUI does", async () => {
    const targets = await sd1.targets();
    const path = module(made.DoRA!);
    const name = 'down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.weight';
    const merged = async (scale: number) => {
      const graph = new Graph();
      const plain = new ExternalWeights(graph, targets.unet);
      const loras = await openLoras([{ path, scale }], targets);
      const weights = loras.wrap('unet')?.(plain, graph) ?? plain;
      graph.output('y', weights.get(name, [16, 16], { type: 'float32' }));
      return (await runGraph(graph.finish('merged'), {})).y!;
    };
    const [none, part, whole] = [await merged(0), await merged(0.25), await merged(1)];
    const mixed = none.map((value, index) => value + 0.25 * (whole[index]! - value));
    assert.ok(relativeError(part, mixed) < 1e-6);
    // Each row has the length of the file.
    const lengths = new Float32Array(matrix(`lora_unet_${TO_Q}.dora_scale`, [16, 1]).bytes.buffer);
    const rows = lengths.map((_, row) => Math.hypot(...whole.subarray(row * 16, row * 16 + 16)));
    assert.ok(relativeError(rows, lengths.map(Math.abs)) < 1e-5);
  });

  it('take more memory to load where they make whole matrices', async () => {
    const targets = await sd1.targets();
    const bytes = async (tensors: Readonly<Record<string, readonly number[]>>) =>
      (await openLoras([{ path: module(tensors), scale: 1 }], targets)).loadingBytes('unet');
    const matrix = 4 * 16 * 16;
    assert.equal(await bytes({ 'lora_down.weight': [2, 16], 'lora_up.weight': [16, 2] }), 0);
    assert.equal(await bytes(made.LoHa!), 0);
    const wide = { hada_w1_a: [16, 4], hada_w1_b: [4, 16], hada_w2_a: [16, 4], hada_w2_b: [4, 16] };
    assert.equal(await bytes(wide), 3 * matrix);
    assert.equal(await bytes({ lokr_w1: [2, 2], lokr_w2: [8, 8] }), 2 * matrix);
    assert.equal(await bytes(made.DoRA!), matrix);
  });

  it('say which parts with a weight of their own they do not change', async () => {
    const loras = await openLoras(
      [{ path: module(made.LoHa!), scale: 1, weights: { 'down.0': 0.5, mid: 1, text: 0.2 } }],
      await sd1.targets(),
    );
    assert.equal(loras.warnings.length, 1);
    assert.match(loras.warnings[0]!, /changes nothing in mid, text of this model/);
  });

  it('of other architectures are refused with both families, also where a part fits', async () => {
    const clip = [
      ['lora_te1_text_model_encoder_layers_0_mlp_fc1.lora_down.weight', [2, 32]],
      ['lora_te1_text_model_encoder_layers_0_mlp_fc1.lora_up.weight', [64, 2]],
    ] as const;
    const others: readonly (readonly [RegExp, string, readonly number[]])[] = [
      [/for FLUX, and/, 'lora_unet_double_blocks_0_img_attn_qkv', [3072]],
      [/for FLUX, and/, 'transformer.single_transformer_blocks.0.attn.to_q', [3072]],
      [/for Stable Diffusion 3/, 'transformer.transformer_blocks.0.attn.add_q_proj', [1536]],
      [/for Qwen-Image/, 'transformer_blocks.0.attn.add_q_proj', [3072]],
      [/for Z-Image/, 'diffusion_model.layers.0.attention.to_q', [3840]],
      [/for Lumina/, 'lora_unet_layers_0_attention_qkv', [2304]],
      [/for PixArt/, 'base_model.model.transformer_blocks.0.attn1.to_q', [1152]],
      [/for LTX-Video/, 'diffusion_model.transformer_blocks.0.attn1.to_q', [2048]],
      [/for CogVideoX/, 'transformer.transformer_blocks.0.attn1.to_q', [3072]],
      [/for Wan/, 'transformer.blocks.0.attn1.to_q', [1536]],
      [/for AuraFlow/, 'transformer.joint_transformer_blocks.0.attn.to_q', [3072]],
      [/for HiDream/, 'diffusion_model.double_stream_blocks.0.block.attn1.to_q', [2560]],
      [/for HunyuanDiT/, 'lora_unet_blocks_0_attn1_Wqkv', [1408]],
      [/for Kandinsky/, 'unet.down_blocks.1.attentions.0.add_k_proj', [768]],
      [/for a model with a transformer/, 'diffusion_model.blocks.0.mlp', [64]],
      [/for Qwen-Image/, 'transformer.transformer_blocks.0.img_mlp.net.0.proj', [3072]],
      [/for Wan/, 'diffusion_model.blocks.0.self_attn.q', [1536]],
      [/for Stable Diffusion XL/, 'lora_te2_text_model_encoder_layers_0_mlp_fc1', [1280]],
      [
        /for Stable Diffusion XL/,
        'lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_k',
        [2048],
      ],
    ];
    for (const [families, stem, [width = 0]] of others) {
      const path = loraFile(
        ...clip,
        [`${stem}.lora_down.weight`, [2, width]],
        [`${stem}.lora_up.weight`, [width, 2]],
      );
      await refused(path, 'unsupported-model', families);
      await refused(path, 'unsupported-model', /this model is Stable Diffusion 1 or 2/);
    }
    const [text] = ['lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_k'];
    const kron = loraFile([`${text}.lokr_w1`, [8, 32]], [`${text}.lokr_w2`, [80, 64]]);
    await refused(kron, 'unsupported-model', /for Stable Diffusion XL/);
    const had = ['w1_a', 'w1_b', 'w2_a', 'w2_b'].map(
      (end) => [`${text}.hada_${end}`, end.endsWith('a') ? [320, 2] : [2, 1024]] as const,
    );
    await refused(loraFile(...had), 'unsupported-model', /for Stable Diffusion 2/);
  });

  it('are told from other files that are given as one', async () => {
    const files: readonly (readonly [RegExp, string])[] = [
      [/textual inversion.*--embedding/, 'emb_params'],
      [/whole model.*--model/, 'model.diffusion_model.input_blocks.0.0.weight'],
      [/ControlNet/, 'control_model.input_blocks.0.0.weight'],
      [/ControlNet-LLLite/, 'lllite_unet_input_blocks_4_1.depth1.0.weight'],
      [/a UNet alone.*--unet/, 'down_blocks.0.resnets.0.conv1.weight'],
      [/autoencoder/, 'encoder.conv_in.weight'],
      [/IP-Adapter/, 'image_proj.norm.weight'],
      [/T2I-Adapter.*--controlnet/, 'adapter.body.0.resnets.0.block1.weight'],
      [/upscaler.*--upscale/, 'body.0.weight'],
      [/upscaler.*--upscale/, 'model.1.sub.0.RDB1.conv1.0.weight'],
      [/not a LoRA in a supported format.*"anything"/, 'anything'],
    ];
    for (const [message, name] of files) {
      await refused(loraFile([name, [4]]), 'unsupported-model', message);
    }
  });

  it('of full differences change weights, norms and biases by their values', async () => {
    const conv = 'lora_unet_down_blocks_0_resnets_0_conv2';
    const norm = 'lora_unet_down_blocks_0_resnets_0_norm1';
    const path = loraFile(
      [`${conv}.diff`, [16, 16, 3, 3]],
      [`${conv}.diff_b`, [16]],
      [`${conv}.alpha`, []],
      [`${norm}.w_norm`, [16]],
      [`${norm}.b_norm`, [16]],
    );
    const targets = await sd1.targets();
    const loras = await openLoras([{ path, scale: 0.5 }], targets);
    assert.deepEqual(loras.warnings, []);
    assert.equal(loras.changed('unet').size, 4);
    const { graph, inputs } = sd1.run('unet', targets.unet, loras.wrap('unet'));
    const found = (await runGraph(graph, inputs)).out_sample!;

    // The same values, added to the model's own file.
    const added: Readonly<Record<string, string>> = {
      'down_blocks.0.resnets.0.conv2.weight': `${conv}.diff`,
      'down_blocks.0.resnets.0.conv2.bias': `${conv}.diff_b`,
      'down_blocks.0.resnets.0.norm1.weight': `${norm}.w_norm`,
      'down_blocks.0.resnets.0.norm1.bias': `${norm}.b_norm`,
    };
    const tensors = randomTensors(sd1.file.tensors.unet!, sd1.file.dtype).map((tensor) => {
      const name = added[tensor.name];
      if (name === undefined) return tensor;
      const difference = new Float32Array(matrix(name, tensor.shape).bytes.buffer);
      const own = new Float32Array(tensor.bytes.slice().buffer);
      const sum = own.map((value, index) => value + 0.5 * difference[index]!);
      return { ...tensor, bytes: new Uint8Array(sum.buffer) };
    });
    const merged = join(tempFolder(), 'merged.safetensors');
    writeFileSync(merged, encodeSafetensors(tensors));
    const plain = sd1.run('unet', await openWeightFile(merged));
    const expected = (await runGraph(plain.graph, plain.inputs)).out_sample!;
    assert.ok(relativeError(found, expected) < TOLERANCE);
  });

  it('of modules with alphas alone are none', async () => {
    await refused(loraFile(alpha), 'unsupported-model', /not a LoRA/);
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
