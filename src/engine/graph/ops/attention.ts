import type { Builder } from '../builder';
import type { Value } from '../graph';
import { add, cast, scaleShift } from './arithmetic';
import { reshape, transpose } from './shape';

export interface AttentionOptions {
  readonly heads: number;
  /** A token sees itself and those before it. */
  readonly causal?: boolean;
  /** Compute in float32 whatever the graph computes in. */
  readonly upcast?: boolean;
}

/**
 * Scaled dot product attention. query [B, T, D], key and value [B, S, D], D cut into `heads`; the scale is
 * 1 / sqrt(D / heads). Returns [B, T, D].
 */
export function attention(
  b: Builder,
  query: Value,
  key: Value,
  value: Value,
  options: AttentionOptions,
): Value {
  if (options.upcast === true && query.type !== 'float32') {
    const [q, k, v] = [query, key, value].map((x) => cast(b, x, 'float32'));
    return cast(b, attention(b, q!, k!, v!, { ...options, upcast: false }), query.type);
  }
  return b.device === 'coreml' || b.device === 'webgpu'
    ? plainAttention(b, query, key, value, options)
    : fusedAttention(b, query, key, value, options);
}

function fusedAttention(
  b: Builder,
  query: Value,
  key: Value,
  value: Value,
  { heads, causal = false }: AttentionOptions,
): Value {
  const inputs = [query, key, value];
  const bias = causal ? [undefined, undefined, causalMask(b, query.shape[1]!)] : [];
  const attributes = { num_heads: { int: heads } };
  return b.node('MultiHeadAttention', [...inputs, ...bias], query.shape, attributes);
}

function plainAttention(
  b: Builder,
  query: Value,
  key: Value,
  value: Value,
  { heads, causal = false }: AttentionOptions,
): Value {
  const [batch, tokens, width] = query.shape as [number, number, number];
  const headSize = width / heads;
  const split = (x: Value, order: readonly number[]): Value =>
    transpose(b, reshape(b, x, [batch, x.shape[1]!, heads, headSize]), order);
  const q = scaleShift(b, split(query, [0, 2, 1, 3]), 1 / Math.sqrt(headSize));
  const keys = key.shape[1]!;
  const raw = b.node('MatMul', [q, split(key, [0, 2, 3, 1])], [batch, heads, tokens, keys]);
  const scores = causal ? add(b, raw, causalMask(b, tokens)) : raw;
  const weights = b.node('Softmax', [scores], scores.shape, { axis: { int: -1 } });
  const shape = [batch, heads, tokens, headSize];
  const mixed = b.node('MatMul', [weights, split(value, [0, 2, 1, 3])], shape);
  return reshape(b, transpose(b, mixed, [0, 2, 1, 3]), [batch, tokens, width]);
}

/** 0 where a token may look, far below any score where it may not: [1, 1, T, T]. */
function causalMask(b: Builder, tokens: number): Value {
  const lowest = b.computeType === 'float16' ? -65504 : -3.4028234663852886e38;
  const mask = new Array<number>(tokens * tokens).fill(0);
  return b.numbers(
    mask.map((_, index) => (index % tokens > Math.floor(index / tokens) ? lowest : 0)),
    [1, 1, tokens, tokens],
  );
}
