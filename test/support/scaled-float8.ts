import { decodeElement } from '../../src/engine/weights/dtype';
import { encodeFloats } from './random-weights';
import type { TensorToWrite } from './safetensors-file';

/** How files name the scale of `NAME.weight`. */
export type ScaleNaming = 'scale_weight' | 'weight_scale';

/** A power of two, so that the stored values times the scale are exactly those without one. */
const FACTOR = 64;

/**
 * Weights in float8 as a "scaled fp8" file has them: each `NAME.weight` is stored times 64, with a scale of 1 / 64.
 * The file of ComfyUI has a marker, and the scales of activations.
 */
export function asScaled(
  tensors: readonly TensorToWrite[],
  naming: ScaleNaming,
): readonly TensorToWrite[] {
  const number = (name: string, value: number): TensorToWrite => {
    return { name, dtype: 'F32', shape: [], bytes: encodeFloats(Float32Array.of(value), 'F32') };
  };
  const scaled = tensors.flatMap((tensor) => {
    const { name, dtype, bytes } = tensor;
    if ((dtype !== 'F8_E4M3' && dtype !== 'F8_E5M2') || !name.endsWith('.weight')) return [tensor];
    const values = Float32Array.from(
      bytes,
      (byte) => decodeElement(Buffer.of(byte), dtype) * FACTOR,
    );
    const base = name.slice(0, -'weight'.length);
    return [
      { ...tensor, bytes: encodeFloats(values, dtype) },
      number(base + naming, 1 / FACTOR),
      number(`${base}${naming === 'scale_weight' ? 'scale_input' : 'input_scale'}`, 3),
    ];
  });
  if (naming !== 'scale_weight') return scaled;
  return [
    ...scaled,
    { name: 'scaled_fp8', dtype: 'F8_E4M3', shape: [2], bytes: new Uint8Array(2) },
  ];
}

/** Weights in float8 widened to float32. */
export function widened(tensors: readonly TensorToWrite[]): readonly TensorToWrite[] {
  return tensors.map((tensor) => {
    const { dtype, bytes } = tensor;
    if (dtype !== 'F8_E4M3' && dtype !== 'F8_E5M2') return tensor;
    const values = Float32Array.from(bytes, (byte) => decodeElement(Buffer.of(byte), dtype));
    return { ...tensor, dtype: 'F32', bytes: encodeFloats(values, 'F32') };
  });
}
