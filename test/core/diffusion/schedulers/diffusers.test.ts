import assert from 'node:assert/strict';

import { SCHEDULER_NAMES } from '../../../../src/core/diffusion/schedulers/index';
import { caseNames, decode, KEPT, readCases, run, type ReferenceCase } from './reference';

/**
 * How far from diffusers' value, relative to the largest value of the latents after the same step. Both sides
 * work in float32 in the same order; what is left comes from torch's own float32 functions: on the machine of
 * the reference its square root is one unit in the last place off for a fifth of all values.
 */
const TOLERANCE = 2e-6;

/**
 * Where that last place is amplified: ancestral steps take the small difference of two squares of sigmas, and
 * zero terminal SNR starts from a sigma of 4096.
 */
const AMPLIFIED_TOLERANCE = 1e-5;

/** Fractional timesteps are looked up among sigmas that come from that square root. */
const TIMESTEP_TOLERANCE = 1e-4;

/** Of the timesteps in the middle of an ancestral step, which follow from that small difference. */
const AMPLIFIED_TIMESTEP_TOLERANCE = 0.02;

const ANCESTRAL = new Set<unknown>([
  'EulerAncestralDiscreteScheduler',
  'KDPM2AncestralDiscreteScheduler',
]);

function isAncestral({ config, name }: ReferenceCase): boolean {
  return ANCESTRAL.has(name ?? config._class_name);
}

function toleranceOf(reference: ReferenceCase): number {
  const isAmplified = isAncestral(reference) || reference.config.rescale_betas_zero_snr === true;
  return isAmplified ? AMPLIFIED_TOLERANCE : TOLERANCE;
}

function titleOf(reference: ReferenceCase): string {
  const { config, name, steps, begin, strength, mu, eta } = reference;
  const common = new Set(['num_train_timesteps', 'beta_start', 'beta_end', '_class_name']);
  const fields = Object.entries(config)
    .filter(([field, value]) => !common.has(field) && value !== 'scaled_linear')
    .map(([field, value]) => `${field} ${JSON.stringify(value).slice(0, 20)}`);
  const parts = [
    name && `as ${name}`,
    begin && `from ${begin}`,
    strength && `strength ${strength}`,
    mu && `mu ${mu}`,
    eta && `eta ${eta}`,
  ];
  return [`${steps} steps`, ...parts.filter(Boolean), ...fields].join(', ');
}

function compare(reference: ReferenceCase): void {
  const { scheduler, start, trace, scales, final, nextNoise } = run(reference);
  const tolerance = toleranceOf(reference);
  assert.equal(scheduler.timesteps.length, reference.timesteps.length, 'number of timesteps');
  const timestepTolerance = isAncestral(reference)
    ? AMPLIFIED_TIMESTEP_TOLERANCE
    : TIMESTEP_TOLERANCE;
  for (const [i, expected] of reference.timesteps.entries()) {
    assertClose(scheduler.timesteps[i]!, expected, timestepTolerance, `timestep ${i}`);
  }
  const { initNoiseSigma } = reference;
  assertClose(scheduler.initNoiseSigma, initNoiseSigma, 2e-7 * initNoiseSigma, 'initNoiseSigma');
  const expectedStart = decode(reference.start);
  const startScale = Math.max(...expectedStart.map(Math.abs));
  start.forEach((value, i) =>
    assertClose(value, expectedStart[i]!, 2e-7 * startScale, `start, value ${i}`),
  );
  const expectedTrace = decode(reference.trace);
  assert.equal(trace.length, expectedTrace.length, 'number of steps');
  trace.forEach((value, i) => {
    const step = Math.floor(i / KEPT);
    assertClose(value, expectedTrace[i]!, tolerance * scales[step]!, `after step ${step}`);
  });
  const expectedFinal = decode(reference.final);
  const finalScale = scales[scales.length - 1]!;
  final.forEach((value, i) =>
    assertClose(value, expectedFinal[i]!, tolerance * finalScale, `final, value ${i}`),
  );
  assert.equal(nextNoise, reference.nextNoise, 'noise drawn as often as diffusers draws it');
}

function assertClose(actual: number, expected: number, tolerance: number, what: string): void {
  const distance = Math.abs(actual - expected);
  assert.ok(distance <= tolerance, `${what}: ${actual}, not ${expected} (off by ${distance})`);
}

describe('schedulers against diffusers', () => {
  it('have cases for every scheduler', () => {
    const without = SCHEDULER_NAMES.filter((name) => !caseNames().includes(name));
    assert.deepEqual(without, []);
  });

  for (const name of caseNames()) {
    describe(name, () => {
      for (const reference of readCases(name)) {
        it(titleOf(reference), () => compare(reference));
      }
    });
  }
});
