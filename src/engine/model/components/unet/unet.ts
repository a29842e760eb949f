import type { Control } from '../../../graph/controlnet';
import type { ImagePrompt } from '../../../graph/image-prompts';
import type { PerturbedLayers } from '../../../graph/perturbed';
import { buildUNet } from '../../../graph/unet';
import { parseUNetConfig, type UNetConfig } from '../../../graph/unet-config';
import type { WrapWeights } from '../../../graph/weights';
import type { OnnxHeader } from '../../../onnx/header';
import type { LatentSize } from '../../latent-space';
import { wholeNumber, wholeNumbers } from '../../layouts/exported/folder';
import { exportedNetwork } from '../../layouts/exported/session';
import type { ComponentKind } from '../../layouts/layout';
import { graphNetwork, keyOfSeamless, type Network } from '../../network';
import { computeTypeOf, FALLBACK_DEVICE, type Precision } from '../../../../core/devices';
import { planSession } from '../../../graph/target';
import { isWidened } from '../../../weights/dtype';
import {
  weightMemory,
  type TensorRef,
  type WeightPlace,
  type WeightSource,
} from '../../../weights/source';
import type { JsonObject } from '../../../../core/json';
import type { FreeU } from '../../../../core/request/free-u';
import type { SeamlessAxes } from '../../../../core/request/seamless';

/** The input shape that a UNet's graph is built for. */
export interface UNetShape {
  readonly batch: number;
  /** Number of text tokens. */
  readonly tokens: number;
  readonly size: LatentSize;
  /** As in `buildUNet`. Exported graphs do not know it. */
  readonly tokenDownsampling?: number | undefined;
  /** ControlNets, computed in the same graph. Exported graphs take none. Default: none. */
  readonly controls?: readonly UNetControl[] | undefined;
  /** How many features of T2I-Adapters it is given. Exported graphs take none. Default: none. */
  readonly features?: number | undefined;
  /** IP-Adapters. Exported graphs take none. Default: none. */
  readonly imagePrompts?: readonly UNetImagePrompt[] | undefined;
  /** Self-attentions of which the last row is perturbed. Exported graphs take none. Default: none. */
  readonly perturbed?: PerturbedLayers | undefined;
  /** Along which axes the edges meet. Exported graphs do not know it. Default: none. */
  readonly seamless?: SeamlessAxes | undefined;
  /** Exported graphs do not know it. Default: off. */
  readonly freeu?: FreeU | undefined;
}

/** A ControlNet of a UNet. */
export type UNetControl = Omit<Control, 'byteMatrices'>;

/** An IP-Adapter of a UNet. */
export type UNetImagePrompt = Omit<ImagePrompt, 'byteMatrices'>;

/** A UNet2DConditionModel. The weights are not loaded yet. */
export interface UNet {
  readonly config: UNetConfig;
  /**
   * The network for this shape. Its inputs and output are those of `buildUNet`.
   */
  network(shape: UNetShape): Network;
  /** The weights, which adapters can change. Absent for exported graphs, whose weights are fixed. */
  readonly weights: WeightSource | undefined;
  /** Bytes of the weights on the CPU. */
  weightBytes(use: UNetUse): number;
}

/**
 * A UNet as a component of a model.
 * @param isRefiner whether it is told an aesthetic score (`requires_aesthetics_score` of the model), in the place of
 *   the target size
 */
export const unetKind = (isRefiner: boolean): ComponentKind<UNet> => ({
  classes: ['UNet2DConditionModel'],
  read: async ({ config: json, where, openWeights }) => {
    const config = correctSampleSize(parseUNetConfig(json, where), json);
    return graphUNet({
      config: isRefiner ? withAestheticScore(config) : config,
      weights: await openWeights(),
    });
  },
  exported: async (folder, name) => {
    const onnx = await folder.open(name);
    const config = exportedConfig(onnx.header, await folder.config(name), folder.pipeline);
    const network = exportedNetwork(onnx, { key: 'unet', role: 'unet' });
    return {
      config,
      network: () => network,
      weights: undefined,
      weightBytes: () => onnx.totalBytes,
    };
  },
});

