import * as assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { EaselError, type ErrorCode } from '../../../../../src/core/errors';
import { buildClipText } from '../../../../../src/engine/graph/clip-text';
import { parseClipTextConfig } from '../../../../../src/engine/graph/clip-text-config';
import type { BuiltGraph } from '../../../../../src/engine/graph/graph';
import { buildUNet } from '../../../../../src/engine/graph/unet';
import { parseUNetConfig, type UNetConfig } from '../../../../../src/engine/graph/unet-config';
import { buildVaeDecoder, buildVaeEncoder } from '../../../../../src/engine/graph/vae';
import { parseVaeConfig } from '../../../../../src/engine/graph/vae-config';
import type { SingleFileConfigs } from '../../../../../src/engine/model/layouts/single-file/published-configs';
import {
  openSingleFile,
  type SingleFileModel,
} from '../../../../../src/engine/model/layouts/single-file/single-file';
import {
  randomTensors,
  type TensorShapes,
  type WeightDType,
} from '../../../../support/random-weights';
import { type ArrayPlace, ReferenceArrays } from '../../../../support/reference-arrays';
import { asScaled, type ScaleNaming } from '../../../../support/scaled-float8';
import { reference } from '../../../../support/fixture';
import { gguf, type GgufTensor } from '../../../../support/gguf-file';
import { encodeSafetensors, type TensorToWrite } from '../../../../support/safetensors-file';
import { tempFolder } from '../../../../support/temp-folder';
import { encodeTorchCheckpoint } from '../../../../support/torch-file';
import { relativeError, runGraph } from '../../../graph/run-graph';
import { FIXTURES } from '../../../../support/paths';

const FOLDER = join(FIXTURES, 'single-files');
const TOLERANCE = 1e-5;
const TARGET = { device: 'cpu' } as const;

type Config = Readonly<Record<string, unknown>>;

interface CaseFile {
  readonly dtype: WeightDType;
  readonly configs: Readonly<Record<'unet' | 'vae', Config>> & {
    readonly text_encoder?: Config;
    readonly text_encoder_2?: Config;
  };
  readonly tensors: TensorShapes;
  readonly arrays: Readonly<Record<string, ArrayPlace>>;
}

const ENCODE = {
  '.safetensors': encodeSafetensors,
  '.ckpt': encodeTorchCheckpoint,
  '.gguf': (tensors: readonly TensorToWrite[]) => gguf(tensors.map(ggufTensor)),
};

/** A tensor as stable-diffusion.cpp writes it where it does not make blocks of it. */
function ggufTensor({ name, dtype, shape, bytes }: TensorToWrite): GgufTensor {
  assert.ok(dtype === 'F32' || dtype === 'F16', dtype);
  return { name, sizes: [...shape].reverse(), type: dtype === 'F32' ? 0 : 1, bytes };
}

/** One case of scripts/reference/single_files.py. */
class SingleFileCase {
  readonly file: CaseFile;
  readonly arrays: ReferenceArrays;

  constructor(readonly name: string) {
    this.file = JSON.parse(readFileSync(join(FOLDER, name, 'case.json'), 'utf8')) as CaseFile;
    const bytes = readFileSync(join(FOLDER, name, 'reference.bin'));
    this.arrays = new ReferenceArrays(this.file.arrays, bytes);
  }

  get configs(): SingleFileConfigs {
    const {
      unet,
      vae,
      text_encoder: textEncoder,
      text_encoder_2: textEncoder2,
    } = this.file.configs;
    const common = { pipeline: 'StableDiffusionPipeline', unet, vae, scheduler: {} };
    return {
      ...common,
      ...(textEncoder && { textEncoder }),
      ...(textEncoder2 && { textEncoder2 }),
    };
  }

  write(ending: '.safetensors' | '.ckpt' | '.gguf', scales?: ScaleNaming): string {
    return this.writeChanged(ending, (plain) => (scales ? asScaled(plain, scales) : plain));
  }

