import {
  deviceAdvice,
  deviceLabel,
  deviceProfile,
  FALLBACK_DEVICE,
  type ComputeType,
  type DeviceName,
} from '../../core/devices';
import { TorchGenerator } from '../../core/diffusion/random';
import { EaselError } from '../../core/errors';
import type { HalfTrial } from '../../core/request/precision';
import type { DeviceTrial } from '../../protocol/engine';
import { encodeModel, type OnnxInitializer, type OnnxNode } from '../onnx/model-proto';
import { elementTypeCode } from '../onnx/schema';
import { Session } from '../runtime/session';
import { largestDifference, tryAttention } from './attention-trial';
import { cardOf } from './card';
import { failedHalf, failedTrial } from './failed-trial';

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
 * Runs a small stack of 3 × 3 convolutions and attention (what a UNet spends its time on) on a device, compares them
 * with the right values, and measures the convolutions after a warm-up. Never rejects: a failure is a probe that does
 * not work.
 */
export async function tryDevice(device: DeviceName): Promise<DeviceTrial> {
  const card = await cardOf(device);
  const known = card && { card };
  const step = deviceAdvice(device, process.platform, process.arch)?.failed;
  const advice = step !== undefined && { advice: step };
  const failed = (fault: string): DeviceTrial => {
    return { ...failedTrial(device, fault), ...known, ...advice };
  };
  try {
    const found = await compared({ device, size: SMALL });
    if ('fault' in found) return failed(found.fault);
    const { gflops } = isSlow(found) ? found : await runTrial({ device, size: LARGE });
    const shown = gflops < 10 ? gflops.toFixed(1) : gflops.toFixed(0);
    const detail = `${shown} GFLOP/s in a trial`;
    const attention = await triedAttention(device, 'float32', isSlow(found));
    if (attention && 'fault' in attention) return failed(attention.fault);
    const todo = card?.kind === 'software' && advice;
    return { device, works: true, gflops, detail, ...known, ...attention, ...todo };
  } catch (thrown) {
    return failed(explain(device, thrown));
  }
}

/** The same in float16, on a device that works, and how fast it is beside float32. Never rejects. */
export async function tryHalf(device: DeviceName): Promise<HalfTrial> {
  try {
    const found = await compared({ device, size: SMALL, type: 'float16' });
    if ('fault' in found) return failedHalf(`in float16 it ${found.fault}`);
    const size = isSlow(found) ? SMALL : LARGE;
    const half = await runTrial({ device, size, type: 'float16' });
    const full = await runTrial({ device, size });
    const attention = await triedAttention(device, 'float16', isSlow(found));
    if (attention && 'fault' in attention) return failedHalf(`in float16 it ${attention.fault}`);
    const halfSpeed = full.seconds / half.seconds;
    const kind = attention && { halfAttention: attention.attention };
    return { half: true, halfSpeed, halfFault: '', ...kind };
  } catch (thrown) {
    return failedHalf(explain(device, thrown));
  }
}

/** @returns undefined where the kind of attention is known */
async function triedAttention(device: DeviceName, type: ComputeType, isSlow: boolean) {
  if (deviceProfile(device).attention !== 'by-trial') return undefined;
  return tryAttention(device, type, { tolerance: TOLERANCE, isSlow });
}

interface TrialOptions {
  readonly device: DeviceName;
  /** Pixels of a side. */
  readonly size: number;
  /** What the convolutions compute in. Default: float32. */
  readonly type?: ComputeType;
}

interface Trial {
  readonly output: Float32Array;
  readonly seconds: number;
  readonly gflops: number;
}

function isSlow({ seconds }: Trial): boolean {
  return seconds > SLOW_SECONDS;
}

/** A trial, or what is wrong with its values. */
async function compared(options: TrialOptions): Promise<Trial | { readonly fault: string }> {
  const found = await runTrial(options);
  if (options.device === FALLBACK_DEVICE) return found;
  const expected = await runTrial({ device: FALLBACK_DEVICE, size: options.size });
  const error = largestDifference(found.output, expected.output);
  if (error <= TOLERANCE) return found;
  return { fault: `computes wrong values (off by ${error.toExponential(1)} of the range)` };
}

async function runTrial({ device, size, type = 'float32' }: TrialOptions): Promise<Trial> {
  const session = await Session.create({ model: trialModel(size, type) }, device);
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

/** From `x` to `y`, both float32. */
function trialModel(size: number, type: ComputeType): Uint8Array {
  const weight = new TorchGenerator(1).randn(CHANNELS * CHANNELS * 9);
  // Keeps the deviation near one from layer to layer.
  for (let i = 0; i < weight.length; i++) weight[i]! /= Math.sqrt(CHANNELS * 9);
  const initializer: OnnxInitializer = {
    name: 'w',
    type: 'float32',
    shape: [CHANNELS, CHANNELS, 3, 3],
    data: { raw: new Uint8Array(weight.buffer, weight.byteOffset, weight.byteLength) },
  };
  const node = (operator: string, inputs: string[], output: string, attributes = {}): OnnxNode => ({
    ...{ name: output, operator, domain: '', inputs, outputs: [output], attributes },
  });
  const cast = (from: string, to: string, element: ComputeType) =>
    node('Cast', [from], to, { to: { int: elementTypeCode(element) } });
  const attributes = { pads: { ints: [1, 1, 1, 1] }, kernel_shape: { ints: [3, 3] } };
  const layers = Array.from({ length: LAYERS }, (_, layer) =>
    node('Conv', [`h${layer}`, 'kernel'], `h${layer + 1}`, attributes),
  );
  const shape = [1, CHANNELS, size, size];
  return encodeModel({
    graphName: 'trial',
    opsets: { '': 17 },
    nodes: [
      cast('w', 'kernel', type),
      cast('x', 'h0', type),
      ...layers,
      cast(`h${LAYERS}`, 'y', 'float32'),
    ],
    initializers: [initializer],
    inputs: [{ name: 'x', type: 'float32', shape }],
    outputs: [{ name: 'y', type: 'float32', shape }],
  });
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
