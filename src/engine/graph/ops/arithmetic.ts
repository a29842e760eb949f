import type { Builder } from '../builder';
import type { Value } from '../graph';
import { elementwise } from './layout';
import { elementTypeCode, type ElementType } from '../../onnx/schema';

export function add(b: Builder, x: Value, y: Value): Value {
  const sum = (left: Value, right: Value): Value =>
    b.node('Add', [left, right], broadcast(left.shape, right.shape));
  return elementwise(b, [x, y], sum);
}

export function mul(b: Builder, x: Value, y: Value): Value {
  return b.node('Mul', [x, y], broadcast(x.shape, y.shape));
}

/** x · factor + offset; a factor of 1 and an offset of 0 add no nodes. */
export function scaleShift(b: Builder, x: Value, factor: number, offset = 0): Value {
  const scaled = factor === 1 ? x : mul(b, x, b.numbers([factor], [1]));
  return offset === 0 ? scaled : add(b, scaled, b.numbers([offset], [1]));
}

export function divide(b: Builder, x: Value, divisor: number): Value {
  return divisor === 1 ? x : b.node('Div', [x, b.numbers([divisor], [1])], x.shape);
}

export function cast(b: Builder, x: Value, type: ElementType): Value {
  if (x.type === type) return x;
  return b.node('Cast', [x], x.shape, { to: { int: elementTypeCode(type) } }, type);
}

/** Does what must be added up in float32, where the device's own kernels add float16 in float16. */
export function addingInFloat32(
  b: Builder,
  x: Value,
  work: (b: Builder, x: Value) => Value,
): Value {
  if (x.type === 'float32' || b.device.quirks.addsInFloat32) return work(b, x);
  return cast(b, work(b.inFloat32, cast(b, x, 'float32')), x.type);
}

/** The shape two shapes broadcast to (numpy's rule). */
function broadcast(a: readonly number[], b: readonly number[]): readonly number[] {
  const rank = Math.max(a.length, b.length);
  const at = (shape: readonly number[], axis: number): number =>
    shape[axis - (rank - shape.length)] ?? 1;
  return Array.from({ length: rank }, (_, axis) => {
    const [x, y] = [at(a, axis), at(b, axis)];
    if (x !== y && x !== 1 && y !== 1) {
      throw new Error(`cannot broadcast [${a.join(', ')}] with [${b.join(', ')}]`);
    }
    return Math.max(x, y);
  });
}
