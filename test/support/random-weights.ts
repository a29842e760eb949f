import { crc32 } from 'node:zlib';

import { TorchGenerator } from '../../src/core/diffusion/random';
import { toBFloat16Bits, toFloat16Bits, toFloat8Bits } from './float16';
import { type TensorToWrite } from './safetensors-file';

/** Types a model's weights are published in. */
export type WeightDType = 'F32' | 'F16' | 'BF16' | 'F8_E4M3' | 'F8_E5M2';

/** Shapes of the tensors of one component. */
export type TensorShapes = Readonly<Record<string, readonly number[]>>;

/**
 * The weight that scripts/reference/shared/random_weights.py gives a tensor of this name and shape: normal numbers
 * from torch's generator seeded with crc32(name), scaled like a norm, a bias, or by the fan-in.
 */
export function randomWeight(name: string, shape: readonly number[]): Float32Array {
  const x = new TorchGenerator(crc32(name)).randn(product(shape));
  if (shape.length >= 2) {
    const scale = Math.sqrt(product(shape.slice(1)));
    return x.map((value) => value / scale);
  }
  return name.endsWith('.weight') ? x.map((value) => 1 + 0.1 * value) : x.map((v) => 0.05 * v);
}

/**
 * All weights of one component, ready to be written.
 * @param prefix of the names that the values are made by, where they differ from those of another component
 * @param gains what the values of some tensors are multiplied by
 */
export function randomTensors(
  shapes: TensorShapes,
  dtype: WeightDType,
  prefix = '',
  gains: Readonly<Record<string, number>> = {},
): TensorToWrite[] {
  return Object.entries(shapes).map(([name, shape]) => {
    const { [name]: gain = 1 } = gains;
    const values = randomWeight(prefix + name, shape).map((value) => value * gain);
    const bytes = encodeFloats(values, dtype);
    return { name, dtype, shape, bytes };
  });
}

/** Little-endian bytes of `values` in a type of a safetensors file. */
export function encodeFloats(values: Float32Array, dtype: WeightDType): Uint8Array {
  if (dtype === 'F32') return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  if (dtype === 'F8_E4M3') return Uint8Array.from(values, (value) => toFloat8Bits(value, 3));
  if (dtype === 'F8_E5M2') return Uint8Array.from(values, (value) => toFloat8Bits(value, 2));
  const toBits = dtype === 'F16' ? toFloat16Bits : toBFloat16Bits;
  return new Uint8Array(Uint16Array.from(values, toBits).buffer);
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total * size, 1);
}
