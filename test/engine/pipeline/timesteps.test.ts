import assert from 'node:assert/strict';

import { createScheduler } from '../../../src/core/diffusion/schedulers/index';
import { EaselError } from '../../../src/core/errors';
import { imageToImageTimesteps } from '../../../src/engine/pipeline/timesteps';

/** The timesteps of four steps at half strength. */
function timesteps(name: string, strengthInSchedule: boolean): readonly number[] {
  const scheduler = createScheduler({}, name);
  const model = { strengthInSchedule };
  return imageToImageTimesteps(scheduler, { model, steps: 4, strength: 0.5 });
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

  it('are refused where none is left', () => {
    const scheduler = createScheduler({}, 'dpm-sde');
    const none = { model: { strengthInSchedule: false }, steps: 4, strength: 0.1 };
    assert.throws(
      () => imageToImageTimesteps(scheduler, none),
      (error) => error instanceof EaselError && error.code === 'bad-request',
    );
  });
});