  writeChanged(
    ending: '.safetensors' | '.ckpt' | '.gguf',
    change: (tensors: readonly TensorToWrite[]) => readonly TensorToWrite[],
  ): string {
    const path = join(tempFolder(), `model${ending}`);
    writeFileSync(path, ENCODE[ending](change(randomTensors(this.file.tensors, this.file.dtype))));
    return path;
  }

  /** Graphs of all components, with what to feed them and what diffusers computes. */
  runs(model: SingleFileModel): readonly (readonly [BuiltGraph, string, Record<string, string>])[] {
    const size = (name: string) => {
      const [batch, , height, width] = this.arrays.shape(name) as [number, number, number, number];
      return { batch, height, width, target: TARGET };
    };
    const sequenceLength = this.arrays.shape('unet.encoder_hidden_states')[1]!;
    const unetOptions = { ...size('unet.sample'), sequenceLength };
    const { textTime, ...config } = parseUNetConfig(model.unet.config, '');
    // Of a refiner there are five.
    const timeIds = textTime && this.arrays.shape('unet.time_ids')[1]!;
    const told = textTime && { ...textTime, timeIds: timeIds! };
    const unet = buildUNet({ ...config, textTime: told }, model.unet.weights, unetOptions);
    const vae = parseVaeConfig(model.vae.config, '');
    const decoder = buildVaeDecoder(vae, model.vae.weights, size('vae.latents'));
    const encoder = buildVaeEncoder(vae, model.vae.weights, size('vae.image'));
    const texts = model.textEncoders.map(({ config, weights, suffix }) => {
      const part = `text_encoder${suffix}`;
      const parsed = parseClipTextConfig(config, '');
      const expected: Record<string, string> = { last_hidden_state: `${part}.last_hidden_state` };
      if (parsed.projectionDim !== undefined) expected.text_embeds = `${part}.text_embeds`;
      return [
        buildClipText(parsed, weights, { batch: 2, target: TARGET }),
        part,
        expected,
      ] as const;
    });
    return [
      [unet, 'unet', { out_sample: 'unet.out_sample' }],
      [decoder, 'latents', { sample: 'vae.decoded' }],
      [encoder, 'image', { latent_parameters: 'vae.moments' }],
      ...texts,
    ];
  }

  /** The array that feeds an input: the two graphs of the autoencoder have one each. */
  input(part: string, name: string): Float32Array | Int32Array {
    const isVae = part === 'latents' || part === 'image';
    return this.arrays.get(isVae ? `vae.${part}` : `${part}.${name}`);
  }
}

describe('single files in the original layout compute what diffusers loads from them', () => {
  for (const name of readdirSync(FOLDER).sort()) {
    for (const ending of ['.safetensors', '.ckpt', '.gguf'] as const) {
      if (ending === '.ckpt' && name !== 'sd1') continue;
      if (ending === '.gguf' && name.endsWith('float8')) continue;
      it(name + ending, async () => {
        const singleFile = new SingleFileCase(name);
        await assertComputes(singleFile, singleFile.write(ending));
      });
    }
  }

  for (const naming of ['scale_weight', 'weight_scale'] as const) {
    it(`in float8 with scales, named ${naming}`, async () => {
      const singleFile = new SingleFileCase('sdxl-float8');
      await assertComputes(singleFile, singleFile.write('.safetensors', naming));
    });
  }
});

async function assertComputes(
  singleFile: SingleFileCase,
  path: string,
  configs = singleFile.configs,
): Promise<SingleFileModel> {
  const model = await openSingleFile(path, configs);
  for (const [graph, part, expected] of singleFile.runs(model)) {
    const inputs = graph.inputs.map((input) => [input.name, singleFile.input(part, input.name)] as const); // prettier-ignore
    const outputs = await runGraph(graph, Object.fromEntries(inputs));
    for (const [output, array] of Object.entries(expected)) {
      const error = relativeError(outputs[output]!, singleFile.arrays.floats(array));
      assert.ok(error < TOLERANCE, `${part} ${output} is off by ${error}`);
    }
  }
  return model;
}