/** Of the original size, the crop and the score, there are five time ids. */
function withAestheticScore(config: UNetConfig): UNetConfig {
  const { textTime } = config;
  return { ...config, textTime: textTime && { ...textTime, timeIds: 5 } };
}

/** Adapters of a UNet's weights. */
export interface UNetChanges {
  readonly wrapWeights: WrapWeights;
  /** Names of the changed weights. They are computed while the graph is loaded. */
  readonly names: ReadonlySet<string>;
  /** Bytes that this takes beside the changed weights. In int8, a few weights are computed at a time. Default: 0. */
  readonly loadingBytes?: number;
}

/** A UNet whose graph Easel writes from the config. */
export function graphUNet(
  { config, weights }: { readonly config: UNetConfig; readonly weights: WeightSource },
  changes?: UNetChanges,
): UNet {
  const wrapWeights = changes?.wrapWeights;
  return {
    config,
    weights,
    network: (asked) => {
      const { batch, tokens: sequenceLength, size, tokenDownsampling = 1 } = asked;
      const { controls = [], features = 0, imagePrompts = [], seamless, freeu, perturbed } = asked;
      const fewer = tokenDownsampling === 1 ? '' : ` keys/${tokenDownsampling}`;
      const key = `unet ${batch}x${sequenceLength}x${size.width}x${size.height}${fewer}`;
      const network = {
        ...{ component: 'unet', weights, changes, takesBytes: true },
        key: [
          key,
          ...controls.map(keyOfControl),
          ...imagePrompts.map(keyOfImages),
          ...keyOfFeatures(features),
          ...keyOfSeamless(seamless),
          ...(freeu ? [`freeu ${[freeu.s1, freeu.s2, freeu.b1, freeu.b2].join(',')}`] : []),
          ...(perturbed ? [`perturbed ${JSON.stringify(perturbed)}`] : []),
        ].join(' '),
        beside: [
          ...controls.map((control) => ({ component: 'controlnet', ...control })),
          ...imagePrompts.map((prompt) => ({ component: 'ip-adapter', ...prompt })),
        ],
      };
      const shape = {
        ...{ batch, ...size, sequenceLength, tokenDownsampling, features },
        ...{ seamless, freeu, perturbed },
      };
      return graphNetwork(network, (target, others) => {
        const withBytes = <One>(one: One, index: number) => ({
          ...one,
          byteMatrices: others[index],
        });
        return buildUNet(config, weights, {
          ...{ ...shape, target, wrapWeights },
          controls: controls.map((one, index) => withBytes(one, index)),
          imagePrompts: imagePrompts.map((one, index) => withBytes(one, controls.length + index)),
        });
      });
    },
    weightBytes: (use) =>
      unetWeightBytes({ config, weights, changed: changes?.names }, use) +
      (use.precision === 'int8' ? 0 : (changes?.loadingBytes ?? 0)),
  };
}

function keyOfControl({ weights, guesses }: UNetControl): string {
  return `controlnet ${weights.description}${guesses ? ' guesses' : ''}`;
}

function keyOfFeatures(count: number): readonly string[] {
  return count === 0 ? [] : [`features ${count}`];
}

function keyOfImages({ weights, tokens, blocks }: UNetImagePrompt): string {
  return `ip-adapter ${weights.description} ${tokens} ${blocks}`;
}

/**
 * Corrects a sample size as diffusers does: before 0.9.0, training scripts saved wrong sizes under 64
 * (StableDiffusionPipeline's constructor, "sample_size<64").
 */
function correctSampleSize(config: UNetConfig, json: JsonObject): UNetConfig {
  const version = /^0\.(\d+)\./.exec(String(json._diffusers_version));
  const old = version !== null && Number(version[1]) < 9;
  const small = typeof json.sample_size === 'number' && json.sample_size < 64;
  return old && small ? { ...config, sampleSize: [64, 64] } : config;
}

