import path from 'node:path';

import { EaselError } from '../../../../core/errors';
import type { JsonObject } from '../../../../core/json';
import { sourceOf, type TensorRef, type WeightSource } from '../../../weights/source';
import { stateDictTensors, type TorchCheckpoint } from '../../../weights/torch-checkpoint';
import { PickleDict } from '../../../weights/pickle-value';
import { readWeightFile } from '../../../weights/weight-file';
import { recogniseKind, schedulerOf, type TrainingFacts } from './kind';
import { withAveragedUNet } from './moving-average';
import {
  AUTOENCODER_PREFIXES,
  diffusersClipTensors,
  diffusersOpenClipTensors,
  diffusersVaeName,
  UNET_PREFIX,
} from '../../../weights/original-names';
import { unetLayout, type UNetLayout } from './pruned-unet';
import { PUBLISHED_CONFIGS, type SingleFileConfigs } from './published-configs';

/** One network of a single file: its published config, and its weights by diffusers' names. */
export interface SingleFileComponent {
  readonly config: Readonly<Record<string, unknown>>;
  /** Of the autoencoder, reading it throws EaselError `model-incomplete` where the file has none. */
  readonly weights: WeightSource;
}

export interface SingleFileTextEncoder extends SingleFileComponent {
  /** The token that fills up a short prompt: the end token in CLIP ViT-L, `!` in the OpenCLIP models. */
  readonly padding: '<|endoftext|>' | '!';
  /** Of the names of its component and of its tokenizer. */
  readonly suffix: '' | '_2';
}

/** A checkpoint in the original layout. The weights are not loaded. */
export interface SingleFileModel {
  /** The class name in diffusers. */
  readonly pipeline: string;
  readonly unet: SingleFileComponent;
  readonly vae: SingleFileComponent;
  /** One, or SDXL's two; a refiner has the second alone. */
  readonly textEncoders: readonly SingleFileTextEncoder[];
  readonly schedulerConfig: Readonly<Record<string, unknown>>;
  /** Of an upscaler. */
  readonly lowResScheduler: Readonly<Record<string, unknown>> | undefined;
  /** Its name, as its metadata has it. */
  readonly title: string | undefined;
  /** As model_index.json has it. */
  readonly index: Readonly<Record<string, unknown>>;
}

type Tensors = ReadonlyMap<string, TensorRef>;

const CLIP = ['cond_stage_model.transformer.', 'conditioner.embedders.0.transformer.'];
const OPEN_CLIP = ['cond_stage_model.model.'];
/** SDXL's second text encoder, and the refiner's only one. */
const OPEN_CLIP_2 = ['conditioner.embedders.1.model.'];
/** The second one with the names that stable-diffusion.cpp converts to. */
const CLIP_2 = ['cond_stage_model.1.transformer.'];
const OPEN_CLIP_ALONE = ['conditioner.embedders.0.model.'];

/**
 * Opens a whole model in one file (`.safetensors`, `.gguf` or `.ckpt`) in the layout of CompVis and Stability AI:
 * Stable Diffusion 1.x, 2.x, SDXL base and refiner, their inpainting models, and the x4 upscaler. The weights stay in the file and get
 * diffusers' names, like in `from_single_file`. The configs are those that diffusers takes from the model's
 * repository.
 *
 * @param configs replaces the published configs, for models of other sizes
 * @throws EaselError `unsupported-model` (another kind of file), `model-incomplete` (no such file, or a part
 *   of the model is missing), `bad-file`, `unsafe-file`
 */
export async function openSingleFile(
  file: string,
  configs?: SingleFileConfigs,
): Promise<SingleFileModel> {
  const { tensors, facts } = await readCheckpoint(file);
  const kind = configs === undefined ? recogniseKind(tensors, file) : undefined;
  const used = configs ?? PUBLISHED_CONFIGS[kind ?? 'sd1'];
  const { vae, textEncoder, textEncoder2, index = {} } = used;
  const { config: unet, rename } = unetLayout(used.unet, unetNames(tensors), file);
  const textEncoders: SingleFileTextEncoder[] = [];
  if (textEncoder) {
    const clip = firstTextWeights(file, tensors, textEncoder);
    textEncoders.push({ config: textEncoder, suffix: '', ...clip });
  }
  if (textEncoder2) {
    const prefixes = textEncoder ? OPEN_CLIP_2 : OPEN_CLIP_ALONE;
    const clip = secondTextWeights(file, tensors, textEncoder2, prefixes);
    textEncoders.push({ config: textEncoder2, suffix: '_2', ...clip });
  }
  const schedulerConfig =
    kind === undefined
      ? used.scheduler
      : await schedulerOf(kind, used.scheduler, { ...facts, isPruned: unet !== used.unet });
  // Stable Diffusion 2 models that predict the noise were made for 512 pixels.
  const small = kind === 'sd2' && schedulerConfig.prediction_type === 'epsilon';
  return {
    pipeline: used.pipeline,
    unet: {
      config: small ? { ...unet, sample_size: 64 } : unet,
      weights: unetWeights(file, tensors, rename),
    },
    vae: {
      config: vae,
      // Another one can take its place.
      get weights() {
        return vaeWeights(file, tensors, vae.block_out_channels);
      },
    },
    textEncoders,
    schedulerConfig,
    lowResScheduler: used.lowResScheduler,
    title: facts.metadata.get('modelspec.title'),
    index,
  };
}