/** The numbers that diffusers' script gives the blocks, whose levels have two ResNets (three on the way up) each. */
function withGaps(tensors: readonly TensorToWrite[]): readonly TensorToWrite[] {
  return tensors.map((tensor) => {
    const [, side, index, member = '', rest = ''] =
      /^model\.diffusion_model\.(input|output)_blocks\.(\d+)\.(\d+)\.(.*)$/.exec(tensor.name) ?? [];
    if (side === undefined) return tensor;
    const first = side === 'input' ? 1 : 0;
    const [level, place] = [Math.floor((Number(index) - first) / 2), (Number(index) - first) % 2];
    const isResampler = /^(op|conv)\./.test(rest);
    const number = first + 3 * level + (isResampler ? 2 : place);
    let own = `${side}_blocks.${number}.${member}.${rest}`;
    if (side === 'output' && level === 0) {
      own = isResampler ? `output_blocks.2.1.${rest}` : own;
      own = member === '1' && !isResampler ? `up_blocks.0.attentions.${place}.${rest}` : own;
    }
    const name = Number(index) < first ? tensor.name : `model.diffusion_model.${own}`;
    return { ...tensor, name };
  });
}

/** The names that stable-diffusion.cpp converts to (`--convert-name`). Values stay as they are. */
function asConverted(tensors: readonly TensorToWrite[]): readonly TensorToWrite[] {
  const members: Readonly<Record<string, string>> = {
    ...{ ln_1: 'layer_norm1', ln_2: 'layer_norm2', 'mlp.c_fc': 'mlp.fc1', 'mlp.c_proj': 'mlp.fc2' },
    ...{ 'attn.out_proj': 'self_attn.out_proj', ln_final: 'final_layer_norm' },
  };
  const rename = (name: string): string =>
    name
      .replace(/^conditioner\.embedders\.0\./, 'cond_stage_model.')
      .replace(/^conditioner\.embedders\.1\./, 'cond_stage_model.1.')
      .replace(/^(cond_stage_model\.(?:1\.)?)model\./, '$1transformer.text_model.')
      .replace('text_model.transformer.resblocks.', 'text_model.encoder.layers.')
      .replace('text_model.positional_embedding', 'text_model.embeddings.position_embedding.weight')
      .replace('text_model.token_embedding', 'text_model.embeddings.token_embedding')
      .replace(/attn\.in_proj_(weight|bias)$/, 'self_attn.in_proj.$1')
      .replace(
        /(ln_1|ln_2|mlp\.c_fc|mlp\.c_proj|(?<!self_)attn\.out_proj|ln_final)(?=\.(weight|bias)$)/,
        (member) => members[member]!,
      );
  return tensors.map((tensor) => ({
    ...tensor,
    name: /^(cond|model\.diff)/.test(tensor.name) ? rename(tensor.name) : tensor.name,
  }));
}

describe('files that stable-diffusion.cpp has converted', () => {
  for (const name of ['sd1', 'sd2-inpainting', 'sdxl'] as const) {
    it(`compute what diffusers loads from the original: ${name}`, async () => {
      const singleFile = new SingleFileCase(name);
      await assertComputes(singleFile, singleFile.writeChanged('.gguf', asConverted));
    });
  }
});

