import type { Builder } from '../builder';
import type { Value } from '../graph';
import { concat, image, slice } from './shape';

/** F.interpolate(scale_factor, mode='nearest') with a whole factor. */
export function upsampleNearest(b: Builder, x: Value, factor: number): Value {
  const [batch, channels, height, width] = image(x);
  const scales = b.graph.constant('float32', [1, 1, factor, factor], [4]);
  const shape = [batch, channels, height * factor, width * factor];
  return b.node('Resize', [x, undefined, scales], shape, {
    mode: { string: 'nearest' },
    coordinate_transformation_mode: { string: 'asymmetric' },
    nearest_mode: { string: 'floor' },
  });
}

/**
 * F.interpolate(size, mode='nearest'): sizes that are not whole multiples, needed for images whose latent size is
 * odd at some level of the UNet.
 */
export function resizeNearest(b: Builder, x: Value, height: number, width: number): Value {
  const [batch, channels, inHeight, inWidth] = image(x);
  if (height === inHeight && width === inWidth) return x;
  if (height === inHeight * 2 && width === inWidth * 2) return upsampleNearest(b, x, 2);
  const rows = b.integers(nearestIndices(inHeight, height));
  const shape = [batch, channels, height, inWidth];
  const tall = b.node('Gather', [x, rows], shape, { axis: { int: 2 } });
  const columns = b.integers(nearestIndices(inWidth, width));
  return b.node('Gather', [tall, columns], [...shape.slice(0, 3), width], { axis: { int: 3 } });
}

/**
 * The places, of `from`, that F.interpolate takes `to` values from: with `offset` 0 by the mode nearest, with 0.5 by
 * the mode nearest-exact. The arithmetic is torch's, computed in float32 as `nearest_neighbor_compute_source_index`
 * does (ATen/native/UpSample.h), so rounding falls the same way.
 */
export function nearestIndices(from: number, to: number, offset = 0): number[] {
  const scale = Math.fround(from / to);
  return Array.from({ length: to }, (_, index) =>
    Math.min(Math.floor(Math.fround((index + offset) * scale)), from - 1),
  );
}

/**
 * torch.nn.AvgPool2d(2, ceil_mode=True): the mean of each 2 × 2, and at an odd edge of what is there. The edge is
 * repeated, which gives the same means and needs no attribute that devices lack.
 */
export function averageOfFour(b: Builder, input: Value): Value {
  const x = withEvenSide(b, withEvenSide(b, input, 2), 3);
  const [batch, channels, height, width] = image(x);
  return b.node('AveragePool', [x], [batch, channels, height / 2, width / 2], {
    kernel_shape: { ints: [2, 2] },
    strides: { ints: [2, 2] },
  });
}

/** Repeats the last row (axis 2) or column (axis 3) where their number is odd. */
function withEvenSide(b: Builder, x: Value, axis: 2 | 3): Value {
  const size = x.shape[axis]!;
  if (size % 2 === 0) return x;
  return concat(b, [x, slice(b, x, axis, size - 1, size)], axis);
}
