import type { IntegerTrial } from '../../core/request/precision';
import { Graph } from '../graph/graph';
import { quantize } from '../graph/ops/integer';
import { processorFlags } from '../runtime/processor-flags';
import { Session, type Feed } from '../runtime/session';

/** The product of a layer of Stable Diffusion's middle levels. */
const ROWS = 256;
const FEATURES = 1280;
const ROUNDS = 6;
/** Times as fast as float32, from which a measured product counts as fast. */
const FAST = 2;

/**
 * Multiplies bytes as ops/integer.ts does and compares the result with exact sums. Processors without
 * instructions for it add pairs of products in 16 bits, which is too few for the largest bytes (Intel's
 * VPMADDUBSW); ONNX Runtime has slower ways around that, so it is tried, not assumed. Whether the products are
 * fast is known from the processor's features, or else measured.
 */
export async function tryIntegers(): Promise<IntegerTrial> {
  if (!(await isExact())) return { exact: false, fast: false };
  return { exact: true, fast: (await hasByteProducts()) ?? (await measuredGain()) >= FAST };
}

/**
 * Whether the processor has instructions for sums of four products of bytes: Intel's and AMD's VNNI and AMX,
 * and ARM's dot product.
 * @returns undefined where the system does not say
 */
async function hasByteProducts(): Promise<boolean | undefined> {
  // Every processor of Apple's own has them.
  if (process.platform === 'darwin' && process.arch === 'arm64') return true;
  const flags = await processorFlags();
  return flags && BYTE_PRODUCTS.some((name) => flags.has(name));
}

/** Their names in Linux. */
const BYTE_PRODUCTS = ['avx512_vnni', 'avx_vnni', 'amx_int8', 'asimddp'];

/** The time of a product in float32 over that in bytes: the fastest of several, in turns, as others may be busy. */
async function measuredGain(): Promise<number> {
  const data = Float32Array.from({ length: ROWS * FEATURES }, (_, i) => (i % 251) - 100);
  const feeds = { x: feedOf(data, ROWS) };
  const models = [
    productOfFloats(ROWS, FEATURES),
    productOfBytes(ROWS, FEATURES, constantWeights(FEATURES)),
  ];
  const sessions = await Promise.all(models.map((model) => Session.create({ model }, 'cpu')));
  try {
    const best = sessions.map(() => Infinity);
    for (let round = 0; round < ROUNDS; round++) {
      for (const [i, session] of sessions.entries()) {
        const started = performance.now();
        await session.run(feeds);
        best[i] = Math.min(best[i] ?? Infinity, performance.now() - started);
      }
    }
    const [floats = 0, bytes = Infinity] = best;
    return floats / bytes;
  } finally {
    await Promise.all(sessions.map((session) => session.release()));
  }
}

/** Rows of the largest bytes, and of the largest weights of either sign: every pair of products overflows 16 bits. */
async function isExact(): Promise<boolean> {
  const [rows, features] = [5, 64];
  const sign = (k: number, n: number) => (Math.floor(k / (1 + (n % 4))) % 2 === 0 ? 127 : -127);
  const weights = Int8Array.from({ length: features * features }, (_, i) =>
    sign(Math.floor(i / features), i % features),
  );
  // Zero and 255 are in the tensor, so its bytes are its values.
  const data = Float32Array.from({ length: rows * features }, (_, i) =>
    i % 7 === 3 ? 0 : 255 - (i % 3),
  );
  const found = await run(productOfBytes(rows, features, weights), data, rows);
  return found.every((value, at) => {
    const [m, n] = [Math.floor(at / features), at % features];
    let sum = 0;
    for (let k = 0; k < features; k++) {
      sum += data[m * features + k]! * weights[k * features + n]!;
    }
    return value === sum;
  });
}

function constantWeights(features: number): Int8Array {
  return Int8Array.from({ length: features * features }, (_, i) => ((i * 37) % 255) - 127);
}

/** Input `x` float32 [rows, features]; output `y`. */
function productOfBytes(rows: number, features: number, weights: Int8Array): Uint8Array {
  const graph = new Graph();
  const x = graph.input('x', 'float32', [rows, features]);
  const [bytes, scale, zero] = quantize(graph, x);
  const matrix = graph.constant('int8', [...weights], [features, features]);
  const scales = graph.constant('float32', new Array<number>(features).fill(1), [features]);
  const inputs = [bytes, matrix, scale, scales, zero];
  graph.output(
    'y',
    graph.node('MatMulIntegerToFloat', inputs, { type: 'float32', shape: x.shape }),
  );
  return graph.finish('integers').model;
}

function productOfFloats(rows: number, features: number): Uint8Array {
  const graph = new Graph();
  const x = graph.input('x', 'float32', [rows, features]);
  const matrix = graph.constant(
    'float32',
    Array.from({ length: features * features }, (_, i) => (i % 17) - 8),
    [features, features],
  );
  graph.output('y', graph.node('MatMul', [x, matrix], { type: 'float32', shape: x.shape }));
  return graph.finish('floats').model;
}

async function run(model: Uint8Array, data: Float32Array, rows: number): Promise<Float32Array> {
  const session = await Session.create({ model }, 'cpu');
  try {
    return (await session.run({ x: feedOf(data, rows) })).y!;
  } finally {
    await session.release();
  }
}

function feedOf(data: Float32Array, rows: number): Feed {
  return { type: 'float32', data, dims: [rows, data.length / rows] };
}
