import type { WeightSource } from '../weights/source';
import { Builder, type BuildOptions } from './builder';
import type { BuiltGraph, Value } from './graph';
import { activation } from './ops/activation';
import { add, cast, scaleShift } from './ops/arithmetic';
import { convolution } from './ops/convolution';
import { concatChannels } from './ops/layout';
import { linear } from './ops/linear';
import { groupNorm } from './ops/normalization';
import { image } from './ops/shape';
import { resnetBlock, type ResnetOptions } from './resnet-block';
import {
  fourierFeatures,
  sinusoidalFeatures,
  textTimeFeatures,
  timestepEmbedding,
} from './time-embedding';
import { transformer2d } from './transformer-2d';
import type { UNetConfig } from './unet-config';
import type { TransformerLevel } from './unet-levels';

export interface UNetOptions extends BuildOptions {
  readonly batch: number;
  /** Size of the latents: an eighth of the image's in Stable Diffusion. Any size of at least 1. */
  readonly height: number;
  readonly width: number;
  /** Text tokens; default 77. */
  readonly sequenceLength?: number;
  /**
   * In self-attention over the most tokens, keys and values are of one token in this many rows and columns
   * (ToDo, arXiv:2402.13573): faster, with other results than the model's own. At least 1, can be fractional.
   * Default: 1, all tokens.
   */
  readonly tokenDownsampling?: number | undefined;
}

/** Number of SDXL's time ids: original size, crop and target size, two numbers each. */
const TIME_IDS = 6;

/**
 * Writes the graph of UNet2DConditionModel (diffusers, models/unets/unet_2d_condition.py). All inputs and
 * outputs are float32:
 * - `sample` [batch, inChannels, height, width];
 * - `timestep` [1], can be fractional;
 * - `encoder_hidden_states` [batch, sequenceLength, D]; D is the width of the text features;
 * - `timestep_cond` [batch, time_cond_proj_dim], only if the config has that field (LCM);
 * - `text_embeds` [batch, P] and `time_ids` [batch, 6], only if addition_embed_type is text_time (SDXL).
 *
 * Output `out_sample` [batch, outChannels, height, width].
 *
 * @throws EaselError `model-incomplete` if a weight is missing; `bad-file` if it has another shape or type
 */
export function buildUNet(
  config: UNetConfig,
  weights: WeightSource,
  options: UNetOptions,
): BuiltGraph {
  const { batch, height, width, sequenceLength = 77, tokenDownsampling } = options;
  const b = Builder.create(weights, options);
  const sample = b.graph.input('sample', 'float32', [batch, config.inChannels, height, width]);
  const timestep = b.graph.input('timestep', 'float32', [1]);
  const textWidth = config.encoderHidDim ?? config.crossAttentionDim;
  const states = b.graph.input('encoder_hidden_states', 'float32', [
    batch,
    sequenceLength,
    textWidth,
  ]);

  const embedding = timeEmbedding(b.inFloat32, config, timestep, batch);
  const time = cast(b, activation(b.inFloat32, embedding, config.activation), b.computeType);
  let text = cast(b, states, b.computeType);
  if (config.encoderHidDim !== undefined) {
    text = linear(b.at('encoder_hid_proj'), text, config.crossAttentionDim);
  }
  const plain = cast(b, sample, b.computeType);
  const input = config.centerInputSample ? scaleShift(b, plain, 2, -1) : plain;
  const first = convolution(b.at('conv_in'), input, config.down[0]!.channels, {
    kernel: config.convInKernel,
  });
  const hidden = new Blocks(config, time, text, tokenDownsampling).run(b, first);
  const normal = groupNorm(b.at('conv_norm_out'), hidden, config.normGroups, config.normEps);
  const out = convolution(
    b.at('conv_out'),
    activation(b, normal, config.activation),
    config.outChannels,
    { kernel: config.convOutKernel },
  );
  b.graph.output('out_sample', cast(b, out, 'float32'));
  return b.finish('unet');
}

/** In float32: it is small, and all layers depend on it. */
function timeEmbedding(b: Builder, config: UNetConfig, timestep: Value, batch: number): Value {
  const { flipSinToCos, freqShift, textTime } = config;
  const { kind, inputDim, dim, condProjDim, postActivation, finalActivation } =
    config.timeEmbedding;
  const features =
    kind === 'fourier'
      ? fourierFeatures(b.at('time_proj'), timestep, inputDim, flipSinToCos)
      : sinusoidalFeatures(b.at('time_proj'), timestep, inputDim, flipSinToCos, freqShift);
  const condition =
    condProjDim === undefined
      ? undefined
      : b.graph.input('timestep_cond', 'float32', [batch, condProjDim]);
  let embedding = timestepEmbedding(b.at('time_embedding'), features, {
    dim,
    activation: config.activation,
    postActivation,
    condition: condition === undefined ? undefined : cast(b, condition, b.computeType),
  });
  if (textTime !== undefined) {
    const pooled = textTime.inputDim - TIME_IDS * textTime.timeDim;
    const textEmbeds = b.graph.input('text_embeds', 'float32', [batch, pooled]);
    const timeIds = b.graph.input('time_ids', 'float32', [batch, TIME_IDS]);
    const added = textTimeFeatures(
      b.at('add_time_proj'),
      textEmbeds,
      timeIds,
      textTime.timeDim,
      flipSinToCos,
      freqShift,
    );
    const addition = timestepEmbedding(b.at('add_embedding'), added, { dim, activation: 'silu' });
    embedding = add(b, embedding, addition);
  }
  return finalActivation === undefined ? embedding : activation(b, embedding, finalActivation);
}

