import type { Builder } from '../builder';
import type { Value } from '../graph';
import { add, mul } from './arithmetic';
import { elements, image, reshape } from './shape';

/** torch.nn.LayerNorm over the last axis. */
export function layerNorm(b: Builder, x: Value, eps: number): Value {
  const features = x.shape[x.shape.length - 1]!;
  const inputs = [x, b.weight('weight', [features]), b.weight('bias', [features])];
  return b.node('LayerNormalization', inputs, x.shape, {
    axis: { int: -1 },
    epsilon: { float: eps },
  });
}

/**
 * torch.nn.GroupNorm on x [B, C, H, W]. Instance normalization of each group as one channel, then each
 * channel's scale and shift: ONNX Runtime has no GroupNorm kernel on the CPU.
 */
export function groupNorm(b: Builder, x: Value, groups: number, eps: number): Value {
  const [batch, channels] = image(x);
  const grouped = reshape(b, x, [batch, groups, elements(x.shape) / (batch * groups)]);
  const ones = b.numbers(new Array<number>(groups).fill(1), [groups]);
  const zeros = b.numbers(new Array<number>(groups).fill(0), [groups]);
  const normal = b.node('InstanceNormalization', [grouped, ones, zeros], grouped.shape, {
    epsilon: { float: eps },
  });
  const perChannel = [1, channels, 1, 1];
  const weight = reshape(b, b.weight('weight', [channels]), perChannel);
  const bias = reshape(b, b.weight('bias', [channels]), perChannel);
  return add(b, mul(b, reshape(b, normal, x.shape), weight), bias);
}