/**
 * The config of an exported UNet. Only the fields that a pipeline reads have real values; the others are
 * defaults, because the graph is already written.
 */
function exportedConfig(header: OnnxHeader, json: JsonObject, pipeline: string): UNetConfig {
  const shape = (name: string) => header.inputs.find((input) => input.name === name)?.shape;
  const has = (name: string) => header.inputs.some((input) => input.name === name);
  const [, channels, height, width] = shape('sample') ?? [];
  const condProjDim = shape('timestep_cond')?.[1] ?? wholeNumber(json.time_cond_proj_dim) ?? 256;
  const fallback = pipeline.includes('Inpaint') ? 9 : 4;
  // The config's bounds hold for what the graph says, too.
  const base = parseUNetConfig(
    {
      sample_size: height && width ? [height, width] : (json.sample_size ?? 64),
      in_channels: channels ?? wholeNumber(json.in_channels) ?? fallback,
      time_cond_proj_dim: has('timestep_cond') ? condProjDim : null,
    },
    header.path,
  );
  const [first] = wholeNumbers(json.block_out_channels) ?? [320];
  return {
    ...base,
    textTime: has('time_ids') ? { timeDim: 0, inputDim: 0, timeIds: 6 } : undefined,
    down: base.down.map((level, i) => (i === 0 ? { ...level, channels: first! } : level)),
  };
}

export interface UNetUse {
  readonly batch: number;
  /** Number of latent cells: width × height. */
  readonly cells: number;
  /** How often the network runs. */
  readonly runs: number;
  readonly precision: Precision;
  readonly place: WeightPlace;
}

/** The weight of a linear layer against a convolution, in the choice of `planSession` (graph/ops/linear.ts). */
const LINEAR_SHARE = 1 / 16;

/** Weights that are used once for a whole image. */
const OF_STEP = /time_emb|add_embedding|class_embedding|\.norm\d\.linear\./;

/** Tokens of a prompt, in CLIP. */
const TOKENS = 77;

/**
 * Bytes of the weights of a UNet, of a ControlNet or of an IP-Adapter's layers on the CPU: all weights as stored (the files are mapped into memory), plus a
 * float32 copy of those that the session prepares while loading (`planSession`), that LoRAs change or that are
 * stored in float8. On a card and in float16: `weightMemory`.
 */
export function unetWeightBytes(
  {
    weights,
    config,
    changed,
  }: {
    readonly weights: WeightSource;
    readonly config: Pick<UNetConfig, 'down'>;
    readonly changed?: ReadonlySet<string> | undefined;
  },
  { batch, cells, runs, precision, place }: UNetUse,
): number {
  if (precision === 'int8') return bytesOfInt8(weights);
  if (precision === 'half' || place === 'card')
    return weightMemory(weights, computeTypeOf(precision), { place, changed });
  const { prepareFrom = 0 } = planSession({ device: FALLBACK_DEVICE, runs }).target;
  let prepared = 0;
  for (const name of weights.names()) {
    const { shape = [], dtype } = weights.get(name) ?? {};
    if (shape.length < 2) continue;
    const positions = batch * positionsOf(name, cells, config.down.length);
    const often = positions * (shape.length === 2 ? LINEAR_SHARE : 1) >= prepareFrom;
    const isCopied =
      often || changed?.has(name) === true || (dtype !== undefined && isWidened(dtype));
    if (isCopied) prepared += shape.reduce((product, size) => product * size, 1);
  }
  return weights.totalBytes + prepared * 4;
}

/**
 * Weights of layers as bytes, which ONNX Runtime copies from their file; the rest as stored, those of the time
 * embedding in float32, too.
 */
