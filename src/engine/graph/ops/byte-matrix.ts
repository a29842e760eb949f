import type { Builder } from '../builder';
import type { Value } from '../graph';
import type { ByteLayer, ByteMatrix, Quarter } from '../byte-matrices';
import { elements, reshape, transpose } from './shape';

/** Writes the nodes that compute a layer's matrix: symmetric, the largest weight of an output feature is 127. */
export function computeByteMatrix(b: Builder, { shape, rows, quarter }: ByteLayer): ByteMatrix {
  const whole = b.weight('weight', shape, rows);
  const weight = quarter ? quarterKernel(b, whole, quarter) : whole;
  const [outputs, inputs, ...kernel] = weight.shape as [number, number, ...number[]];
  const columns = elements(weight.shape) / outputs;
  const flat = reshape(b, weight, [outputs, columns]);
  const sizes = b.node('Abs', [flat], flat.shape);
  const largest = b.node('ReduceMax', [sizes, b.integers([1])], [outputs], {
    keepdims: { int: 0 },
  });
  const positive = b.node('Max', [largest, b.numbers([SMALLEST], [1])], [outputs]);
  const scales = b.node('Div', [positive, b.numbers([127], [1])], [outputs]);
  const zeros = b.graph.constant('int8', new Array<number>(outputs).fill(0), [outputs]);
  const axis = { axis: { int: 0 } };
  const bytes = b.node('QuantizeLinear', [flat, scales, zeros], flat.shape, axis, 'int8');
  if (kernel.length === 0) return { values: transpose(b, bytes, [1, 0]), scales };
  const cells = reshape(b, bytes, [outputs, inputs, elements(kernel)]);
  return { values: reshape(b, transpose(b, cells, [2, 1, 0]), [columns, outputs]), scales };
}

/** Keeps the scale of an output feature without weights from being zero. */
const SMALLEST = 1e-12;

/**
 * The kernel that a quarter of the outputs sees where the image has twice its size. Two of three neighbours are then
 * the same pixel, so their weights are added: for even rows the second and the third, for odd ones the first two.
 */
function quarterKernel(b: Builder, weight: Value, [row, column]: Quarter): Value {
  const [outputs, inputs] = weight.shape as [number, number];
  // Which of the two weights each of the three is part of.
  const parts = [
    [0, 1, 1],
    [0, 0, 1],
  ] as const;
  const sums = Array.from({ length: 9 * 4 }, (_, i) => {
    const [from, to] = [Math.floor(i / 4), i % 4];
    const inRow = parts[row][Math.floor(from / 3)] === Math.floor(to / 2);
    return inRow && parts[column][from % 3] === to % 2 ? 1 : 0;
  });
  const flat = reshape(b, weight, [outputs * inputs, 9]);
  const sum = b.node('MatMul', [flat, b.numbers(sums, [9, 4])], [outputs * inputs, 4]);
  return reshape(b, sum, [outputs, inputs, 2, 2]);
}
