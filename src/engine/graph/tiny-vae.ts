import type { WeightSource } from '../weights/source';
import { Builder } from './builder';
import type { BuiltGraph, Value } from './graph';
import { activation } from './ops/activation';
import { add, cast, divide, scaleShift } from './ops/arithmetic';
import { convolution } from './ops/convolution';
import { upsampleNearest } from './ops/resampling';
import type { TinyVaeConfig } from './tiny-vae-config';
import type { VaeOptions } from './vae';

/**
 * Writes AutoencoderTiny.decode (DecoderTiny, diffusers models/autoencoders/vae.py), with its soft clamp of the
 * latents and its conversion from 0 … 1 to -1 … 1. Input `latent_sample` float32 [batch, latentChannels,
 * height, width], already divided by the scaling factor. Output `sample` float32 [batch, outChannels,
 * height·f, width·f]; with `opacityWeights` also `opacity` [batch, 1, height·f, width·f], -1 (transparent)
 * to 1, from a convolution on the same features as the last layer.
 *
 * @throws EaselError `model-incomplete` if a weight is missing; `bad-file` if it has another shape or type
 */
export function buildTinyDecoder(
  config: TinyVaeConfig,
  weights: WeightSource,
  options: VaeOptions,
  opacityWeights?: WeightSource,
): BuiltGraph {
  const { batch, height, width } = options;
  const b = Builder.create(withOpacity(weights, opacityWeights), options);
  const shape = [batch, config.latentChannels, height, width];
  const latents = cast(b, b.graph.input('latent_sample', 'float32', shape), b.computeType);
  const bounded = b.node('Tanh', [divide(b, latents, 3)], shape);
  const layers = new Layers(b.at('decoder.layers'));
  const output = (name: string, value: Value) =>
    b.graph.output(name, cast(b, scaleShift(b, value, 2, -1), 'float32'));
  let x = convolution(layers.next(), scaleShift(b, bounded, 3), config.decoder[0]!.channels);
  x = activation(layers.next(), x, config.activation);
  config.decoder.forEach(({ channels, blocks }, level) => {
    for (let index = 0; index < blocks; index++) x = block(layers.next(), config, x, channels);
    const last = level === config.decoder.length - 1;
    if (!last) x = upsampleNearest(layers.next(), x, config.upsamplingFactor);
    if (last && opacityWeights) output('opacity', convolution(b.at(OPACITY), x, 1));
    x = convolution(layers.next(), x, last ? config.outChannels : channels, { bias: last });
  });
  output('sample', x);
  return b.finish('tiny_vae_decoder');
}

/** The name of the opacity convolution among the decoder's weights. */
const OPACITY = 'opacity';

function withOpacity(weights: WeightSource, opacity: WeightSource | undefined): WeightSource {
  if (!opacity) return weights;
  const own = (name: string) =>
    name.startsWith(`${OPACITY}.`) ? name.slice(OPACITY.length + 1) : undefined;
  return {
    description: weights.description,
    totalBytes: weights.totalBytes + opacity.totalBytes,
    get: (name) => {
      const filter = own(name);
      return filter === undefined ? weights.get(name) : opacity.get(filter);
    },
    names: () => [
      ...weights.names(),
      ...Array.from(opacity.names(), (name) => `${OPACITY}.${name}`),
    ],
  };
}

/**
 * Writes AutoencoderTiny.encode (EncoderTiny). Input `sample` float32 [batch, inChannels, height, width],
 * -1 to 1. Output `latents` float32 [batch, latentChannels, height/f, width/f], not multiplied by the scaling
 * factor. It is not a distribution.
 *
 * @throws EaselError `model-incomplete` if a weight is missing; `bad-file` if it has another shape or type
 */
export function buildTinyEncoder(
  config: TinyVaeConfig,
  weights: WeightSource,
  options: VaeOptions,
): BuiltGraph {
  const { batch, height, width } = options;
  const b = Builder.create(weights, options);
  const shape = [batch, config.inChannels, height, width];
  const sample = cast(b, b.graph.input('sample', 'float32', shape), b.computeType);
  const layers = new Layers(b.at('encoder.layers'));
  let x = divide(b, scaleShift(b, sample, 1, 1), 2);
  config.encoder.forEach(({ channels, blocks }, level) => {
    const halve = level > 0;
    x = convolution(layers.next(), x, channels, { stride: halve ? 2 : 1, bias: !halve });
    for (let index = 0; index < blocks; index++) x = block(layers.next(), config, x, channels);
  });
  x = convolution(layers.next(), x, config.latentChannels);
  b.graph.output('latents', cast(b, x, 'float32'));
  return b.finish('tiny_vae_encoder');
}

/** The modules of a torch.nn.Sequential, in order. */
class Layers {
  private count = 0;

  constructor(private readonly sequence: Builder) {}

  next(): Builder {
    return this.sequence.at(this.count++);
  }
}

/** AutoencoderTinyBlock: three convolutions and a shortcut. */
function block(b: Builder, config: TinyVaeConfig, x: Value, channels: number): Value {
  const conv = b.at('conv');
  let hidden = convolution(conv.at(0), x, channels);
  for (const index of [2, 4]) {
    hidden = convolution(conv.at(index), activation(conv, hidden, config.activation), channels);
  }
  const same = x.shape[1] === channels;
  const skip = same ? x : convolution(b.at('skip'), x, channels, { kernel: 1, bias: false });
  return activation(b, add(b, hidden, skip), 'relu');
}