describe('an SDXL file that stable-diffusion.cpp has converted', () => {
  it('opens where it was made of an original checkpoint, whose projections are fused', async () => {
    const second = 'cond_stage_model.1.transformer.text_model';
    const shapes = {
      ...{ [FIRST]: [1, 4, 1, 1], [XL_ATTENTION]: [1, 2048] },
      'cond_stage_model.transformer.text_model.final_layer_norm.bias': [1],
      [`${second}.encoder.layers.0.self_attn.in_proj.weight`]: [3, 1],
      [`${second}.text_projection`]: [1, 2],
      'first_stage_model.decoder.conv_in.bias': [1],
    };
    const path = join(tempFolder(), 'model.gguf');
    writeFileSync(path, ENCODE['.gguf'](randomTensors(shapes, 'F16')));
    const [, found] = (await openSingleFile(path)).textEncoders;
    const layer = 'text_model.encoder.layers.0.self_attn';
    assert.deepEqual([...found!.weights.names()].sort(), [
      ...[`${layer}.k_proj.weight`, `${layer}.q_proj.weight`, `${layer}.v_proj.weight`],
      'text_projection.weight',
    ]);
    assert.deepEqual(found!.weights.get('text_projection.weight')?.shape, [2, 1]);
  });
});

describe('pruned networks in single files', () => {
  /** The blocks of each, and the full network that it was made of. */
  const cases = [
    ['bk-sdm-tiny', 'sd1'],
    ['koala', 'sdxl'],
  ] as const;
  for (const [name, full] of cases) {
    const singleFile = new SingleFileCase(name);
    const { unet } = new SingleFileCase(full).configs;
    for (const [how, change] of [
      ['one after the other', (tensors: readonly TensorToWrite[]) => tensors],
      ['with gaps', withGaps],
    ] as const) {
      it(`${name}: the blocks that are in the file are drawn with, numbered ${how}`, async () => {
        const path = singleFile.writeChanged('.safetensors', change);
        const model = await assertComputes(singleFile, path, { ...singleFile.configs, unet });
        const blocks = ({ down, mid, up }: UNetConfig) => ({ down, mid, up });
        const [found, own] = [model.unet.config, singleFile.configs.unet];
        assert.deepEqual(blocks(parseUNetConfig(found, '')), blocks(parseUNetConfig(own, '')));
      });
    }
  }

  it('of Stable Diffusion 2 predict the noise', async () => {
    const shapes = {
      [FIRST]: [1, 4, 1, 1],
      'model.diffusion_model.input_blocks.1.0.in_layers.0.weight': [1],
      [ATTENTION]: [1, 1024],
      'model.diffusion_model.output_blocks.0.0.in_layers.0.weight': [1],
      'model.diffusion_model.output_blocks.1.0.in_layers.0.weight': [1],
      'cond_stage_model.model.ln_final.weight': [1024],
      'first_stage_model.decoder.conv_in.bias': [1],
    };
    const path = join(tempFolder(), 'bk-sdm-v2-tiny.safetensors');
    writeFileSync(path, encodeSafetensors(randomTensors(shapes, 'F16')));
    const { schedulerConfig, unet } = await openSingleFile(path);
    assert.equal(schedulerConfig.prediction_type, 'epsilon');
    assert.equal(unet.config.sample_size, 64);
  });
});

async function refused(tensors: TensorShapes, code: ErrorCode, message: RegExp): Promise<void> {
  const path = join(tempFolder(), 'model.safetensors');
  writeFileSync(path, encodeSafetensors(randomTensors(tensors, 'F16')));
  const opened = openSingleFile(path).then(({ vae }) => vae.weights);
  await assert.rejects(opened, (thrown) => {
    assert.ok(thrown instanceof EaselError, String(thrown));
    assert.equal(thrown.code, code, thrown.message);
    assert.match(thrown.message, message);
    return true;
  });
}

const FIRST = 'model.diffusion_model.input_blocks.0.0.weight';
const ATTENTION = 'model.diffusion_model.input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight';
const XL_ATTENTION = ATTENTION.replace('input_blocks.1.1', 'input_blocks.4.1');

