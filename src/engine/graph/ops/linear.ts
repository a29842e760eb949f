import type { Builder } from '../builder';
import type { Value } from '../graph';
import type { RowRange } from '../weights';
import { integerLinear, usesIntegers } from './integer';
import { elements, reshape } from './shape';

/**
 * torch.nn.Linear: x [..., K] · weightᵀ [K, outFeatures] + bias. The weight is stored as [outFeatures, K]; Gemm
 * reads it transposed without a copy, and every device has a Gemm kernel.
 */
export function linear(b: Builder, x: Value, outFeatures: number, bias = true): Value {
  return partialLinear(b, x, outFeatures, { first: 0, count: outFeatures }, bias);
}

/** Some of the output features of torch.nn.Linear alone: [..., rows.count]. */
export function partialLinear(
  b: Builder,
  x: Value,
  outFeatures: number,
  rows: RowRange,
  bias = true,
): Value {
  const inFeatures = x.shape[x.shape.length - 1]!;
  const positions = elements(x.shape) / inFeatures;
  if (usesIntegers(b, inFeatures, rows.count, positions)) {
    return integerLinear(b, x, outFeatures, rows, bias);
  }
  const part = rows.count === outFeatures ? undefined : rows;
  const shape = [outFeatures, inFeatures];
  const weight = b.bulkWeight('weight', shape, positions * LINEAR_SHARE, part);
  const inputs = [reshape(b, x, [positions, inFeatures]), weight];
  if (bias) inputs.push(b.weight('bias', [outFeatures], part));
  const product = b.node('Gemm', inputs, [positions, rows.count], { transB: { int: 1 } });
  return reshape(b, product, [...x.shape.slice(0, -1), rows.count]);
}

/**
 * The gain of preparing a linear layer's weight, relative to a convolution's: it saves only the conversion to
 * the compute type, where a convolution also gets a faster layout.
 */
const LINEAR_SHARE = 1 / 16;
