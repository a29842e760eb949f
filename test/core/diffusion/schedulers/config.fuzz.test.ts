import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EaselError } from '../../../../src/core/errors';
import { createScheduler, SCHEDULER_NAMES } from '../../../../src/core/diffusion/schedulers/index';
import { findScheduler } from '../../../../src/core/diffusion/schedulers/registry';
import { fuzzRuns } from '../../../support/fuzz';
import { caseNames, readCases } from './reference';

const SIZE = 16;

/** Numbers that hang, overflow or divide by zero where they are not checked. */
const NUMBERS = [
  ...[
    NaN,
    Infinity,
    -Infinity,
    0,
    -0,
    -1,
    1,
    2,
    3,
    4,
    7,
    0.5,
    1.5,
    -0.3,
    1e-9,
    1e-300,
    0.02,
    0.999,
  ],
  ...[10, 50, 999, 1000, 1001, 9999, 10_001, 1e5, 1e8, 1e9, 4e9, 2 ** 31, 2 ** 53, 1e300],
];
const OTHERS = [
  null,
  true,
  false,
  '',
  'linear',
  '1000',
  [],
  [0.1, 0.2],
  {},
  [null],
  'x'.repeat(5000),
];

/** Every field that a scheduler reads, with the values that diffusers' cases give it. */
const FIELDS: ReadonlyMap<string, readonly unknown[]> = collectFields();

function collectFields(): Map<string, unknown[]> {
  const fields = new Map<string, unknown[]>([
    ['tau_func', []],
    ['solver_p', []],
    ['use_dynamic_shifting', [true]],
    ['use_flow_sigmas', [true]],
    ['shift_terminal', [0.1]],
    ['sigma_schedule', ['karras', 'exponential']],
    ['final_sigmas_type', ['zero', 'sigma_min']],
  ]);
  for (const { config } of caseNames().flatMap((name) => readCases(name))) {
    for (const [field, value] of Object.entries(config)) {
      if (!field.startsWith('_')) fields.set(field, [...(fields.get(field) ?? []), value]);
    }
  }
  return fields;
}

const entry = fc
  .constantFrom(...FIELDS.keys())
  .chain((field) =>
    fc.tuple(
      fc.constant(field),
      fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(...NUMBERS) },
        { weight: 2, arbitrary: fc.constantFrom<unknown>(...(FIELDS.get(field) ?? []), null) },
        { weight: 1, arbitrary: fc.constantFrom<unknown>(...OTHERS) },
        { weight: 1, arbitrary: fc.double() },
        { weight: 1, arbitrary: fc.array(fc.double(), { maxLength: 5 }) },
      ),
    ),
  );
const config = fc.array(entry, { minLength: 1, maxLength: 6 });
const steps = fc.constantFrom(1, 2, 3, 5, 20, 1000);

/** Draws as far as the config lets it. @returns undefined where a step gave values that are not finite */
function draw(fields: object, name: string, count: number): Float32Array | undefined {
  const scheduler = createScheduler({ _class_name: name, ...fields });
  scheduler.setTimesteps(count, { mu: 0.8 });
  let sample: Float32Array = Float32Array.from(
    { length: SIZE },
    (_, i) => (i / 8 - 1) * scheduler.initNoiseSigma,
  );
  for (const timestep of scheduler.timesteps.slice(0, 60)) {
    const output = scheduler.scaleModelInput(sample, timestep).map((value) => value / 2);
    const variance = String((fields as Record<string, unknown>).variance_type).startsWith(
      'learned',
    );
    const full = variance ? Float32Array.from([...output, ...output.map(Math.abs)]) : output;
    sample = scheduler.step(full, timestep, sample, () => new Float32Array(SIZE).fill(0.5));
    if (!sample.every(Number.isFinite)) return undefined;
  }
  return sample;
}

describe('scheduler configs of any values', () => {
  for (const name of SCHEDULER_NAMES) {
    it(`of ${name} give a scheduler, or an error that names the file and the field`, () => {
      assert.ok(findScheduler(name));
      fc.assert(
        fc.property(config, steps, (entries, count) => {
          try {
            draw(Object.fromEntries(entries), name, count);
          } catch (thrown) {
            assert.ok(thrown instanceof EaselError, String(thrown));
            assert.ok(thrown.message.length < 400, thrown.message);
            if (thrown.code === 'bad-request') return;
            assert.equal(thrown.code, 'unsupported-config', thrown.message);
            assert.ok(thrown.message.includes('scheduler_config.json'), thrown.message);
            assert.ok(thrown.data.field, thrown.message);
          }
        }),
        { numRuns: fuzzRuns(300) },
      );
    });
  }
});

describe('numbers of a scheduler config', () => {
  const absurd = [NaN, -1e9, 1e9, 4e9, 1e300, -Infinity, Infinity];
  const numeric = [...FIELDS].filter(([, values]) => values.some((v) => typeof v === 'number'));

  it('have bounds, whichever scheduler reads them', () => {
    assert.ok(numeric.length > 15);
    for (const [field] of numeric) {
      for (const value of absurd) {
        // It may be infinite, and diffusers saves it so.
        if (field === 'lambda_min_clipped') continue;
        // A seed may be any whole number.
        if (field === 'noise_sampler_seed' && value > 0 && Number.isSafeInteger(value)) continue;
        const refusals = SCHEDULER_NAMES.filter((name) => {
          try {
            createScheduler({ _class_name: name, [field]: value });
            return false;
          } catch (thrown) {
            assert.ok(thrown instanceof EaselError, String(thrown));
            assert.equal(thrown.code, 'unsupported-config');
            assert.ok(thrown.message.includes(field), thrown.message);
            return true;
          }
        });
        const isRead = ![
          'base_shift',
          'max_shift',
          'base_image_seq_len',
          'max_image_seq_len',
        ].includes(field);
        assert.equal(refusals.length > 0, isRead, `${field} = ${value}`);
      }
    }
  });
});