function bytesOfInt8(weights: WeightSource): number {
  let bytes = 0;
  for (const name of weights.names()) {
    const { shape = [], length = 0 } = weights.get(name) ?? {};
    const numbers = shape.reduce((product, size) => product * size, 1);
    const inBytes = shape.length >= 2 && !OF_STEP.test(name);
    // Kernels on images of twice the size become four of 2 × 2 (graph/ops/integer.ts).
    const share = name.includes('upsamplers') ? 16 / 9 : 1;
    bytes += inBytes ? numbers * share : length + numbers * 4;
  }
  return bytes;
}

/** At how many positions of one image a weight is used. Each level halves both sides of the image. */
function positionsOf(name: string, cells: number, levels: number): number {
  if (/attn2\.to_[kv]\.|to_[kv]_ip\./.test(name)) return TOKENS;
  if (OF_STEP.test(name)) return 1;
  const [, side, index] = /^(down|up|mid)_blocks?(?:\.(\d+))?/.exec(name) ?? [];
  const last = levels - 1;
  const level = { down: Number(index), mid: last, up: last - Number(index) }[side ?? ''] ?? 0;
  return cells / 4 ** level;
}

/** What a UNet with more inputs than latent channels is for. */
function taskOf({
  in_channels: inputs,
  out_channels: outputs = 4,
  num_class_embeds: classes,
}: JsonObject): string {
  if (inputs === 9) return 'inpainting';
  if (inputs === 7 && typeof classes === 'number') return 'upscaling';
  return inputs === 8 && outputs === 4 ? 'editing' : '';
}

/**
 * The usual name of a UNet's family, such as `SD 1.x`. It needs only config.json, so that damaged models can
 * be listed too.
 * @returns an empty string if the family is unknown
 */
export function unetLabel(config: JsonObject): string {
  const { cross_attention_dim: dims, addition_embed_type: added } = config;
  const width: unknown = Array.isArray(dims) ? dims[0] : dims;
  const isXl = added === 'text_time';
  const base = isXl ? (width === 1280 ? 'SDXL refiner' : 'SDXL') : labelOfTextWidth(width);
  if (/\bK(CrossAttn)?DownBlock2D\b/.test(String(config.down_block_types))) {
    return base && `${base} upscaling`;
  }
  if (typeof config.time_cond_proj_dim === 'number') return base === 'SDXL' ? 'SDXL LCM' : 'LCM';
  const task = taskOf(config);
  return base && task ? `${base} ${task}` : base;
}

/** The family of a UNet or a ControlNet, such as `SD 1.x`; empty if it has no name. */
export function unetFamily({ textTime, crossAttentionDim }: UNetConfig): string {
  if (textTime) return crossAttentionDim === 1280 ? 'SDXL refiner' : 'SDXL';
  return labelOfTextWidth(crossAttentionDim);
}

/**
 * The family, from the width of the text features: CLIP ViT-L, OpenCLIP ViT-H, OpenCLIP ViT-bigG, or both encoders of
 * SDXL.
 */
export function labelOfTextWidth(width: unknown): string {
  if (width === 768) return 'SD 1.x';
  if (width === 1024) return 'SD 2.x';
  if (width === 1280) return 'SDXL refiner';
  if (width === 2048) return 'SDXL';
  return '';
}

/**
 * A family in messages, with what tells it from others where it has no name.
 * @param textWidth of the text features; undefined without attention to them
 */
export function describeFamily(family: string, textWidth: number | undefined): string {
  if (family !== '') return family;
  const texts = textWidth === undefined ? 'no text features' : `text features ${textWidth} wide`;
  return `Stable Diffusion with ${texts}`;
}

/** The width of the text features that a UNet or a ControlNet attends to; undefined without attention to them. */
export function textWidthOf(
  tensors: ReadonlyMap<string, Pick<TensorRef, 'shape'>>,
): number | undefined {
  for (const [name, { shape }] of tensors) {
    if (name.endsWith('.transformer_blocks.0.attn2.to_k.weight')) return shape[1];
  }
  return undefined;
}
