import type { Builder } from '../builder';
import type { ByteLayer, ByteMatrix } from '../byte-matrices';
import { elements, reshape, transpose } from './shape';

/** Writes the nodes that compute a layer's matrix: symmetric, the largest weight of an output feature is 127. */
export function computeByteMatrix(b: Builder, { shape, rows }: ByteLayer): ByteMatrix {
  const weight = b.weight('weight', shape, rows);
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
