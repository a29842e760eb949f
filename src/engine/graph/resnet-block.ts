import type { Builder } from './builder';
import type { Value } from './graph';
import { activation, type Activation } from './ops/activation';
import { add, divide } from './ops/arithmetic';
import { convolution } from './ops/convolution';
import { linear } from './ops/linear';
import { groupNorm, scaledAndShifted } from './ops/normalization';

export interface ResnetOptions {
  readonly outChannels: number;
  readonly groups: number;
  readonly eps: number;
  readonly activation: Activation;
  /** The time embedding after its activation, [1 or B, T]; absent in autoencoders. */
  readonly time?: Value;
  /** resnet_time_scale_shift: the time embedding scales and shifts the second norm. Otherwise it is added. */
  readonly timeScaleShift?: boolean;
  readonly outputScale?: number;
}

/** ResnetBlock2D (diffusers, models/resnet.py) on x [B, C, H, W]: [B, outChannels, H, W]. */
export function resnetBlock(b: Builder, x: Value, options: ResnetOptions): Value {
  const { outChannels, groups, eps, time, timeScaleShift = false, outputScale = 1 } = options;
  const first = activation(b, groupNorm(b.at('norm1'), x, groups, eps), options.activation);
  const added =
    time && !timeScaleShift ? linear(b.at('time_emb_proj'), time, outChannels) : undefined;
  let hidden = convolution(b.at('conv1'), first, outChannels, { shift: added });
  hidden = groupNorm(b.at('norm2'), hidden, groups, eps);
  if (time && timeScaleShift) {
    const both = linear(b.at('time_emb_proj'), time, outChannels * 2);
    hidden = scaledAndShifted(b, hidden, both);
  }

  hidden = convolution(b.at('conv2'), activation(b, hidden, options.activation), outChannels);
  const same = x.shape[1] === outChannels;
  const residual = same ? x : convolution(b.at('conv_shortcut'), x, outChannels, { kernel: 1 });
  return divide(b, add(b, residual, hidden), outputScale);
}
