import type { AttentionKind, ComputeType, DeviceName } from '../../core/devices';
import { TorchGenerator } from '../../core/diffusion/random';
import { Builder } from '../graph/builder';
import type { BuiltGraph } from '../graph/graph';
import { cast } from '../graph/ops/arithmetic';
import { attention } from '../graph/ops/attention';
import { Session, type Feed } from '../runtime/session';

/** The sizes of an attention: B, T, S and heads as in graph/ops/attention.ts. */
interface AttentionCase {
  readonly batch: number;
  readonly tokens: number;
  readonly keys: number;
  readonly heads: number;
  readonly headSize: number;
  readonly causal?: boolean;
}

/**
 * Self-attention, attention to 77 words in a guided job, and a text encoder's, with the head sizes of Stable
 * Diffusion. ONNX Runtime has several kernels and takes one by these sizes.
 */
const CASES: readonly AttentionCase[] = [
  { batch: 1, tokens: 64, keys: 64, heads: 2, headSize: 40 },
  { batch: 2, tokens: 64, keys: 77, heads: 2, headSize: 40 },
  { batch: 1, tokens: 256, keys: 256, heads: 2, headSize: 64 },
  { batch: 1, tokens: 20, keys: 77, heads: 1, headSize: 160 },
  { batch: 1, tokens: 77, keys: 77, heads: 2, headSize: 64, causal: true },
];
/** As in the second level of SD 1.5 at 512 × 512: its time decides between two right kinds. */
const LARGE: AttentionCase = { batch: 1, tokens: 1024, keys: 1024, heads: 8, headSize: 80 };

const RUNS = 3;

/** The fused kernel saves memory, too: it is taken unless it is clearly slower. */
const SLOWER = 1.1;

export interface AttentionTrial {
  /** The faster one of those that are right. */
  readonly attention: AttentionKind;
}

/**
 * Finds out which attention is right on a device, and the faster one where both are.
 * @param options.tolerance the largest error allowed, relative to the largest value
 * @param options.isSlow leaves out the large case
 * @returns what is wrong where none is right
 * @throws ONNX Runtime's error where the device cannot compute plain attention
 */
export async function tryAttention(
  device: DeviceName,
  type: ComputeType,
  options: { readonly tolerance: number; readonly isSlow: boolean },
): Promise<AttentionTrial | { readonly fault: string }> {
  const small = CASES.map((one) => ({ ...one, inputs: inputsOf(one) }));
  const expected = small.map(attended);
  const cases = options.isSlow ? small : [...small, { ...LARGE, inputs: inputsOf(LARGE) }];
  // NaN where an output has it.
  const errorOf = ({ outputs }: Run) =>
    Math.max(...expected.map((values, index) => largestDifference(outputs[index]!, values)));
  const plain = await run({ device, type, kind: 'plain', cases });
  const error = errorOf(plain);
  if (!(error <= options.tolerance)) return { fault: wrong(error) };
  let fused;
  try {
    fused = await run({ device, type, kind: 'fused', cases });
  } catch {
    return { attention: 'plain' };
  }
  // Of the large case, plain attention is the measure.
  const isSame = fused.outputs.every(
    (output, index) => largestDifference(output, plain.outputs[index]!) <= 2 * options.tolerance,
  );
  const isRight = isSame && errorOf(fused) <= options.tolerance;
  const isFast = fused.seconds <= plain.seconds * SLOWER;
  return { attention: isRight && isFast ? 'fused' : 'plain' };
}

function wrong(error: number): string {
  return `computes wrong attention (off by ${error.toExponential(1)} of the range)`;
}

interface RunOptions {
  readonly device: DeviceName;
  readonly type: ComputeType;
  readonly kind: AttentionKind;
  readonly cases: readonly FilledCase[];
}

interface Run {
  readonly outputs: readonly Float32Array[];
  readonly seconds: number;
}

