import type { SeamlessAxes } from '../../../core/request/seamless';
import type { Builder } from '../builder';
import type { Value } from '../graph';
import { fromChannelsLast } from './layout';
import { concat, slice } from './shape';

/**
 * F.pad(mode='circular') of an image [B, C, H, W] by `count` rows or columns on both sides of each axis. It is made
 * of slices: only few devices have ONNX's Pad with the mode wrap.
 * @param count at most the image's size along the axes
 */
export function wrapAround(b: Builder, x: Value, count: number, axes: SeamlessAxes): Value {
  return alongAxes(b, x, axes, (value, axis) => {
    const size = value.shape[axis]!;
    const before = slice(b, value, axis, size - count, size);
    return concat(b, [before, value, slice(b, value, axis, 0, count)], axis);
  });
}

/**
 * F.pad(mode='reflect') of an image [B, C, H, W] by one row or column on both sides of each axis.
 * @param x of at least two rows and columns along the axes
 */
export function reflectEdges(b: Builder, x: Value, axes: SeamlessAxes): Value {
  return alongAxes(b, x, axes, (value, axis) => {
    const size = value.shape[axis]!;
    const before = slice(b, value, axis, 1, 2);
    return concat(b, [before, value, slice(b, value, axis, size - 2, size - 1)], axis);
  });
}

/** The image without `count` rows or columns on both sides of each axis. */
export function withoutEdges(b: Builder, x: Value, count: number, axes: SeamlessAxes): Value {
  return alongAxes(b, x, axes, (value, axis) =>
    slice(b, value, axis, count, value.shape[axis]! - count),
  );
}

/** Works on the twin of an image where it has one (layout.ts). */
function alongAxes(
  b: Builder,
  x: Value,
  axes: SeamlessAxes,
  work: (value: Value, axis: number) => Value,
): Value {
  const first = x.last ? 1 : 2;
  const places = [
    ...(axes.includes('y') ? [first] : []),
    ...(axes.includes('x') ? [first + 1] : []),
  ];
  const done = places.reduce(work, x.last ?? x);
  return x.last ? fromChannelsLast(b, done) : done;
}
