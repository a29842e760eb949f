import { strict as assert } from 'node:assert';
import type { Recipe } from '../../../src/core/recipe';
import { DEFAULT_REQUEST_SETTINGS } from '../../../src/core/request/settings';
import {
  drawAgainRequest,
  isOutdated,
  precisionOfRecipe,
  variedRequest,
} from '../../../src/host/recipes/redraw-request';

const recipe: Recipe = {
  tool: 'Easel',
  request: {
    prompt: 'a cup',
    model: 'starter',
    seed: 7,
    steps: 8,
    guidanceScale: 2,
    width: 256,
    height: 256,
    scheduler: 'EulerDiscreteScheduler',
    loras: [{ path: '/l.safetensors' }],
  },
  details: {},
  notes: [],
};
const settings = DEFAULT_REQUEST_SETTINGS;

describe('drawing a recipe again', () => {
  it('is not exact where the recipe says so and the settings do not', () => {
    const { request } = recipe;
    const inBytes: Recipe = { ...recipe, request: { ...request, precision: 'int8' } };
    const again = drawAgainRequest(inBytes, settings, 'png');
    assert.equal(precisionOfRecipe(again, settings), 'int8');
    assert.equal(precisionOfRecipe(again, { ...settings, precision: 'int8' }), undefined);
    assert.equal(precisionOfRecipe({ ...again, precision: 'full' }, settings), undefined);
    assert.equal(precisionOfRecipe(drawAgainRequest(recipe, settings, 'png'), settings), undefined);
  });

  it('is only of use where the model or a setting has changed since', () => {
    assert.ok(!isOutdated(recipe, settings, 'png'));
    assert.ok(!isOutdated(recipe, { ...settings, steps: 8 }, 'png'));
    assert.ok(isOutdated(recipe, { ...settings, steps: 9 }, 'png'));
    assert.ok(isOutdated(recipe, { ...settings, width: 512 }, 'png'));
    assert.ok(isOutdated(recipe, { ...settings, model: 'a/b' }, 'png'));
    assert.ok(isOutdated(recipe, { ...settings, transparent: true }, 'png'));
    // JPEG cannot be transparent, and the device changes no image that one would want again.
    assert.ok(!isOutdated(recipe, { ...settings, transparent: true }, 'jpeg'));
    assert.ok(!isOutdated(recipe, { ...settings, device: 'cpu' }, 'png'));
    const foreign: Recipe = {
      ...recipe,
      tool: 'AUTOMATIC1111',
      request: { prompt: 'a cup', seed: 7 },
      model: 'dreamshaper_8',
    };
    assert.ok(isOutdated(foreign, settings, 'png'));
  });

  it('keeps the whole recipe with the same model', () => {
    const again = drawAgainRequest(recipe, { ...settings, steps: 9 }, 'png');
    const { seed, steps, scheduler, loras } = again;
    assert.deepEqual(
      { seed, steps, scheduler, loras },
      {
        ...{ seed: 7, steps: 9 },
        scheduler: recipe.request.scheduler,
        loras: recipe.request.loras,
      },
    );
  });

  it('keeps the words, the seed and the size of the file with another model', () => {
    const again = drawAgainRequest(recipe, { ...settings, model: 'a/b' }, 'webp');
    assert.deepEqual([again.model, again.seed, again.prompt], ['a/b', 7, 'a cup']);
    assert.deepEqual(again.fit, { width: 256, height: 256 });
    for (const field of ['steps', 'guidanceScale', 'scheduler', 'loras', 'width'] as const) {
      assert.equal(again[field], undefined, field);
    }
  });

  it('varies the seed alone', () => {
    const varied = variedRequest(recipe, { ...settings, model: 'a/b', steps: 9 }, 'png');
    assert.deepEqual([varied.model, varied.steps], ['starter', 8]);
    assert.notEqual(varied.seed, 7);
    assert.equal(varied.variation, 1);
    const next = { ...recipe, request: { ...recipe.request, variation: 3 } };
    assert.equal(variedRequest(next, settings, 'png').variation, 4);
  });
});
