import { deviceLabel, deviceProfile, FALLBACK_DEVICE, type DeviceName } from '../../core/devices';
import { TorchGenerator } from '../../core/diffusion/random';
import { EaselError } from '../../core/errors';
import type { DeviceProbe } from '../../protocol/engine';
import { encodeModel, type OnnxInitializer, type OnnxNode } from '../onnx/model-proto';
import { Session } from '../runtime/session';

const CHANNELS = 64;
const LAYERS = 6;
const RUNS = 3;
/**
 * Pixels of a side. A small trial shows whether a device works, and one that is already slow at it (a
 * software driver) is not kept busy for longer; the large one fills a GPU.
 */
const SMALL = 12;
const LARGE = 64;
const SLOW_SECONDS = 0.02;

/** The largest error allowed, relative to the largest value; a driver that computes in float16 still passes. */
const TOLERANCE = 2e-2;

/**
 * Runs a small stack of 3 × 3 convolutions (what a UNet spends its time on) on a device, compares it
 * with the fallback device, and measures it after a warm-up. Never rejects: a failure is a probe that does not work.
 */
export async function tryDevice(device: DeviceName): Promise<DeviceProbe> {
  try {
    const expected = await runTrial(FALLBACK_DEVICE, SMALL);
    const found = device === FALLBACK_DEVICE ? expected : await runTrial(device, SMALL);
    const error = largestDifference(found.output, expected.output);
    if (!(error <= TOLERANCE)) {
      return failure(
        device,
        `computes wrong values (off by ${error.toExponential(1)} of the range)`,
      );
    }
    const { gflops } = found.seconds > SLOW_SECONDS ? found : await runTrial(device, LARGE);
    const shown = gflops < 10 ? gflops.toFixed(1) : gflops.toFixed(0);
    return { device, works: true, gflops, detail: `${shown} GFLOP/s in a trial` };
  } catch (thrown) {
    return failure(device, explain(device, thrown));
  }
}

function failure(device: DeviceName, detail: string): DeviceProbe {
  return { device, works: false, gflops: 0, detail };
}

interface Trial {
  readonly output: Float32Array;
  readonly seconds: number;
  readonly gflops: number;
}

async function runTrial(device: DeviceName, size: number): Promise<Trial> {
  const session = await Session.create({ model: trialModel(size) }, device);
  try {
    const dims = [1, CHANNELS, size, size];
    const data = new TorchGenerator(0).randn(CHANNELS * size * size);
    const feeds = { x: { type: 'float32', data, dims } } as const;
    let output = (await session.run(feeds)).y!;
    let seconds = Infinity;
    for (let i = 0; i < RUNS; i++) {
      const started = performance.now();
      output = (await session.run(feeds)).y!;
      seconds = Math.min(seconds, (performance.now() - started) / 1000);
    }
    const flop = 2 * LAYERS * CHANNELS * CHANNELS * 9 * size * size;
    return { output, seconds, gflops: flop / seconds / 1e9 };
  } finally {
    await session.release();
  }
}

function trialModel(size: number): Uint8Array {
  const weight = new TorchGenerator(1).randn(CHANNELS * CHANNELS * 9);
  // Keeps the deviation near one from layer to layer.
  for (let i = 0; i < weight.length; i++) weight[i]! /= Math.sqrt(CHANNELS * 9);
  const initializer: OnnxInitializer = {
    name: 'w',
    type: 'float32',
    shape: [CHANNELS, CHANNELS, 3, 3],
    data: { raw: new Uint8Array(weight.buffer, weight.byteOffset, weight.byteLength) },
  };
  const value = (layer: number) => (layer === 0 ? 'x' : layer === LAYERS ? 'y' : `h${layer}`);
  const nodes = Array.from({ length: LAYERS }, (_, layer): OnnxNode => ({
    name: `conv${layer}`,
    operator: 'Conv',
    domain: '',
    inputs: [value(layer), 'w'],
    outputs: [value(layer + 1)],
    attributes: { pads: { ints: [1, 1, 1, 1] }, kernel_shape: { ints: [3, 3] } },
  }));
  const shape = [1, CHANNELS, size, size];
  return encodeModel({
    graphName: 'trial',
    opsets: { '': 17 },
    nodes,
    initializers: [initializer],
    inputs: [{ name: 'x', type: 'float32', shape }],
    outputs: [{ name: 'y', type: 'float32', shape }],
  });
}

function largestDifference(found: Float32Array, expected: Float32Array): number {
  let difference = 0;
  let range = 0;
  for (const [i, value] of expected.entries()) {
    const d = Math.abs(value - found[i]!);
    // A NaN must not pass as agreement.
    if (!(d <= difference)) difference = d;
    range = Math.max(range, Math.abs(value));
  }
  return difference / range;
}

/** The reason why a device does not work, in words a user can act on where the cause is known. */
function explain(device: DeviceName, thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  if (thrown instanceof EaselError) return text;
  const known = deviceProfile(device).failures.find(({ message }) => text.includes(message));
  if (known) return known.explanation;
  if (text.includes('Failed to load shared library')) {
    return `the ${deviceLabel(device)} parts of ONNX Runtime do not load`;
  }
  if (/not supported|not available|not found|is not enabled/i.test(text)) {
    return 'this build of ONNX Runtime does not have it';
  }
  return (text.split('\n')[0] ?? '').slice(0, 200);
}