async function readCheckpoint(
  file: string,
): Promise<{ readonly tensors: Tensors; readonly facts: TrainingFacts }> {
  const content = await readWeightFile(file);
  if (content.format !== 'torch') {
    const tensors = withAveragedUNet(content.tensors);
    const metadata = content.format === 'gguf' ? new Map<string, string>() : content.metadata;
    return { tensors, facts: { file, metadata, tensors, globalStep: undefined } };
  }
  const { checkpoint } = content;
  refuseEmbedding(checkpoint);
  const tensors = withAveragedUNet(stateDictTensors(checkpoint));
  const step =
    checkpoint.root instanceof PickleDict ? checkpoint.root.get('global_step') : undefined;
  const globalStep = typeof step === 'number' ? step : undefined;
  return { tensors, facts: { file, metadata: new Map(), tensors, globalStep } };
}

/** A textual inversion in AUTOMATIC1111's format keeps its vectors in a dict of its own. */
function refuseEmbedding({ root, file }: TorchCheckpoint): void {
  if (!(root instanceof PickleDict) || root.get('string_to_param') === undefined) return;
  const message = `${file} is a textual inversion: give it with --embedding, together with a model.`;
  throw new EaselError('unsupported-model', message, { path: file });
}

function unetNames(tensors: Tensors): readonly string[] {
  return [...tensors.keys()].flatMap((name) =>
    name.startsWith(UNET_PREFIX) ? [name.slice(UNET_PREFIX.length)] : [],
  );
}

function unetWeights(file: string, tensors: Tensors, rename: UNetLayout['rename']): WeightSource {
  return renamed(file, 'UNet', tensors, [UNET_PREFIX], (name, tensor) => {
    const own = rename(name);
    return own === undefined ? [] : [{ ...tensor, name: own }];
  });
}

function vaeWeights(file: string, tensors: Tensors, channels: unknown): WeightSource {
  const levels = Array.isArray(channels) ? channels.length : 0;
  const toOwn = (name: string, tensor: TensorRef) => [
    { ...tensor, name: diffusersVaeName(name, levels) },
  ];
  const advice = 'Name one with --vae, or download the full checkpoint (not a "no-vae" one).';
  return renamed(file, 'autoencoder (VAE)', tensors, AUTOENCODER_PREFIXES, toOwn, advice);
}

/**
 * In these files OpenAI's CLIP has transformers' names; OpenCLIP's names must be mapped, but for GGUF of
 * stable-diffusion.cpp, which may give it transformers' names too.
 */
function firstTextWeights(file: string, tensors: Tensors, config: JsonObject): TextWeights {
  if (!hasAny(tensors, CLIP)) return openClipWeights(file, tensors, OPEN_CLIP, config);
  const { weights } = clipWeights(file, tensors, CLIP, config);
  return { weights, padding: config.hidden_act === 'quick_gelu' ? '<|endoftext|>' : '!' };
}

function secondTextWeights(
  file: string,
  tensors: Tensors,
  config: JsonObject,
  prefixes: readonly string[],
): TextWeights {
  if (hasAny(tensors, CLIP_2)) return clipWeights(file, tensors, CLIP_2, config);
  return openClipWeights(file, tensors, prefixes, config);
}

function hasAny(tensors: Tensors, prefixes: readonly string[]): boolean {
  return [...tensors.keys()].some((name) => prefixes.some((prefix) => name.startsWith(prefix)));
}

/** @param toOwn transformers' names of a tensor */
function clipWeights(
  file: string,
  tensors: Tensors,
  prefixes: readonly string[],
  config: JsonObject,
  toOwn = diffusersClipTensors,
): TextWeights {
  const weights = renamed(file, 'text encoder', tensors, prefixes, (name, tensor) =>
    toOwn(name, tensor).filter((part) => isUsed(part.name, config)),
  );
  return { weights, padding: '!' };
}

function openClipWeights(
  file: string,
  tensors: Tensors,
  prefixes: readonly string[],
  config: JsonObject,
): TextWeights {
  return clipWeights(file, tensors, prefixes, config, diffusersOpenClipTensors);
}

type TextWeights = Pick<SingleFileTextEncoder, 'weights' | 'padding'>;

/** Whether diffusers uses a weight. Stable Diffusion 2 omits the text encoder's last layer and projection. */
function isUsed(name: string, config: JsonObject): boolean {
  const layer = /\.layers\.(\d+)\./.exec(name)?.[1];
  if (layer !== undefined) return Number(layer) < Number(config.num_hidden_layers);
  const projected = JSON.stringify(config.architectures).includes('WithProjection');
  return projected || name !== 'text_projection.weight';
}

function renamed(
  file: string,
  part: string,
  tensors: Tensors,
  prefixes: readonly string[],
  rename: (name: string, tensor: TensorRef) => readonly TensorRef[],
  advice = 'Download the full checkpoint (not a "unet only" one), or the model as a diffusers folder.',
): WeightSource {
  const renamedTensors = new Map<string, TensorRef>();
  for (const [name, tensor] of tensors) {
    const prefix = prefixes.find((start) => name.startsWith(start));
    if (prefix === undefined) continue;
    for (const own of rename(name.slice(prefix.length), tensor)) renamedTensors.set(own.name, own);
  }
  if (renamedTensors.size > 0) return sourceOf(file, renamedTensors);
  const message = `${path.basename(file)} has no ${part} in it. ${advice}`;
  throw new EaselError('model-incomplete', message, { file, part });
}
