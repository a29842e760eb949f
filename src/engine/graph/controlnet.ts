import type { WeightSource } from '../weights/source';
import type { Builder } from './builder';
import type { ByteMatrices } from './byte-matrices';
import type { ControlNetConfig } from './controlnet-config';
import type { Value } from './graph';
import { activation } from './ops/activation';
import { add, cast, mul, scaleShift } from './ops/arithmetic';
import { convolution } from './ops/convolution';
import { firstChannels } from './ops/shape';
import { UNetBlocks, type Residuals } from './unet-blocks';
import { unetConditions, type UNetInputs } from './unet-conditions';

/** A ControlNet in the graph of a UNet. */
export interface Control {
  readonly config: ControlNetConfig;
  readonly weights: WeightSource;
  /** diffusers' `guess_mode`: finer levels count less, from a tenth to the whole. */
  readonly guesses: boolean;
  /** The weights as bytes of the layers that multiply bytes by bytes. Default: none do. */
  readonly byteMatrices?: ByteMatrices | undefined;
}

/**
 * What a ControlNet adds to a UNet (arXiv:2302.05543; diffusers, models/controlnets/controlnet.py). Adds two
 * inputs to the graph, float32:
 * - `controlnet_cond_<index>` [1, 3, height · f, width · f], 0..1: the control image, of which every row of the
 *   batch reads the same; f is a power of 2, 8 in published networks;
 * - `conditioning_scale_<index>` [batch, 1, 1, 1]: what the residuals of each row are multiplied by.
 */
export function controlResiduals(
  unet: Builder,
  { config, weights, guesses, byteMatrices }: Control,
  inputs: UNetInputs,
  index: number,
): Residuals {
  const b = unet.beside(weights, byteMatrices);
  const [batch, , height, width] = inputs.sample.shape as [number, number, number, number];
  const factor = imageFactor(config);
  const pixels = [1, 3, height * factor, width * factor];
  const input = (name: string, shape: readonly number[]) =>
    cast(b, b.graph.input(`${name}_${index}`, 'float32', shape), b.computeType);
  const cond = input('controlnet_cond', pixels);
  const scale = input('conditioning_scale', [batch, 1, 1, 1]);

  const conditions = unetConditions(b, config, inputs);
  // Of the nine channels of an inpainting UNet, a ControlNet reads the latents alone.
  const sample = firstChannels(b, cast(b, inputs.sample, b.computeType), config.inChannels);
  const { channels } = config.down[0]!;
  const first = add(
    b,
    convolution(b.at('conv_in'), sample, channels),
    imageFeatures(b.at('controlnet_cond_embedding'), cond, config, channels),
  );
  const { skips, middle } = new UNetBlocks(config, conditions).descend(b, first);
  const levels = skips.length;
  const residual = (layer: Builder, x: Value, level: number): Value => {
    const out = convolution(layer, x, x.shape[1]!, { kernel: 1 });
    const pooled = config.globalPool ? meanOfAll(b, out) : out;
    const share = guesses && !config.globalPool ? 10 ** (level / levels - 1) : 1;
    return mul(b, pooled, scaleShift(b, scale, share));
  };
  const down = b.at('controlnet_down_blocks');
  return {
    down: skips.map((skip, level) => residual(down.at(level), skip, level)),
    mid: residual(b.at('controlnet_mid_block'), middle, levels),
  };
}

/** How many pixels of the control image, in a row, a cell of the latents is for. */
export function imageFactor({ imageChannels }: ControlNetConfig): number {
  return 2 ** (imageChannels.length - 1);
}

/** ControlNetConditioningEmbedding on an image [1, 3, H, W]: [1, channels, H / f, W / f]. */
function imageFeatures(
  b: Builder,
  cond: Value,
  { imageChannels }: ControlNetConfig,
  channels: number,
): Value {
  const [first, ...others] = imageChannels as [number, ...number[]];
  let x = activation(b, convolution(b.at('conv_in'), cond, first), 'silu');
  others.forEach((wider, index) => {
    const blocks = b.at('blocks');
    x = activation(b, convolution(blocks.at(2 * index), x, x.shape[1]!), 'silu');
    x = activation(b, convolution(blocks.at(2 * index + 1), x, wider, { stride: 2 }), 'silu');
  });
  return convolution(b.at('conv_out'), x, channels);
}

/** [B, C, H, W] → [B, C, 1, 1]. */
function meanOfAll(b: Builder, x: Value): Value {
  const [batch, channels] = x.shape as [number, number];
  return b.node('GlobalAveragePool', [x], [batch, channels, 1, 1]);
}
