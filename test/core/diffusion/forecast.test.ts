import assert from 'node:assert/strict';
import * as v from 'valibot';
import { countEvaluations, countRuns } from '../../../src/core/diffusion/evaluations';
import { denoise } from '../../../src/core/diffusion/denoise';
import {
  computedSteps,
  Forecast,
  ForecastSchema,
  type ForecastOptions,
} from '../../../src/core/diffusion/forecast';
import { createScheduler, SCHEDULER_NAMES } from '../../../src/core/diffusion/schedulers/index';

const SIZE = 16;
const usual = (changes: Partial<ForecastOptions> = {}) => v.parse(ForecastSchema, changes);
const shown = (steps: number, options: ForecastOptions) =>
  computedSteps(steps, options)
    .map((isComputed) => (isComputed ? 'C' : '-'))
    .join('');

describe('the steps that are forecast', () => {
  it('begin after the warm-up, grow rarer and end before the last', () => {
    assert.equal(shown(20, usual()), 'CCCC-C-C--C--C---CCC');
    assert.equal(shown(20, usual({ flex: 0 })), 'CCCC-C-C-C-C-C-C-CCC');
    assert.equal(shown(12, usual({ window: 3, flex: 0, stop: 1 })), 'CCCC--C--C--');
  });

  it('are none in short schedules, or where every step is wanted', () => {
    for (const steps of [1, 2, 3, 4, 5]) assert.equal(shown(steps, usual()), 'C'.repeat(steps));
    assert.equal(shown(20, usual({ window: 1, flex: 0 })), 'C'.repeat(20));
    assert.equal(shown(20, usual({ stop: 0 })), 'C'.repeat(20));
    assert.equal(shown(20, usual({ warmup: 20 })), 'C'.repeat(20));
    // A forecast needs two outputs.
    assert.equal(shown(5, usual({ warmup: 0, window: 100 })).slice(0, 3), 'CC-');
  });

  it('are counted as calls that are not made, with and without guidance', () => {
    const forecast = usual();
    assert.equal(countRuns({ steps: 20, forecast }), 11);
    assert.equal(countEvaluations({ steps: 20, guided: true, forecast }), 22);
    assert.equal(countEvaluations({ steps: 20, guided: false }), 20);
    assert.equal(countEvaluations({ steps: 20, guided: true, edits: true }), 60);
    assert.equal(countEvaluations({ steps: 20, guided: false, edits: true }), 20);
    const guidanceInterval = { start: 0, end: 0.5 };
    assert.equal(countEvaluations({ steps: 20, guided: true, guidanceInterval }), 30);
    assert.equal(countEvaluations({ steps: 20, guided: false, guidanceInterval }), 20);
    assert.equal(countEvaluations({ steps: 20, guided: true, forecast, guidanceInterval }), 17);
  });
});

/** Denoises in 16 steps with a network whose clean sample is known. @param at the step's place, -1 to 1 */
async function run(
  name: string,
  original: (at: number) => number,
  forecast: ForecastOptions | undefined,
): Promise<{ readonly latents: Float32Array; readonly calls: number }> {
  const scheduler = createScheduler({ _class_name: name });
  scheduler.setTimesteps(16);
  const { timesteps } = scheduler;
  const ones = Float32Array.of(1);
  const zeros = Float32Array.of(0);
  let calls = 0;
  // Not found by the timestep: some schedulers have one twice.
  let step = 0;
  const latents = await denoise({
    scheduler,
    latents: new Float32Array(SIZE).fill(scheduler.initNoiseSigma),
    timesteps,
    guidanceScale: 1,
    guidanceRescale: 0,
    forecast: forecast && new Forecast(scheduler, timesteps.length, forecast),
    predict: (modelInput, timestep) => {
      calls += 1;
      const wanted = original((2 * step) / (timesteps.length - 1) - 1);
      // The output with which the scheduler estimates the wanted clean sample.
      const input = modelInput[0]!;
      const [rest = 0] = scheduler.estimateOriginal(Float32Array.of(input), zeros, timestep);
      const [slope = 0] = scheduler.estimateOriginal(zeros, ones, timestep);
      return Promise.resolve({ cond: new Float32Array(SIZE).fill((wanted - rest) / slope) });
    },
    noise: () => new Float32Array(SIZE),
    onStep: () => void (step += 1),
  });
  return { latents, calls };
}

describe('a forecast', () => {
  for (const name of SCHEDULER_NAMES) {
    it(`is right where the clean sample changes evenly: ${name}`, async () => {
      const line = (at: number) => 0.4 + 0.3 * at;
      const all = await run(name, line, undefined);
      const some = await run(name, line, usual());
      assert.ok(some.calls < all.calls, 'no step was forecast');
      assert.ok(Math.abs(some.latents[0]! - all.latents[0]!) < 1e-3);
    });
  }

  it('follows a curve by its polynomial better than by a straight line', async () => {
    const curve = (at: number) => 0.5 * at ** 3 - 0.4 * at ** 2;
    const all = await run('DDIMScheduler', curve, undefined);
    const error = async (options: Partial<ForecastOptions>) => {
      const { latents } = await run(
        'DDIMScheduler',
        curve,
        usual({ warmup: 5, stop: 1, flex: 0, ...options }),
      );
      return Math.abs(latents[0]! - all.latents[0]!);
    };
    const line = await error({ w: 0 });
    const fitted = await error({ w: 1, lam: 1e-6 });
    assert.ok(line > 1e-3, 'the curve is too easy');
    assert.ok(fitted < line / 10, `${fitted} against ${line}`);
  });

  it('changes nothing where no step is forecast', async () => {
    const line = (at: number) => at;
    const all = await run('EulerDiscreteScheduler', line, undefined);
    const none = await run('EulerDiscreteScheduler', line, usual({ stop: 0 }));
    assert.deepEqual(none.latents, all.latents);
  });
});