async function run(options: RunOptions): Promise<Run> {
  const { device, cases } = options;
  const session = await Session.create(trialGraph(options), device);
  try {
    const feeds = Object.fromEntries(
      cases.flatMap((one, index) =>
        one.inputs.map(({ name, feed }) => [`${name}${index}`, feed] as const),
      ),
    );
    let results = await session.run(feeds);
    let seconds = Infinity;
    for (let i = 0; i < RUNS; i++) {
      const started = performance.now();
      results = await session.run(feeds);
      seconds = Math.min(seconds, (performance.now() - started) / 1000);
    }
    return { outputs: cases.map((_, index) => results[`y${index}`]!), seconds };
  } finally {
    await session.release();
  }
}

/** From `q`, `k` and `v` to `y`, each with the number of the case, all float32. */
function trialGraph({ device, type, kind, cases }: RunOptions): BuiltGraph {
  const target = { device, computeType: type, attention: kind };
  const noWeights = { description: '', get: () => undefined, names: () => [], totalBytes: 0 };
  const b = Builder.create(noWeights, { target });
  for (const [index, one] of cases.entries()) {
    const [query, key, value] = one.inputs.map(({ name, feed }) =>
      cast(b, b.graph.input(`${name}${index}`, 'float32', feed.dims), type),
    );
    const { heads, causal = false } = one;
    const mixed = attention(b, query!, key!, value!, { heads, causal });
    b.graph.output(`y${index}`, cast(b, mixed, 'float32'));
  }
  return b.finish('attention_trial');
}

interface FilledCase extends AttentionCase {
  /** q, k and v. */
  readonly inputs: readonly Input[];
}

interface Input {
  readonly name: 'q' | 'k' | 'v';
  readonly feed: Extract<Feed, { readonly type: 'float32' }>;
}

function inputsOf({ batch, tokens, keys, heads, headSize }: AttentionCase): readonly Input[] {
  const width = heads * headSize;
  const input = (name: Input['name'], count: number, seed: number): Input => {
    const data = new TorchGenerator(seed).randn(batch * count * width);
    return { name, feed: { type: 'float32', data, dims: [batch, count, width] } };
  };
  return [input('q', tokens, 1), input('k', keys, 2), input('v', keys, 3)];
}

/** softmax(q · kᵀ / √headSize) · v, in double precision. */
function attended(one: FilledCase): Float32Array {
  const { batch, tokens, keys, heads, headSize, causal = false } = one;
  const [q, k, v] = one.inputs.map(({ feed }) => feed.data) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const width = heads * headSize;
  const output = new Float32Array(q.length);
  const weights = new Float64Array(keys);
  for (let b = 0; b < batch; b++)
    for (let head = 0; head < heads; head++)
      for (let token = 0; token < tokens; token++) {
        const count = causal ? token + 1 : keys;
        const from = (b * tokens + token) * width + head * headSize;
        const keyAt = (key: number) => (b * keys + key) * width + head * headSize;
        let sum = 0;
        for (let key = 0; key < count; key++) {
          let score = 0;
          for (let c = 0; c < headSize; c++) score += q[from + c]! * k[keyAt(key) + c]!;
          // Scores of random values are small: no need to subtract the largest.
          sum += weights[key] = Math.exp(score / Math.sqrt(headSize));
        }
        for (let c = 0; c < headSize; c++) {
          let mixed = 0;
          for (let key = 0; key < count; key++) mixed += weights[key]! * v[keyAt(key) + c]!;
          output[from + c] = mixed / sum;
        }
      }
  return output;
}

/** Relative to the largest expected value; NaN where a value is not a number, which must not pass as agreement. */
export function largestDifference(found: Float32Array, wanted: Float32Array): number {
  let difference = 0;
  let range = 0;
  for (const [i, value] of wanted.entries()) {
    difference = Math.max(difference, Math.abs(value - found[i]!));
    range = Math.max(range, Math.abs(value));
  }
  return difference / range;
}
