import type { Builder } from '../builder';
import type { Value } from '../graph';

export function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The same elements in another shape; ONNX Runtime copies nothing. */
export function reshape(b: Builder, x: Value, shape: readonly number[]): Value {
  if (sameShape(x.shape, shape)) return x;
  if (elements(x.shape) !== elements(shape)) {
    throw new Error(`cannot reshape [${x.shape.join(', ')}] to [${shape.join(', ')}]`);
  }
  return b.node('Reshape', [x, b.integers(shape)], shape);
}

export function transpose(b: Builder, x: Value, order: readonly number[]): Value {
  const shape = order.map((axis) => x.shape[axis]!);
  return b.node('Transpose', [x], shape, { perm: { ints: order } });
}

export function concat(b: Builder, parts: readonly Value[], axis: number): Value {
  const [first] = parts;
  if (first === undefined || parts.length === 1) return first!;
  const shape = [...first.shape];
  const at = axis < 0 ? shape.length + axis : axis;
  shape[at] = parts.reduce((sum, part) => sum + part.shape[at]!, 0);
  return b.node('Concat', parts, shape, { axis: { int: at } });
}

/** Cuts the last axis into equal parts, as `torch.chunk(parts, dim=-1)`. */
export function chunkLast(b: Builder, x: Value, parts: number): readonly Value[] {
  const axis = x.shape.length - 1;
  const size = x.shape[axis]! / parts;
  const shape = [...x.shape.slice(0, axis), size];
  const shapes = Array.from({ length: parts }, () => shape);
  return b.nodeOf('Split', [x], shapes, { axis: { int: axis }, num_outputs: { int: parts } });
}

/** Cuts the first axis into parts of about equal size. */
export function splitRows(b: Builder, x: Value, parts: number): readonly Value[] {
  if (parts <= 1) return [x];
  const [rows, ...rest] = x.shape as [number, ...number[]];
  const ends = Array.from({ length: parts + 1 }, (_, part) => Math.round((rows * part) / parts));
  const sizes = ends.slice(1).map((end, part) => end - ends[part]!);
  const shapes = sizes.map((size) => [size, ...rest]);
  return b.nodeOf('Split', [x, b.integers(sizes)], shapes, { axis: { int: 0 } });
}

/** The values along an axis from one place up to another, as `x.narrow(axis, from, to - from)` of torch. */
export function slice(b: Builder, x: Value, axis: number, from: number, to: number): Value {
  const shape = x.shape.map((size, index) => (index === axis ? to - from : size));
  const range = [[from], [to], [axis]].map((number) => b.integers(number));
  return b.node('Slice', [x, ...range], shape);
}

/** The first channels of an image [B, C, H, W]. */
export function firstChannels(b: Builder, x: Value, count: number): Value {
  return image(x)[1] === count ? x : slice(b, x, 1, 0, count);
}

/** [B, C] → [B, C, 1, 1]. */
export function perChannel(b: Builder, x: Value): Value {
  return reshape(b, x, [...x.shape, 1, 1]);
}

/** The four sizes of an image tensor. */
export function image(x: Value): readonly [number, number, number, number] {
  const [batch, channels, height, width] = x.shape;
  return [batch!, channels!, height!, width!];
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, index) => size === b[index]);
}
