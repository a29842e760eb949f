import assert from 'node:assert/strict';

import { createScheduler } from '../../../src/core/diffusion/schedulers/index';
import { EaselError } from '../../../src/core/errors';
import {
  imageToImageTimesteps,
  textToImageTimesteps,
} from '../../../src/engine/pipeline/timesteps';

/** The timesteps of four steps at half strength. */
function timesteps(name: string, strengthInSchedule: boolean): readonly number[] {
  const scheduler = createScheduler({}, name);
  const model = { strengthInSchedule };
  return imageToImageTimesteps(scheduler, { model, steps: 4, strength: 0.5 }).timesteps;
}

describe('the timesteps of image to image', () => {
  it('are the last ones of the schedule', () => {
    assert.deepEqual(timesteps('ddim', false), [250, 0]);
    for (const name of ['lcm', 'tcd']) assert.deepEqual(timesteps(name, false), [499, 259], name);
    // Two calls a step.
    assert.equal(timesteps('dpm-sde', false).length, 3);
  });

  it('are a shorter schedule where pipeline and scheduler have one', () => {
    for (const name of ['lcm', 'tcd']) {
      assert.deepEqual(timesteps(name, true), [499, 379, 259, 139], name);
    }
    assert.deepEqual(timesteps('ddim', true), timesteps('ddim', false));
  });

  it('are one at the least strength where the schedule has one more than steps', () => {
    const scheduler = createScheduler({ skip_prk_steps: true, steps_offset: 1 }, 'pndm');
    const asked = { model: { strengthInSchedule: false }, steps: 7, strength: 0.01 };
    assert.deepEqual(imageToImageTimesteps(scheduler, asked).timesteps, [1]);
  });

  it('are refused where none is left', () => {
    const scheduler = createScheduler({}, 'dpm-sde');
    const none = { model: { strengthInSchedule: false }, steps: 4, strength: 0.1 };
    assert.throws(
      () => imageToImageTimesteps(scheduler, none),
      (error) => error instanceof EaselError && error.code === 'bad-request',
    );
  });
});

describe('a part of the denoising', () => {
  const model = { strengthInSchedule: false };
  const base = (name: string, denoisingEnd: number) =>
    textToImageTimesteps(createScheduler({}, name), { steps: 5, denoisingEnd });
  const rest = (name: string, denoisingStart: number, denoisingEnd?: number) =>
    imageToImageTimesteps(createScheduler({}, name), {
      ...{ model, steps: 5, strength: 0.1, denoisingStart, denoisingEnd },
    });

  it('ends and begins at the same timestep', () => {
    // ddim: 800, 600, 400, 200, 0.
    assert.deepEqual(base('ddim', 0.4), { timesteps: [800, 600], before: 0, counted: 5 });
    assert.deepEqual(rest('ddim', 0.4), { timesteps: [400, 200, 0], before: 2, counted: 5 });
    assert.deepEqual(rest('ddim', 0.4, 0.8).timesteps, [400, 200]);
    // The cutoff 500.5 is rounded to the even number.
    assert.deepEqual(base('ddim', 0.4995).timesteps, [800, 600]);
  });

  it('takes no share at the ends', () => {
    for (const share of [0, 1]) assert.equal(base('ddim', share).timesteps.length, 5);
    assert.throws(() => rest('ddim', 0), /none of 5 steps/);
  });

  it('does not begin between the two timesteps of a step', () => {
    const { timesteps } = rest('heun', 0.5);
    assert.equal(timesteps.length % 2, 1);
    const all = createScheduler({}, 'heun');
    all.setTimesteps(5);
    assert.deepEqual(all.timesteps.slice(-timesteps.length), timesteps);
  });

  it('is refused where it has no step', () => {
    assert.throws(() => base('ddim', 0.1), /No step is left up to 0.1.*denoisingEnd/);
    assert.throws(() => rest('ddim', 0.9999), /No step is left from 0.9999.*denoisingStart/);
  });
});
