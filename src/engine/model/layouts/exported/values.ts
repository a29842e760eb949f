import { fromFloat16, toFloat16 } from '../../../../core/float16';
import { EaselError } from '../../../../core/errors';
import type { Feed } from '../../../runtime/session';
import type { OnnxValue } from '../../../onnx/header';

/** Data in the type a graph declares, as ONNX Runtime's tensors take it. */
export interface TypedData {
  readonly type: 'float32' | 'float16' | 'int32' | 'int64';
  readonly data: Float32Array | Uint16Array | Int32Array | BigInt64Array;
}

/**
 * Casts a feed to the type an input declares: fractions of timesteps are cut off for whole numbers, as
 * numpy's `astype` does in diffusers' and optimum's pipelines.
 */
export function castFeed(feed: Feed, input: OnnxValue): TypedData {
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
    case 'other':
      throw new EaselError(
        'unsupported-model',
        `The ONNX model takes ${input.name} in a type that Easel does not give.`,
        { input: input.name },
      );
  }
}

/** An output's values as float32. */
export function castOutput(name: string, type: string, data: unknown): Float32Array {
  if (data instanceof Float32Array) return data;
  // Node has a Float16Array only since version 24; the bits are the same.
  if (type === 'float16' && ArrayBuffer.isView(data)) {
    return fromFloat16(new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2));
  }
  throw new EaselError('unsupported-model', `The ONNX model answers ${name} as ${type}.`, { name });
}

/**
 * The dims of a feed in the rank an input declares: a timestep is a scalar in some exports, one number or
 * one for each row in others.
 * @returns the dims, and how often the data is to be repeated
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
    `The ONNX model takes ${name} as ${wanted} only, not ${dims.join(' × ')}. ` +
      'Draw at the size it was exported for, or take an export with free sizes.',
    { input: name, shape: [...shape], dims: [...dims] },
  );
}
