import type { Builder } from './builder';
import type { Value } from './graph';
import { add, mul } from './ops/arithmetic';
import { convolution } from './ops/convolution';
import { pixelShuffle } from './ops/pixel-shuffle';
import { upsampleNearest } from './ops/resampling';
import { reshape } from './ops/shape';

/** An SRVGGNetCompact (xinntao/Real-ESRGAN, realesrgan/archs/srvgg_arch.py) with PReLU. */
export interface CompactConfig {
  readonly kind: 'compact';
  readonly filters: number;
  /** Convolutions between the first and the last. */
  readonly convolutions: number;
  /** Slopes of each PReLU: one for each filter, or one. */
  readonly slopes: number;
  readonly scale: number;
}

/** @param image [1, 3, H, W] */
export function compactUpscaler(b: Builder, image: Value, config: CompactConfig): Value {
  const { filters, convolutions, slopes, scale } = config;
  const channels = image.shape[1]!;
  const body = b.at('body');
  let x = image;
  for (let index = 0; index <= convolutions; index++) {
    x = convolution(body.at(2 * index), x, filters);
    x = prelu(body.at(2 * index + 1), x, slopes);
  }
  const last = convolution(body.at(2 * convolutions + 2), x, channels * scale ** 2);
  const base = scale === 1 ? image : upsampleNearest(b, image, scale);
  return add(b, pixelShuffle(b, last, scale), base);
}

/** torch.nn.PReLU, of operators that every device has. */
function prelu(b: Builder, x: Value, slopes: number): Value {
  const slope = reshape(b, b.weight('weight', [slopes]), [1, slopes, 1, 1]);
  const positive = b.node('Relu', [x], x.shape);
  const negative = b.node('Sub', [x, positive], x.shape);
  return add(b, positive, mul(b, negative, slope));
}

/** As `rrdbReach`: each convolution sees one pixel further. */
export function compactReach({ convolutions }: CompactConfig): number {
  return convolutions + 2;
}
