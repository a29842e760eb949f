import type { Builder } from '../builder';
import type { Value } from '../graph';
import { elements, reshape } from './shape';

/**
 * torch.nn.Linear: x [..., K] · weightᵀ [K, outFeatures] + bias. The weight lies as [outFeatures, K]; Gemm
 * reads it transposed where it lies, and every device has a Gemm kernel.
 */
export function linear(b: Builder, x: Value, outFeatures: number, bias = true): Value {
  const inFeatures = x.shape[x.shape.length - 1]!;
  const weight = b.weight('weight', [outFeatures, inFeatures]);
  const rows = elements(x.shape) / inFeatures;
  const inputs = [reshape(b, x, [rows, inFeatures]), weight];
  if (bias) inputs.push(b.weight('bias', [outFeatures]));
  const product = b.node('Gemm', inputs, [rows, outFeatures], { transB: { int: 1 } });
  return reshape(b, product, [...x.shape.slice(0, -1), outFeatures]);
}