/** The down blocks, the mid block and the up blocks, with the skip connections. */
class Blocks {
  /** The level of the self-attention over the most tokens. Each level has a quarter of the one before. */
  private readonly finest: number;

  constructor(
    private readonly config: UNetConfig,
    private readonly time: Value,
    private readonly text: Value,
    private readonly tokenDownsampling: number | undefined,
  ) {
    const { down, up } = config;
    const attends = down.map(
      (level, i) => level.transformers ?? up[up.length - 1 - i]?.transformers,
    );
    const first = attends.findIndex((level) => level !== undefined);
    this.finest = first === -1 ? down.length - 1 : first;
  }

  run(b: Builder, first: Value): Value {
    const { down, mid, up } = this.config;
    const skips = [first];
    let x = first;
    down.forEach((_, index) => {
      x = this.down(b.at('down_blocks').at(index), x, index, skips);
    });
    if (mid !== undefined) x = this.mid(b.at('mid_block'), x, mid);
    up.forEach((_, index) => {
      x = this.up(b.at('up_blocks').at(index), x, index, skips);
    });
    return x;
  }

  private down(b: Builder, input: Value, depth: number, skips: Value[]): Value {
    const level = this.config.down[depth]!;
    let x = input;
    for (let index = 0; index < level.resnets; index++) {
      x = resnetBlock(b.at('resnets').at(index), x, this.resnet(level.channels));
      x = this.attend(b, x, level.transformers, { index, depth });
      skips.push(x);
    }
    if (depth === this.config.down.length - 1) return x;
    const padding = this.config.downsamplePadding;
    // Downsample2D with padding 0 pads the bottom and the right by one.
    const sides = padding === 0 ? ([0, 0, 1, 1] as const) : padding;
    x = convolution(b.at('downsamplers.0.conv'), x, level.channels, { stride: 2, padding: sides });
    skips.push(x);
    return x;
  }

  private mid(b: Builder, input: Value, mid: NonNullable<UNetConfig['mid']>): Value {
    const channels = input.shape[1]!;
    const resnet = { ...this.resnet(channels), outputScale: mid.scale };
    let x = resnetBlock(b.at('resnets.0'), input, resnet);
    if (mid.transformers === undefined) return x;
    const depth = this.config.down.length - 1;
    x = this.attend(b, x, mid.transformers, { index: 0, depth });
    return resnetBlock(b.at('resnets.1'), x, resnet);
  }

  private up(b: Builder, input: Value, block: number, skips: Value[]): Value {
    const { up } = this.config;
    const level = up[block]!;
    const depth = up.length - 1 - block;
    let x = input;
    for (let index = 0; index < level.resnets; index++) {
      x = concatChannels(b, [x, skips.pop()!]);
      x = resnetBlock(b.at('resnets').at(index), x, this.resnet(level.channels));
      x = this.attend(b, x, level.transformers, { index, depth });
    }
    const next = skips[skips.length - 1];
    if (next === undefined) return x;
    // The next level has the size of its skip. It can be odd, because downsampling rounds up.
    const [, , height, width] = image(next);
    return convolution(b.at('upsamplers.0.conv'), x, level.channels, { resize: { height, width } });
  }

  private resnet(outChannels: number): ResnetOptions {
    const { normGroups: groups, normEps: eps, timeScaleShift } = this.config;
    return {
      outChannels,
      groups,
      eps,
      activation: this.config.activation,
      time: this.time,
      timeScaleShift,
    };
  }

  /** The transformer after the ResNet block `index` of a level. */
  private attend(
    b: Builder,
    x: Value,
    level: TransformerLevel | undefined,
    { index, depth }: { readonly index: number; readonly depth: number },
  ): Value {
    if (level === undefined) return x;
    const { linearProjection, upcastAttention, normGroups: groups } = this.config;
    const { heads, onlyCrossAttention } = level;
    return transformer2d(b.at('attentions').at(index), x, {
      layers: level.layers[index]!,
      heads,
      onlyCrossAttention,
      linearProjection,
      upcastAttention,
      groups,
      text: this.text,
      tokenDownsampling: depth === this.finest ? this.tokenDownsampling : undefined,
    });
  }
}
