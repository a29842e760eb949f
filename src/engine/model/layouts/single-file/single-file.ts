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
  diffusersOpenClipTensors,
  diffusersUNetName,
  diffusersVaeName,
  UNET_PREFIX,
} from '../../../weights/original-names';
import { PUBLISHED_CONFIGS, type SingleFileConfigs } from './published-configs';

/** One network of a single file: its published config, and its weights by diffusers' names. */
export interface SingleFileComponent {
  readonly config: Readonly<Record<string, unknown>>;
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
  /** As model_index.json has it. */
  readonly index: Readonly<Record<string, unknown>>;
}

type Tensors = ReadonlyMap<string, TensorRef>;

const CLIP = ['cond_stage_model.transformer.', 'conditioner.embedders.0.transformer.'];
const OPEN_CLIP = ['cond_stage_model.model.'];
/** SDXL's second text encoder, and the refiner's only one. */
const OPEN_CLIP_2 = ['conditioner.embedders.1.model.'];
const OPEN_CLIP_ALONE = ['conditioner.embedders.0.model.'];

/**
 * Opens a whole model in one file (`.safetensors`, `.gguf` or `.ckpt`) in the layout of CompVis and Stability AI:
 * Stable Diffusion 1.x, 2.x, SDXL base and refiner, and their inpainting models. The weights stay in the file and get
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
  const { unet, vae, textEncoder, textEncoder2, index = {} } = used;
  const textEncoders: SingleFileTextEncoder[] = [];
  if (textEncoder) {
    const clip = firstTextWeights(file, tensors, textEncoder);
    textEncoders.push({ config: textEncoder, suffix: '', ...clip });
  }
  if (textEncoder2) {
    const prefixes = textEncoder ? OPEN_CLIP_2 : OPEN_CLIP_ALONE;
    const clip = openClipWeights(file, tensors, prefixes, textEncoder2);
    textEncoders.push({ config: textEncoder2, suffix: '_2', ...clip });
  }
  const schedulerConfig =
    kind === undefined ? used.scheduler : await schedulerOf(kind, used.scheduler, facts);
  // Stable Diffusion 2 models that predict the noise were made for 512 pixels.
  const small = kind === 'sd2' && schedulerConfig.prediction_type === 'epsilon';
  return {
    pipeline: used.pipeline,
    unet: {
      config: small ? { ...unet, sample_size: 64 } : unet,
      weights: unetWeights(file, tensors, Number(unet.layers_per_block)),
    },
    vae: { config: vae, weights: vaeWeights(file, tensors, vae.block_out_channels) },
    textEncoders,
    schedulerConfig,
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
    return { tensors, facts: { file, metadata, names: tensors, globalStep: undefined } };
  }
  const { checkpoint } = content;
  refuseEmbedding(checkpoint);
  const tensors = withAveragedUNet(stateDictTensors(checkpoint));
  const step =
    checkpoint.root instanceof PickleDict ? checkpoint.root.get('global_step') : undefined;
  const globalStep = typeof step === 'number' ? step : undefined;
  return { tensors, facts: { file, metadata: new Map(), names: tensors, globalStep } };
}

/** A textual inversion in AUTOMATIC1111's format keeps its vectors in a dict of its own. */
function refuseEmbedding({ root, file }: TorchCheckpoint): void {
  if (!(root instanceof PickleDict) || root.get('string_to_param') === undefined) return;
  const message = `${file} is a textual inversion: give it with --embedding, together with a model.`;
  throw new EaselError('unsupported-model', message, { path: file });
}

function unetWeights(file: string, tensors: Tensors, layersPerBlock: number): WeightSource {
  return renamed(file, 'UNet', tensors, [UNET_PREFIX], (name, tensor) => {
    const own = diffusersUNetName(name, layersPerBlock);
    return own === undefined ? [] : [{ ...tensor, name: own }];
  });
}

function vaeWeights(file: string, tensors: Tensors, channels: unknown): WeightSource {
  const levels = Array.isArray(channels) ? channels.length : 0;
  return renamed(file, 'autoencoder (VAE)', tensors, AUTOENCODER_PREFIXES, (name, tensor) => [
    { ...tensor, name: diffusersVaeName(name, levels) },
  ]);
}

/** In these files OpenAI's CLIP has transformers' names; OpenCLIP's names must be mapped. */
function firstTextWeights(file: string, tensors: Tensors, config: JsonObject): TextWeights {
  const has = (prefix: string): boolean =>
    [...tensors.keys()].some((name) => name.startsWith(prefix));
  if (!CLIP.some(has)) return openClipWeights(file, tensors, OPEN_CLIP, config);
  const own = (name: string, tensor: TensorRef): TensorRef[] => [{ ...tensor, name }];
  return {
    weights: renamed(file, 'text encoder', tensors, CLIP, own),
    padding: '<|endoftext|>',
  };
}

function openClipWeights(
  file: string,
  tensors: Tensors,
  prefixes: readonly string[],
  config: JsonObject,
): TextWeights {
  const weights = renamed(file, 'text encoder', tensors, prefixes, (name, tensor) =>
    diffusersOpenClipTensors(name, tensor).filter((part) => isUsed(part.name, config)),
  );
  return { weights, padding: '!' };
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
): WeightSource {
  const renamedTensors = new Map<string, TensorRef>();
  for (const [name, tensor] of tensors) {
    const prefix = prefixes.find((start) => name.startsWith(start));
    if (prefix === undefined) continue;
    for (const own of rename(name.slice(prefix.length), tensor)) renamedTensors.set(own.name, own);
  }
  if (renamedTensors.size > 0) return sourceOf(file, renamedTensors);
  const message =
    `${path.basename(file)} has no ${part} in it. Download the full checkpoint ` +
    '(not a "no-vae" or "unet only" one), or the model as a diffusers folder.';
  throw new EaselError('model-incomplete', message, { file, part });
}
