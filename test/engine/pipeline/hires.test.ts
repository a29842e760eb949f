import assert from 'node:assert/strict';
import sharp from 'sharp';
import { resizeLanczos } from '../../../src/core/image/resize';
import { EaselError } from '../../../src/core/errors';
import { parseRequest } from '../../../src/core/request/request';
import { memoryLimit } from '../../../src/engine/runtime/memory';
import { openModel } from '../../../src/engine/model/open';
import { secondPass } from '../../../src/engine/pipeline/plan';
import { SessionCache } from '../../../src/engine/runtime/session-cache';
import { drawRequest } from '../../support/drawing';
import { materialise, pictureBytes } from '../../support/fixture';
import { differences } from '../../support/pictures';

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

describe('a second pass of an inpainting model without a mask', () => {
  const sessions = new SessionCache();
  after(() => sessions.clear());

  it('draws the whole enlarged image again, as it does one that it is given', async () => {
    const folder = materialise('sd-inpaint');
    const asked = { prompt: 'a red apple', seed: 42, steps: 4, strength: 0.6 };
    const given = { ...asked, initImage: pictureBytes('sketch.png') };
    const [first] = (await drawRequest(given, folder, sessions)).pictures;
    const larger = resizeLanczos(first!, 96, 96);
    const raw = { width: 96, height: 96, channels: 3 } as const;
    const initImage = await sharp(larger.data, { raw }).png().toBuffer();
    const [expected] = (await drawRequest({ ...asked, initImage }, folder, sessions)).pictures;
    const hires = { scale: 1.5, strength: 0.6, steps: 4, upscaler: 'lanczos' } as const;
    const [found] = (await drawRequest({ ...given, hires }, folder, sessions)).pictures;
    assert.deepEqual([found!.width, found!.height], [96, 96]);
    assert.ok(differences(found!, expected!).largest <= 1);
    assert.ok(differences(found!, larger).largest > 20);
    const latent = { ...given, hires: { ...hires, upscaler: 'latent' } } as const;
    const [other] = (await drawRequest(latent, folder, sessions)).pictures;
    assert.ok(differences(other!, expected!).largest > 1);
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
