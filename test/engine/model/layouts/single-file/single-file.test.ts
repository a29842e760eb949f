import * as assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { EaselError, type ErrorCode } from '../../../../../src/core/errors';
import { buildClipText } from '../../../../../src/engine/graph/clip-text';
import { parseClipTextConfig } from '../../../../../src/engine/graph/clip-text-config';
import type { BuiltGraph } from '../../../../../src/engine/graph/graph';
import { buildUNet } from '../../../../../src/engine/graph/unet';
import { parseUNetConfig } from '../../../../../src/engine/graph/unet-config';
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
    const path = join(tempFolder(), `model${ending}`);
    const plain = randomTensors(this.file.tensors, this.file.dtype);
    const tensors = scales === undefined ? plain : asScaled(plain, scales);
    writeFileSync(path, ENCODE[ending](tensors));
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

async function assertComputes(singleFile: SingleFileCase, path: string): Promise<void> {
  const model = await openSingleFile(path, singleFile.configs);
  for (const [graph, part, expected] of singleFile.runs(model)) {
    const inputs = graph.inputs.map((input) => [input.name, singleFile.input(part, input.name)] as const); // prettier-ignore
    const outputs = await runGraph(graph, Object.fromEntries(inputs));
    for (const [output, array] of Object.entries(expected)) {
      const error = relativeError(outputs[output]!, singleFile.arrays.floats(array));
      assert.ok(error < TOLERANCE, `${part} ${output} is off by ${error}`);
    }
  }
}

async function refused(tensors: TensorShapes, code: ErrorCode, message: RegExp): Promise<void> {
  const path = join(tempFolder(), 'model.safetensors');
  writeFileSync(path, encodeSafetensors(randomTensors(tensors, 'F16')));
  await assert.rejects(openSingleFile(path), (thrown) => {
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
      [{ 'something.else': [1] }, /"something.else"/],
      [{ [FIRST]: [1, 9, 1, 1], [XL_ATTENTION]: [1, 1280] }, /a refiner with 9 input channels/],
      [{ [FIRST]: [1, 7, 1, 1], [ATTENTION]: [1, 768] }, /7 input channels/],
      [{ [FIRST]: [1, 8, 1, 1], [ATTENTION]: [1, 1024] }, /8 input channels/],
      [
        { [FIRST]: [1, 8, 1, 1], [XL_ATTENTION]: [1, 2048], 'edm_vpred.sigma_max': [] },
        /CosXL Edit in one file/,
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
