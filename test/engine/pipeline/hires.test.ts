import assert from 'node:assert/strict';
import { EaselError } from '../../../src/core/errors';
import { parseRequest } from '../../../src/core/request/request';
import { memoryLimit } from '../../../src/engine/runtime/memory';
import { openModel } from '../../../src/engine/model/open';
import { secondPass } from '../../../src/engine/pipeline/plan';
import { materialise, pictureBytes } from '../../support/fixture';

const FIRST = { steps: 30, width: 512, height: 328 };

describe('a second pass', () => {
  const settingsOf = (hires: object) => secondPass(parseRequest({ prompt: 'a', hires }), FIRST, 8);

  it('is larger by its scale, in whole latent cells', () => {
    const settings = settingsOf({ scale: 1.5 });
    assert.deepEqual([settings?.width, settings?.height], [768, 496]);
    assert.equal(settings?.steps, 30);
    assert.equal(settings.strength, 0.7);
    assert.equal(secondPass(parseRequest({ prompt: 'a' }), FIRST, 8), undefined);
  });

  it('is refused where parts of a picture are to stay', () => {
    const initImage = pictureBytes('sketch.png');
    for (const kept of [{ mask: pictureBytes('mask.png') }, { outpaint: { left: 8 } }]) {
      const request = parseRequest({ prompt: 'a', hires: {}, initImage, ...kept });
      assert.throws(
        () => secondPass(request, FIRST, 8),
        (thrown: unknown) => thrown instanceof EaselError && thrown.code === 'bad-request',
      );
    }
  });
});

describe('tiles', () => {
  it('are taken where the whole would take more than half of the memory, or as asked for', async () => {
    const model = await openModel({ id: 'sd1', folder: materialise('sd1') });
    const plan = (width: number, vaeTiling?: boolean) =>
      model.estimateMemory({ width, height: 64, guided: true, steps: 30, vaeTiling });
    assert.equal(plan(64).vaeTiling, false);
    assert.equal(plan(64, true).vaeTiling, true);
    // The small decoder has 8 channels at full size: 160 bytes a pixel.
    const huge = Math.ceil(memoryLimit() / 2 / 160 / 64 / 8) * 8 + 8;
    assert.equal(plan(huge).vaeTiling, true);
    assert.equal(plan(huge, false).vaeTiling, false);
    assert.ok(plan(huge).bytes < plan(huge, false).bytes);
  });
});
