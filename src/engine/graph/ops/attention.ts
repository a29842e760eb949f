import type { Builder } from '../builder';
import type { Value } from '../graph';
import { add, addingInFloat32, cast, scaleShift } from './arithmetic';
import { concat, reshape, transpose } from './shape';

export interface AttentionOptions {
  readonly heads: number;
  /** Each token attends to itself and to the tokens before it only. */
  readonly causal?: boolean;
  /** Compute in float32 whatever the graph computes in. */
  readonly upcast?: boolean;
  /** Plain attention computes more scores than this in parts of the queries, to save memory. */
  readonly mostScores?: number;
}

/** How many scores plain attention computes at once: 128 MiB in float32. */
export const MOST_SCORES = 2 ** 25;

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
    return cast(b, attention(b.inFloat32, q!, k!, v!, options), query.type);
  }
  return b.fusedAttention
    ? fusedAttention(b, query, key, value, options)
    : plainAttention(b, query, key, value, options);
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
  { heads, causal = false, mostScores = MOST_SCORES }: AttentionOptions,
): Value {
  const [batch, tokens, width] = query.shape as [number, number, number];
  const keys = key.shape[1]!;
  const headSize = width / heads;
  const split = (x: Value, order: readonly number[]): Value =>
    transpose(b, reshape(b, x, [batch, x.shape[1]!, heads, headSize]), order);
  const scaled = scaleShift(b, split(query, [0, 2, 1, 3]), 1 / Math.sqrt(headSize));
  const transposedKeys = split(key, [0, 2, 3, 1]);
  const values = split(value, [0, 2, 1, 3]);
  const attend = (part: Value): Value => {
    const count = part.shape[2]!;
    const raw = b.node('MatMul', [part, transposedKeys], [batch, heads, count, keys]);
    const scores = causal ? add(b, raw, causalMask(b, tokens)) : raw;
    const weights = addingInFloat32(b, scores, (own, value) =>
      own.node('Softmax', [value], scores.shape, { axis: { int: -1 } }),
    );
    return b.node('MatMul', [weights, values], [batch, heads, count, headSize]);
  };
  const parts = causal ? 1 : Math.ceil((batch * heads * tokens * keys) / mostScores);
  const mixed =
    parts <= 1 ? attend(scaled) : concat(b, queryParts(b, scaled, parts).map(attend), 2);
  return reshape(b, transpose(b, mixed, [0, 2, 1, 3]), [batch, tokens, width]);
}

/** Queries [B, H, T, S] in parts of about equal numbers of tokens. */
function queryParts(b: Builder, x: Value, parts: number): readonly Value[] {
  const [batch, heads, tokens, headSize] = x.shape as [number, number, number, number];
  const ends = Array.from({ length: parts + 1 }, (_, part) => Math.round((tokens * part) / parts));
  const sizes = ends.slice(1).map((end, part) => end - ends[part]!);
  const shapes = sizes.map((size) => [batch, heads, size, headSize]);
  return b.nodeOf('Split', [x, b.integers(sizes)], shapes, { axis: { int: 2 } });
}

/** 0 where a token may attend, far below any score elsewhere: [1, 1, T, T]. */
function causalMask(b: Builder, tokens: number): Value {
  const lowest = b.computeType === 'float16' ? -65504 : -3.4028234663852886e38;
  const mask = new Array<number>(tokens * tokens).fill(0);
  return b.numbers(
    mask.map((_, index) => (index % tokens > Math.floor(index / tokens) ? lowest : 0)),
    [1, 1, tokens, tokens],
  );
}
