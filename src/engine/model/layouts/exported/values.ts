import { fromFloat16, toFloat16 } from '../../../../core/float16';
import { EaselError } from '../../../../core/errors';
import type { Feed, TypedFeed } from '../../../runtime/session';
import type { OnnxValue } from '../../../onnx/header';

/**
 * Casts a feed to the type that an input declares. Fractional timesteps are truncated for integer types, like
 * numpy's `astype` in diffusers' and optimum's pipelines.
 * @throws EaselError `unsupported-model` for other types
 */
export function castFeed(feed: Feed, input: OnnxValue): Omit<TypedFeed, 'dims'> {
  const { type } = input;
  const { data } = feed;
  switch (type) {
    case 'float32':
      return { type, data: data instanceof Float32Array ? data : Float32Array.from(data) };
    case 'float16':
      return { type, data: toFloat16(Float32Array.from(data)) };
    case 'int32':
      return { type, data: data instanceof Int32Array ? data : Int32Array.from(data, Math.trunc) };
    case 'int64': {
      const whole = new BigInt64Array(data.length);
      for (const [i, value] of data.entries()) whole[i] = BigInt(Math.trunc(value));
      return { type, data: whole };
    }
    case 'float64':
    case 'bfloat16':
    case 'float8e4m3fn':
    case 'float8e5m2':
    case 'bool':
    case 'int8':
    case 'uint8':
    case 'other':
      throw new EaselError(
        'unsupported-model',
        `The ONNX model's input ${input.name.slice(0, 120)} has a type that Easel does not support. Use another export.`,
        { input: input.name },
      );
  }
}

/**
 * Converts an output to float32; true is 1.
 * @throws EaselError `unsupported-model` for types other than float32, float16 and bool
 */
export function castOutput(name: string, type: string, data: unknown): Float32Array {
  if (data instanceof Float32Array) return data;
  if (type === 'bool' && data instanceof Uint8Array) return Float32Array.from(data);
  // Node has Float16Array since version 24; older versions return Uint16Array with the same bits.
  if (type === 'float16' && ArrayBuffer.isView(data)) {
    return fromFloat16(new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2));
  }
  throw new EaselError(
    'unsupported-model',
    `The ONNX model's output ${name} has the type ${type}, which Easel does not support. Use another export.`,
    { name },
  );
}

/**
 * Fits a feed's dims to the rank of an input: a timestep is a scalar in some exports, and one number or one
 * for each row in others.
 * @returns the dims, and how often to repeat the data
 * @throws EaselError `bad-size` if the graph is exported for other sizes
 */
export function fitDims(
  dims: readonly number[],
  { name, shape }: OnnxValue,
): { readonly dims: readonly number[]; readonly repeat: number } {
  if (shape === undefined) return { dims, repeat: 1 };
  if (name.startsWith('timestep') && dims.length === 1) {
    if (shape.length === 0) return { dims: [], repeat: 1 };
    if (shape.length === 1) return { dims: [shape[0] ?? 1], repeat: shape[0] ?? 1 };
  }
  const fits =
    shape.length === dims.length &&
    shape.every((size, axis) => size === undefined || size === dims[axis]);
  if (fits) return { dims, repeat: 1 };
  const wanted = shape.map((size) => size ?? '?').join(' × ');
  throw new EaselError(
    'bad-size',
    `The ONNX model takes ${name.slice(0, 120)} as ${wanted.slice(0, 200)} only, not ${dims.join(' × ')}. ` +
      'Use the size that it was exported for, or an export with dynamic sizes.',
    { input: name, shape: [...shape], dims: [...dims] },
  );
}
