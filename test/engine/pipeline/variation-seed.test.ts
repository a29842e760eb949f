import assert from 'node:assert/strict';
import { SessionCache } from '../../../src/engine/runtime/session-cache';
import { readRecipe } from '../../../src/core/recipe/index';
import { drawRequest } from '../../support/drawing';
import { materialise, pictureBytes } from '../../support/fixture';
import { StarterEngine } from '../../support/starter-engine';

// Images of variations are compared with diffusers' in text-to-image.test.ts.
describe('variations of a seed', () => {
  const sessions = new SessionCache();
  after(() => sessions.clear());

  const folder = materialise('sd1');
  const common = { prompt: 'a red apple', model: folder, steps: 2, width: 64, height: 64 };
  const draw = async (fields: object) =>
    (await drawRequest({ ...common, ...fields }, folder, sessions)).pictures;
  const starts = {
    'from noise': {},
    'from an image': { initImage: pictureBytes('sketch.png'), strength: 0.8 },
    'with a mask': {
      ...{ initImage: pictureBytes('sketch.png'), strength: 1 },
      mask: pictureBytes('mask.png'),
    },
    'with a second pass': { hires: { scale: 1.5 } },
  };

  for (const [name, start] of Object.entries(starts)) {
    it(`lie between the images of two seeds (${name})`, async () => {
      const [own] = await draw({ ...start, seed: 3 });
      const vary = async (variationStrength: number) =>
        (await draw({ ...start, seed: 3, variationSeed: 9, variationStrength }))[0];
      assert.deepEqual(await vary(0), own);
      const half = await vary(0.5);
      assert.notDeepEqual(half, own);
      assert.notDeepEqual(await vary(1), half);
    });
  }

  it('are those of the variation seed at a strength of 1', async () => {
    const [there] = await draw({ seed: 9 });
    const [varied] = await draw({ seed: 3, variationSeed: 9, variationStrength: 1 });
    assert.deepEqual(varied, there);
  });

  it('share the seed, and each image has the next variation seed', async () => {
    const fields = { seed: 3, variationStrength: 0.4 };
    const together = await draw({ ...fields, variationSeed: 9, numImages: 2 });
    assert.deepEqual(together[0], (await draw({ ...fields, variationSeed: 9 }))[0]);
    assert.deepEqual(together[1], (await draw({ ...fields, variationSeed: 10 }))[0]);
    assert.notDeepEqual(together[0], together[1]);
  });
});

describe('files of variations of a seed', () => {
  const engine = new StarterEngine();
  after(() => engine.close());

  const small = { model: materialise('sd1'), steps: 2, width: 64, height: 64 };
  const models = {
    'a model that draws as it is': small,
    'the starter, which composes': { steps: 2 },
  };
  for (const [name, model] of Object.entries(models)) {
    it(`are drawn again from their recipe, byte for byte (${name})`, async () => {
      const request = { prompt: 'a red apple and a green pear', ...model, seed: 3 };
      const varied = { ...request, variationStrength: 0.4, numImages: 2 };
      const { images } = await engine.draw(varied);
      for (const image of images) {
        const recipe = readRecipe(image.bytes)!.request;
        assert.equal(recipe.variationStrength, 0.4);
        assert.equal(recipe.seed, image.seed);
        const again = await engine.drawOne(recipe);
        assert.deepEqual(again.bytes, image.bytes);
        const { bytes } = await engine.drawOne({ ...recipe, variationStrength: 0 });
        assert.notDeepEqual(bytes, image.bytes);
      }
      const [first, second] = images.map(({ bytes }) => readRecipe(bytes)!.request.variationSeed!);
      // The seed that was chosen for the first image, and the next.
      assert.equal(second, first! + 1);
    });
  }

  it('say nothing of a seed without a strength', async () => {
    const request = { prompt: 'a red apple', ...small, seed: 3, variationSeed: 7 };
    const { bytes } = await engine.drawOne(request);
    const { variationSeed, variationStrength } = readRecipe(bytes)!.request;
    assert.deepEqual([variationSeed, variationStrength], [undefined, undefined]);
  });
});
