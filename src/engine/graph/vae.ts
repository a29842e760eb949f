import type { WeightSource } from '../weights/source';
import { Builder, type BuildOptions } from './builder';
import type { BuiltGraph, Value } from './graph';
import { activation } from './ops/activation';
import { add, cast } from './ops/arithmetic';
import { attention } from './ops/attention';
import { convolution } from './ops/convolution';
import { fromTokens, toTokens } from './ops/layout';
import { linear } from './ops/linear';
import { groupNorm } from './ops/normalization';
import { image } from './ops/shape';
import { resnetBlock, type ResnetOptions } from './resnet-block';
import type { VaeConfig } from './vae-config';

/** The eps of every norm in diffusers' Encoder and Decoder (models/autoencoders/vae.py). */
const NORM_EPS = 1e-6;

export interface VaeOptions extends BuildOptions {
  readonly batch: number;
  /** Size of the input: latent cells for decoders, pixels for encoders. */
  readonly height: number;
  readonly width: number;
}

/**
 * Writes AutoencoderKL.decode (post_quant_conv, then Decoder). Input `latent_sample` float32
 * [batch, latentChannels, height, width]: latents already divided by the scaling factor. Output `sample`
 * float32 [batch, outChannels, height·f, width·f], about -1 to 1; f is the config's spatialFactor.
 *
 * @throws EaselError `model-incomplete` if a weight is missing; `bad-file` if it has another shape or type
 */
export function buildVaeDecoder(
  config: VaeConfig,
  weights: WeightSource,
  options: VaeOptions,
): BuiltGraph {
  const { batch, height, width } = options;
  const b = Builder.create(weights, options);
  const shape = [batch, config.latentChannels, height, width];
  let x = cast(b, b.graph.input('latent_sample', 'float32', shape), b.computeType);
  if (config.postQuantConv) {
    x = convolution(b.at('post_quant_conv'), x, config.latentChannels, { kernel: 1 });
  }
  const decoder = b.at('decoder');
  const channels = [...config.blockOutChannels].reverse();
  x = convolution(decoder.at('conv_in'), x, channels[0]!);
  x = midBlock(decoder.at('mid_block'), config, x);
  channels.forEach((outChannels, level) => {
    const block = decoder.at('up_blocks').at(level);
    for (let index = 0; index <= config.layersPerBlock; index++) {
      x = resnetBlock(block.at('resnets').at(index), x, resnet(config, outChannels));
    }
    if (level === channels.length - 1) return;
    const resize = { height: x.shape[2]! * 2, width: x.shape[3]! * 2 };
    x = convolution(block.at('upsamplers.0.conv'), x, outChannels, { resize });
  });
  x = outputConvolution(decoder, config, x, config.outChannels);
  b.graph.output('sample', cast(b, x, 'float32'));
  return b.finish('vae_decoder');
}

/**
 * Writes AutoencoderKL.encode up to the distribution's parameters (Encoder, then quant_conv). Input
 * `sample` float32 [batch, inChannels, height, width], -1 to 1, sizes multiples of the spatial factor f. Output
 * `latent_parameters` float32 [batch, 2·latentChannels, height/f, width/f]: the mean, then the logarithm of the
 * variance, not clamped to -30 … 20 and not scaled.
 *
 * @throws EaselError `model-incomplete` if a weight is missing; `bad-file` if it has another shape or type
 */
export function buildVaeEncoder(
  config: VaeConfig,
  weights: WeightSource,
  options: VaeOptions,
): BuiltGraph {
  const { batch, height, width } = options;
  const b = Builder.create(weights, options);
  const shape = [batch, config.inChannels, height, width];
  const sample = cast(b, b.graph.input('sample', 'float32', shape), b.computeType);
  const encoder = b.at('encoder');
  const channels = config.blockOutChannels;
  let x = convolution(encoder.at('conv_in'), sample, channels[0]!);
  channels.forEach((outChannels, level) => {
    const block = encoder.at('down_blocks').at(level);
    for (let index = 0; index < config.layersPerBlock; index++) {
      x = resnetBlock(block.at('resnets').at(index), x, resnet(config, outChannels));
    }
    if (level === channels.length - 1) return;
    // Downsample2D with padding 0 pads the bottom and the right by one.
    const sides = { stride: 2, padding: [0, 0, 1, 1] as const };
    x = convolution(block.at('downsamplers.0.conv'), x, outChannels, sides);
  });
  x = midBlock(encoder.at('mid_block'), config, x);
  const moments = config.latentChannels * 2;
  x = outputConvolution(encoder, config, x, moments);
  if (config.quantConv) x = convolution(b.at('quant_conv'), x, moments, { kernel: 1 });
  b.graph.output('latent_parameters', cast(b, x, 'float32'));
  return b.finish('vae_encoder');
}

function resnet(config: VaeConfig, outChannels: number): ResnetOptions {
  return { outChannels, groups: config.normGroups, eps: NORM_EPS, activation: config.activation };
}

/** The last layers of encoder and decoder. The activation is always SiLU, not act_fn. */
function outputConvolution(b: Builder, config: VaeConfig, x: Value, outChannels: number): Value {
  const normal = groupNorm(b.at('conv_norm_out'), x, config.normGroups, NORM_EPS);
  return convolution(b.at('conv_out'), activation(b, normal, 'silu'), outChannels);
}

/** UNetMidBlock2D, with single-head attention over all pixels. */
function midBlock(b: Builder, config: VaeConfig, input: Value): Value {
  const options = resnet(config, input.shape[1]!);
  let x = resnetBlock(b.at('resnets.0'), input, options);
  if (config.midAttention) x = pixelAttention(b.at('attentions.0'), config, x);
  return resnetBlock(b.at('resnets.1'), x, options);
}

function pixelAttention(b: Builder, config: VaeConfig, x: Value): Value {
  const [, channels, height, width] = image(x);
  const normal = groupNorm(b.at('group_norm'), x, config.normGroups, NORM_EPS);
  const tokens = toTokens(b, normal);
  // Files from before diffusers 0.17 have the second names.
  const named = (name: string, older: string): Builder =>
    b.at(!b.has(`${name}.weight`) && b.has(`${older}.weight`) ? older : name);
  const query = linear(named('to_q', 'query'), tokens, channels);
  const key = linear(named('to_k', 'key'), tokens, channels);
  const value = linear(named('to_v', 'value'), tokens, channels);
  const mixed = attention(b, query, key, value, { heads: 1 });
  const out = linear(named('to_out.0', 'proj_attn'), mixed, channels);
  return add(b, fromTokens(b, out, height, width), x);
}
