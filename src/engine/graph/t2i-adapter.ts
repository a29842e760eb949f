import type { WeightSource } from '../weights/source';
import { Builder, type BuildOptions } from './builder';
import type { BuiltGraph, Value } from './graph';
import { activation } from './ops/activation';
import { add, cast } from './ops/arithmetic';
import { convolution } from './ops/convolution';
import { averageOfFour } from './ops/resampling';
import { LIGHT_SHARE, type AdapterBlock, type T2IAdapterConfig } from './t2i-adapter-config';

export interface T2IAdapterOptions extends BuildOptions {
  /** Size of the control image divided by the config's `downscale`. */
  readonly height: number;
  readonly width: number;
}

/**
 * Writes the graph of T2IAdapter (diffusers, models/adapter.py). Input `sample` float32
 * [1, imageChannels · f², height, width]: the control image, 0..1, after `pixelUnshuffle` by f, the config's
 * `downscale`. Outputs `feature_0`, `feature_1` … float32 [1, channels, height', width'] of the blocks in order;
 * where a block halves, odd sides are rounded up.
 *
 * @throws EaselError `model-incomplete` if a weight is missing; `bad-file` if it has another shape or type
 */
export function buildT2IAdapter(
  { type, imageChannels, downscale, blocks }: T2IAdapterConfig,
  weights: WeightSource,
  { height, width, ...options }: T2IAdapterOptions,
): BuiltGraph {
  const b = Builder.create(weights, options);
  const shape = [1, imageChannels * downscale ** 2, height, width];
  const adapter = b.at('adapter');
  const sample = cast(b, b.graph.input('sample', 'float32', shape), b.computeType);
  const isLight = type === 'light_adapter';
  let x = isLight ? sample : convolution(adapter.at('conv_in'), sample, blocks[0]!.channels);
  for (const [index, block] of blocks.entries()) {
    const level = adapter.at('body').at(index);
    const smaller = block.halves ? averageOfFour(level, x) : x;
    x = (isLight ? lightBlock : fullBlock)(level, smaller, block);
    b.graph.output(`feature_${index}`, cast(b, x, 'float32'));
  }
  return b.finish('t2i_adapter');
}

/** AdapterBlock without its pooling. */
function fullBlock(b: Builder, input: Value, { channels, resnets }: AdapterBlock): Value {
  const isWidened = input.shape[1] !== channels;
  const x = isWidened ? convolution(b.at('in_conv'), input, channels, { kernel: 1 }) : input;
  return resnetBlocks(b, x, { resnets, kernel: 1 });
}

/** LightAdapterBlock without its pooling. */
function lightBlock(b: Builder, input: Value, { channels, resnets }: AdapterBlock): Value {
  const narrow = Math.floor(channels / LIGHT_SHARE);
  const x = convolution(b.at('in_conv'), input, narrow, { kernel: 1 });
  return convolution(b.at('out_conv'), resnetBlocks(b, x, { resnets, kernel: 3 }), channels, {
    kernel: 1,
  });
}

/** @param kernel of the second convolution of each: the first has 3 */
function resnetBlocks(
  b: Builder,
  input: Value,
  { resnets, kernel }: { readonly resnets: number; readonly kernel: number },
): Value {
  let x = input;
  for (let index = 0; index < resnets; index++) {
    const block = b.at('resnets').at(index);
    const channels = x.shape[1]!;
    const hidden = activation(b, convolution(block.at('block1'), x, channels), 'relu');
    x = add(b, convolution(block.at('block2'), hidden, channels, { kernel }), x);
  }
  return x;
}
