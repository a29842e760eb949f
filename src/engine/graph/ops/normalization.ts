import type { Builder } from '../builder';
import type { Value } from '../graph';
import { add, addingInFloat32, mul } from './arithmetic';
import { fromChannelsLast } from './layout';
import { linear } from './linear';
import { chunkLast, elements, image, perChannel, reshape } from './shape';

/** torch.nn.LayerNorm over the last axis. */
export function layerNorm(b: Builder, x: Value, eps: number): Value {
  return addingInFloat32(b, x, (own, value) => {
    const features = x.shape[x.shape.length - 1]!;
    const inputs = [value, own.weight('weight', [features]), own.weight('bias', [features])];
    return own.node('LayerNormalization', inputs, x.shape, {
      axis: { int: -1 },
      epsilon: { float: eps },
    });
  });
}

/**
 * torch.nn.GroupNorm on x [B, C, H, W]. Instance normalization of each group as one channel, then each
 * channel's scale and shift: ONNX Runtime has no GroupNorm kernel on the CPU.
 */
export function groupNorm(b: Builder, x: Value, groups: number, eps: number): Value {
  if (x.last) return fromChannelsLast(b, groupNormLast(b, x.last, groups, eps));
  return addingInFloat32(b, x, (own, value) => groupNormFirst(own, value, groups, eps));
}

function groupNormFirst(b: Builder, x: Value, groups: number, eps: number): Value {
  const [, channels] = image(x);
  const perChannel = [1, channels, 1, 1];
  const weight = reshape(b, b.weight('weight', [channels]), perChannel);
  const bias = reshape(b, b.weight('bias', [channels]), perChannel);
  return add(b, mul(b, normalizedGroups(b, x, groups, eps), weight), bias);
}

/** Instance normalization of each group of channels as one. */
function normalizedGroups(b: Builder, x: Value, groups: number, eps: number): Value {
  const [batch] = image(x);
  const grouped = reshape(b, x, [batch, groups, elements(x.shape) / (batch * groups)]);
  const ones = b.numbers(new Array<number>(groups).fill(1), [groups]);
  const zeros = b.numbers(new Array<number>(groups).fill(0), [groups]);
  const normal = b.node('InstanceNormalization', [grouped, ones, zeros], grouped.shape, {
    epsilon: { float: eps },
  });
  return reshape(b, normal, x.shape);
}

/**
 * AdaGroupNorm (diffusers, models/normalization.py) on x [B, C, H, W]: the scale and the shift of each channel follow
 * from the time embedding.
 * @param time [1 or B, T]
 */
export function adaGroupNorm(
  b: Builder,
  x: Value,
  time: Value,
  { groups, eps }: { readonly groups: number; readonly eps: number },
): Value {
  const normal = addingInFloat32(b, x, (own, value) => normalizedGroups(own, value, groups, eps));
  return scaledAndShifted(b, normal, linear(b.at('linear'), time, x.shape[1]! * 2));
}

/**
 * x · (1 + scale) + shift, channel by channel.
 * @param x [B, C, H, W]
 * @param both the scales, then the shifts: [1 or B, 2 · C]
 */
export function scaledAndShifted(b: Builder, x: Value, both: Value): Value {
  const [scale, shift] = chunkLast(b, both, 2).map((part) => perChannel(b, part));
  return add(b, mul(b, x, add(b, scale!, b.numbers([1], [1]))), shift!);
}

/** The same on x [B, H, W, C]: the sums of each channel, then one scale and one shift for each. */
function groupNormLast(b: Builder, x: Value, groups: number, eps: number): Value {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const size = channels / groups;
  const count = height * width * size;
  // Sums of rows first: they are computed on all threads, and rounding stays small.
  const sum = (value: Value): Value => {
    const flat = reshape(b, value, [batch * height, width, channels]);
    const rows = b.node('ReduceSum', [flat, b.integers([1])], [batch * height, 1, channels], {
      keepdims: { int: 1 },
    });
    const cells = reshape(b, rows, [batch, height, groups, size]);
    return b.node('ReduceSum', [cells, b.integers([1, 3])], [batch, 1, groups, 1], {
      keepdims: { int: 1 },
    });
  };
  const share = b.numbers([1 / count], [1]);
  const mean = mul(b, sum(x), share);
  const square = mul(b, sum(mul(b, x, x)), share);
  const difference = b.node('Sub', [square, mul(b, mean, mean)], mean.shape);
  // Rounding makes the difference of nearly equal numbers negative.
  const variance = b.node('Max', [difference, b.numbers([0], [1])], mean.shape);
  const deviation = b.node('Sqrt', [add(b, variance, b.numbers([eps], [1]))], mean.shape);
  const perGroup = [1, 1, groups, size];
  const weight = reshape(b, b.weight('weight', [channels]), perGroup);
  const bias = reshape(b, b.weight('bias', [channels]), perGroup);
  const scale = b.node('Div', [weight, deviation], [batch, 1, groups, size]);
  const shift = b.node('Sub', [bias, mul(b, mean, scale)], scale.shape);
  const each = (value: Value): Value => reshape(b, value, [batch, 1, 1, channels]);
  return add(b, mul(b, x, each(scale)), each(shift));
}
