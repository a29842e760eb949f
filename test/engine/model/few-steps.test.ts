import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import path from 'node:path';

import type { Model } from '../../../src/engine/model/model';
import { openModel } from '../../../src/engine/model/open';
import { materialise } from '../../support/fixture';
import { writeHollow } from '../../support/published-checkpoint';
import { tempFolder } from '../../support/temp-folder';

function settingsOf(model: Model): readonly unknown[] {
  const { steps, guidanceScale } = model.defaults;
  const { name, predictionType } = model.createScheduler();
  return [steps, guidanceScale, name, predictionType];
}

describe('models for few steps outside of the cache', () => {
  it('are known by the name of their folder, whose scheduler is its own', async () => {
    const plain = materialise('sd1');
    const own = await openModel({ id: plain, folder: plain });
    const folder = path.join(tempFolder(), 'sd-turbo');
    renameSync(plain, folder);
    const [, , ...scheduler] = settingsOf(own);
    assert.deepEqual(settingsOf(await openModel({ id: folder, folder })), [1, 1, ...scheduler]);
  });

  it('are known by the name or the title of their file', async function () {
    // NTFS would write out the gigabytes.
    if (process.platform === 'win32') this.skip();
    const open = (file: string) => openModel({ id: file, folder: path.dirname(file), file });
    const turbo = path.join(path.dirname(writeHollow('sd2')), 'sd_turbo.safetensors');
    renameSync(path.join(path.dirname(turbo), 'model.safetensors'), turbo);
    // Its name has no "512" and no "base", as those of other models that predict the noise.
    const few = [1, 1, 'EulerDiscreteScheduler', 'epsilon'];
    assert.deepEqual(settingsOf(await open(turbo)), few);
    const titled = writeHollow('sd2', { 'modelspec.title': 'SD Turbo' });
    assert.deepEqual(settingsOf(await open(titled)), few);
  });
});
