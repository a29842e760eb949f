import { EaselError } from '../../core/errors';
import { isFloat8, type StoredType } from './dtype';
import type { TensorRef } from './safetensors';

type Tensors = ReadonlyMap<string, TensorRef>;

const SCALE_TYPES: ReadonlySet<StoredType> = new Set<StoredType>(['F32', 'F16', 'BF16', 'F64']);

/**
 * Gives the weights in float8 their scales: those of "scaled fp8" files, where `NAME.weight` is stored divided by
 * `NAME.scale_weight` (comfy/ops.py of ComfyUI), or by `NAME.weight_scale` (its later files, and other tools'). The
 * scales of activations (`scale_input`, `input_scale`) say how ComfyUI multiplies in float8, and change no weight.
 *
 * A weight has one scale, or one for each row.
 *
 * @throws EaselError `unsupported-model` where a weight has other scales, such as one for each block
 */
export function withScales(tensors: Tensors): Tensors {
  const scaled = new Map<string, TensorRef>();
  for (const [name, tensor] of tensors) {
    const scale = isFloat8(tensor.dtype) ? scaleOf(name, tensors) : undefined;
    if (scale !== undefined) scaled.set(name, { ...tensor, scale });
  }
  return scaled.size === 0 ? tensors : new Map([...tensors, ...scaled]);
}

function scaleOf(name: string, tensors: Tensors): TensorRef | undefined {
  const names = [name.replace(/weight$/, 'scale_weight'), `${name}_scale`, `${name}_scale_inv`];
  const found = names.filter((one) => one !== name).find((one) => tensors.has(one));
  if (found === undefined) return undefined;
  const scale = tensors.get(found)!;
  const fits = hasOneScale(scale) || isPerRow(scale, tensors.get(name)!);
  if (fits && SCALE_TYPES.has(scale.dtype) && !found.endsWith('_inv')) return scale;
  const message =
    `${scale.file} stores ${JSON.stringify(name.slice(0, 120))} as float8 with scales that Easel does not support ` +
    `(${scale.dtype} of shape [${scale.shape.slice(0, 16).join(', ')}]; supported is one number for each weight, or for each of its rows). ` +
    'Use the model in float16, bfloat16 or float32.';
  throw new EaselError('unsupported-model', message, {
    file: scale.file,
    tensor: name.slice(0, 200),
  });
}

/** Whether a scale is one number for all values. */
export function hasOneScale({ shape }: TensorRef): boolean {
  return shape.every((size) => size === 1);
}

/** Whether there is one number for each row: the shape is [rows], or has axes of size 1 after it. */
function isPerRow({ shape: [count, ...rest] }: TensorRef, { shape: [rows] }: TensorRef): boolean {
  return count === rows && rest.every((size) => size === 1);
}
