import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { TorchGenerator } from '../../../../src/core/diffusion/random';
import { createScheduler, type Scheduler } from '../../../../src/core/diffusion/schedulers/index';
import { parseConfigJson } from '../../../../src/core/json';
import { weightedSum } from '../../../../src/core/diffusion/schedulers/math/vectors';
import { FIXTURES } from '../../../support/paths';

/** One loop that diffusers ran; see scripts/reference/schedulers.py, whose made-up network this repeats. */
export interface ReferenceCase {
  readonly config: Readonly<Record<string, unknown>>;
  /** The class it was made with, where that is not the config's. */
  readonly name?: string;
  readonly steps: number;
  readonly begin?: number;
  readonly strength?: number;
  readonly mu?: number;
  readonly eta?: number;
  readonly channels?: number;
  readonly timesteps: readonly number[];
  readonly initNoiseSigma: number;
  /** base64 of float32: a few values of the first latents, of the latents after each step, and all the last. */
  readonly start: string;
  readonly trace: string;
  readonly final: string;
  readonly nextNoise: number;
}

export interface ReferenceBetas {
  readonly config: Readonly<Record<string, unknown>>;
  readonly sha256: string;
  readonly values: string;
  readonly count: number;
}

/** What our scheduler did in the same loop. */
export interface Run {
  readonly scheduler: Scheduler;
  readonly start: Float32Array;
  /** The kept values after each step, one after another. */
  readonly trace: Float32Array;
  /** The largest value of the latents after each step. */
  readonly scales: readonly number[];
  readonly final: Float32Array;
  readonly nextNoise: number;
}

const PIXELS = 16;
const PATTERN_SEED = 1234;
const NOISE_SEED = 77;
export const KEPT = 6;

/** What there are cases of: scheduler classes, and `carried-over` for configs of another class. */
export function caseNames(): readonly string[] {
  return readdirSync(path.join(FIXTURES, 'schedulers'))
    .map((file) => path.basename(file, '.json'))
    .filter((name) => name !== 'betas');
}

export function readCases(name: string): readonly ReferenceCase[] {
  return readFixture(name) as readonly ReferenceCase[];
}

export function readBetas(): readonly ReferenceBetas[] {
  return readFixture('betas') as readonly ReferenceBetas[];
}

function readFixture(name: string): unknown {
  const file = path.join(FIXTURES, 'schedulers', `${name}.json`);
  return parseConfigJson(`{"entries": ${readFileSync(file, 'utf8')}}`, file).entries;
}

export function decode(base64: string): Float32Array {
  const bytes = new Uint8Array(Buffer.from(base64, 'base64'));
  return new Float32Array(bytes.buffer);
}

/** A few evenly spaced values. */
export function kept(sample: Float32Array): Float32Array {
  return Float32Array.from(
    { length: KEPT },
    (_, i) => sample[Math.floor((i * (sample.length - 1)) / (KEPT - 1))]!,
  );
}

/** Runs the loop of the reference with our scheduler. */
export function run(reference: ReferenceCase): Run {
  const { steps, begin, strength, mu, eta } = reference;
  const scheduler = createScheduler(reference.config, reference.name, { eta });
  const size = (reference.channels ?? 4) * PIXELS;
  const pattern = new TorchGenerator(PATTERN_SEED).randn(size);
  const generator = new TorchGenerator(NOISE_SEED);
  const variance = learnsVariance(reference) ? pattern.map((value) => Math.abs(value)) : undefined;

  scheduler.setTimesteps(steps, { strength, mu });
  let timesteps = scheduler.timesteps;
  const noise = generator.randn(size);
  let sample = weightedSum([scheduler.initNoiseSigma, noise]);
  if (begin !== undefined) {
    scheduler.setBeginIndex(begin);
    timesteps = timesteps.slice(begin);
    sample = scheduler.addNoise(pattern, noise, timesteps[0]!);
  }
  const start = kept(sample);
  const trace: number[] = [];
  const scales: number[] = [];
  for (const timestep of timesteps) {
    const input = scheduler.scaleModelInput(sample, timestep);
    const gain = networkGain(scheduler.predictionType, timestep);
    const mean = weightedSum([gain, input], [0.1, pattern]);
    const output = variance ? concatenate(mean, weightedSum([0.01, variance])) : mean;
    sample = scheduler.step(output, timestep, sample, () => generator.randn(size));
    trace.push(...kept(sample));
    scales.push(sample.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0));
  }
  return {
    scheduler,
    start,
    trace: Float32Array.from(trace),
    scales,
    final: sample,
    nextNoise: generator.randn(1)[0]!,
  };
}

/** The class the case is made with, which decides whether the field means anything. */
function learnsVariance({ config }: ReferenceCase): boolean {
  const type = config.variance_type;
  return typeof type === 'string' && type.startsWith('learned');
}

function networkGain(type: Scheduler['predictionType'], timestep: number): number {
  switch (type) {
    case 'v_prediction':
      return 0.1;
    case 'sample':
      return 1 - (0.8 * timestep) / 1000;
    case 'epsilon':
    case 'flow_prediction':
      return 0.05 + (0.9 * timestep) / 1000;
  }
}

function concatenate(first: Float32Array, second: Float32Array): Float32Array {
  const joined = new Float32Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