describe('other single files', () => {
  it('are named and refused', async () => {
    const cases: [TensorShapes, RegExp][] = [
      [{ 'lora_unet_conv_in.lora_down.weight': [1, 1] }, /is a LoRA.*--lora/],
      [{ 'unet.conv_in.lora_A.weight': [1, 1] }, /is a LoRA/],
      [{ emb_params: [1, 8] }, /textual inversion/],
      [{ 'control_model.time_embed.0.weight': [1, 1] }, /ControlNet/],
      [{ 'model.diffusion_model.joint_blocks.0.x': [1] }, /Stable Diffusion 3/],
      [{ 'double_blocks.0.img_attn.qkv.weight': [1, 1] }, /FLUX/],
      [{ 'down_blocks.0.resnets.0.conv1.weight': [1, 1] }, /UNet alone.*--unet/],
      [{ 'first_stage_model.decoder.conv_in.weight': [1, 1] }, /autoencoder alone/],
      [{ 'decoder.middle.0.residual.0.gamma': [1] }, /autoencoder of another family \(such as Wan/],
      [{ 'decoder.mid_block.attentions.0.norm.gamma': [1] }, /autoencoder of another family/],
      [{ 'something.else': [1] }, /"something.else"/],
      [{ 'blk.0.attn_q.weight': [1, 1], 'token_embd.weight': [1, 1] }, /is a language model/],
      [{ 'enc.blk.0.attn_q.weight': [1, 1], 'token_embd.weight': [1, 1] }, /is a language model/],
      [{ [FIRST]: [1, 9, 1, 1], [XL_ATTENTION]: [1, 1280] }, /a refiner with 9 input channels/],
      [{ [FIRST]: [1, 7, 1, 1], [ATTENTION]: [1, 768] }, /7 input channels/],
      // They have the first layers of Stable Diffusion.
      ...Object.entries({
        'model.diffusion_model.input_blocks.1.1.time_stack.0.norm1.weight':
          /Stable Video Diffusion/,
        'noise_augmentor.data_mean': /image variations \(Stable unCLIP\).*--ip-adapter/,
        'cond_stage_model.model.visual.proj': /model for image variations.*--ip-adapter/,
        'depth_model.model.pretrained.norm.weight': /depth-to-image model.*--controlnet/,
        'model.diffusion_model.encoder_hid_proj.weight': /is Kolors/,
      }).map(([name, message]): [TensorShapes, RegExp] => [
        { [FIRST]: [1, 4, 1, 1], [ATTENTION]: [1, 1024], [name]: [1] },
        message,
      ]),
      // Without the noise levels of the x4 upscaler.
      [{ [FIRST]: [1, 7, 1, 1], [XL_ATTENTION]: [1, 1024] }, /7 input channels/],
      [{ [FIRST]: [1, 8, 1, 1], [ATTENTION]: [1, 1024] }, /8 input channels/],
      [
        {
          ...{ [FIRST]: [1, 4, 1, 1], [XL_ATTENTION]: [1, 2048] },
          'cond_stage_model.1.transformer.text_model.final_layer_norm.weight': [1],
        },
        /older version of stable-diffusion.cpp.*convert that again.*without --convert-name/,
      ],
    ];
    for (const [tensors, message] of cases) await refused(tensors, 'unsupported-model', message);
  });

  it('are refused where a part is missing', async () => {
    const unet = { [FIRST]: [1, 4, 1, 1], [ATTENTION]: [1, 768] };
    await refused(unet, 'model-incomplete', /no text encoder in it/);
    const text = { 'cond_stage_model.transformer.text_model.x.weight': [1] };
    await refused({ ...unet, ...text }, 'model-incomplete', /no autoencoder/);
  });
});

describe('the inputs of a single file', () => {
  it('say whether it inpaints or edits by words', async () => {
    const cases = [
      [4, ATTENTION, 768, 'StableDiffusionPipeline', 'PNDMScheduler'],
      [9, ATTENTION, 768, 'StableDiffusionInpaintPipeline', 'PNDMScheduler'],
      [
        8,
        ATTENTION,
        768,
        'StableDiffusionInstructPix2PixPipeline',
        'EulerAncestralDiscreteScheduler',
      ],
      [8, XL_ATTENTION, 2048, 'StableDiffusionXLInstructPix2PixPipeline', 'EulerDiscreteScheduler'],
      [4, XL_ATTENTION, 1280, 'StableDiffusionXLImg2ImgPipeline', 'EulerDiscreteScheduler'],
    ] as const;
    for (const [channels, attention, width, pipeline, scheduler] of cases) {
      const tensors = randomTensors(
        {
          [FIRST]: [1, channels, 1, 1],
          [attention]: [1, width],
          'cond_stage_model.transformer.text_model.x.weight': [1],
          'conditioner.embedders.0.transformer.text_model.x.weight': [1],
          'conditioner.embedders.0.model.ln_final.weight': [1],
          'conditioner.embedders.1.model.ln_final.weight': [1],
          'first_stage_model.decoder.conv_in.bias': [1],
        },
        'F16',
      );
      const path = join(tempFolder(), 'model.safetensors');
      writeFileSync(path, encodeSafetensors(tensors));
      const file = await openSingleFile(path);
      assert.equal(file.pipeline, pipeline);
      assert.equal(file.unet.config.in_channels, channels);
      assert.equal(file.schedulerConfig._class_name, scheduler);
      // What model_index.json of the refiner says.
      assert.equal(file.index.requires_aesthetics_score, width === 1280 ? true : undefined);
    }
  });
});

describe('a single file of Playground 2.5', () => {
  it('has the scheduler of its repository, and the scale of its latents', async () => {
    const tensors = {
      [FIRST]: [1, 4, 1, 1],
      [XL_ATTENTION]: [1, 2048],
      'conditioner.embedders.0.transformer.text_model.x.weight': [1],
      'conditioner.embedders.1.model.ln_final.weight': [1],
      'first_stage_model.decoder.conv_in.bias': [1],
      edm_mean: [1, 4, 1, 1],
      edm_std: [1, 4, 1, 1],
    };
    const path = join(tempFolder(), 'model.safetensors');
    writeFileSync(path, encodeSafetensors(randomTensors(tensors, 'F16')));
    const { pipeline, schedulerConfig, vae } = await openSingleFile(path);
    assert.equal(pipeline, 'StableDiffusionXLPipeline');
    assert.equal(schedulerConfig._class_name, 'EDMDPMSolverMultistepScheduler');
    const { latentsMean, latentsStd, scalingFactor } = parseVaeConfig(vae.config, path);
    assert.deepEqual(latentsMean, [-1.6574, 1.886, -1.383, 2.5155]);
    assert.deepEqual(latentsStd, [8.4927, 5.9022, 6.5498, 5.2299]);
    assert.equal(scalingFactor, 0.5);
  });
});

describe('the text encoder of a single file', () => {
  it('pads as its model, whatever its names are', async () => {
    for (const [width, name, padding] of [
      [768, 'cond_stage_model.transformer.text_model.x.weight', '<|endoftext|>'],
      [1024, 'cond_stage_model.model.ln_final.weight', '!'],
      // As older versions of stable-diffusion.cpp wrote it.
      [1024, 'cond_stage_model.transformer.text_model.x.weight', '!'],
    ] as const) {
      const path = join(tempFolder(), 'model.gguf');
      const shapes = {
        ...{ [FIRST]: [1, 4, 1, 1], [ATTENTION]: [1, width], [name]: [1] },
        'first_stage_model.decoder.conv_in.bias': [1],
      };
      writeFileSync(path, ENCODE['.gguf'](randomTensors(shapes, 'F16')));
      const { textEncoders } = await openSingleFile(path);
      assert.equal(textEncoders[0]?.padding, padding);
    }
  });
});

describe('CosXL in a single file', () => {
  const levels = (min: number, max: number): TensorToWrite[] =>
    Object.entries({ sigma_min: min, sigma_max: max }).map(([name, value]) => ({
      name: `edm_vpred.${name}`,
      dtype: 'F32',
      shape: [],
      bytes: Buffer.from(Float32Array.of(value).buffer),
    }));
  const open = (channels: number, more: readonly TensorToWrite[]) => {
    const shapes = {
      [FIRST]: [1, channels, 1, 1],
      [XL_ATTENTION]: [1, 2048],
      'conditioner.embedders.0.transformer.text_model.x.weight': [1],
      'conditioner.embedders.1.model.ln_final.weight': [1],
      'first_stage_model.decoder.conv_in.bias': [1],
    };
    const path = join(tempFolder(), 'model.safetensors');
    writeFileSync(path, encodeSafetensors([...randomTensors(shapes, 'F16'), ...more]));
    return openSingleFile(path);
  };

  for (const [channels, caseName] of [
    [4, 'sdxl'],
    [8, 'sdxl-edit'],
  ] as const) {
    it(`is drawn as the references of ${caseName}`, async () => {
      const { schedulerConfig, index } = await open(channels, levels(0.002, 120));
      const changes = reference(caseName).run('cosxl').changes!;
      for (const [field, value] of Object.entries(changes['scheduler/scheduler_config.json']!)) {
        const found = schedulerConfig[field];
        // The file has float32.
        assert.equal(typeof found === 'number' ? Math.fround(found) : found, typeof value === 'number' ? Math.fround(value) : value, field); // prettier-ignore
      }
      assert.equal(index.is_cosxl_edit, changes['model_index.json']!.is_cosxl_edit);
    });
  }

  it('has the noise levels of its file', async () => {
    const { schedulerConfig } = await open(4, levels(0.25, 64));
    assert.deepEqual([schedulerConfig.sigma_min, schedulerConfig.sigma_max], [0.25, 64]);
    const damaged = levels(0.25, NaN);
    await assert.rejects(open(4, damaged), /edm_vpred.sigma_max is no number/);
  });
});

describe('what a Stable Diffusion 2 checkpoint predicts', () => {
  const tensors = randomTensors(
    {
      [FIRST]: [1, 4, 1, 1],
      [ATTENTION]: [1, 1024],
      'cond_stage_model.model.ln_final.weight': [1024],
      'first_stage_model.decoder.conv_in.bias': [1],
    },
    'F16',
  );

  async function prediction(name: string, bytes: Buffer, yaml?: string): Promise<unknown> {
    const path = join(tempFolder(), name);
    writeFileSync(path, bytes);
    if (yaml !== undefined) writeFileSync(path.replace(/\.\w+$/, '.yaml'), yaml);
    const { schedulerConfig, unet } = await openSingleFile(path);
    const { prediction_type: predicted } = schedulerConfig;
    assert.equal(unet.config.sample_size, predicted === 'epsilon' ? 64 : 96);
    return predicted;
  }

  it('is v, unless the file says otherwise', async () => {
    const plain = encodeSafetensors(tensors);
    assert.equal(await prediction('x.safetensors', plain), 'v_prediction');
    assert.equal(await prediction('v2-1_512-ema.safetensors', plain), 'epsilon');
    const v = 'model:\n  params:\n    parameterization: "v"\n';
    assert.equal(await prediction('v2-1_512-ema.safetensors', plain, v), 'v_prediction');
    assert.equal(await prediction('x.safetensors', plain, 'model:\n'), 'epsilon');
    const stated = encodeSafetensors(tensors, { 'modelspec.prediction_type': 'epsilon' });
    assert.equal(await prediction('x.safetensors', stated), 'epsilon');
    const steps = (count: number) => encodeTorchCheckpoint(tensors, { global_step: count });
    assert.equal(await prediction('x.ckpt', steps(875000)), 'epsilon');
    assert.equal(await prediction('x.ckpt', steps(110000)), 'v_prediction');
  });
});
