import { strict as assert } from 'node:assert';
import sharp from 'sharp';
import { readRecipe } from '../../../src/core/recipe/index';
import { parseRequest } from '../../../src/core/request/request';
import { drawStart, startComposition } from '../../../src/engine/composition/start-ground';
import { materialise } from '../../support/fixture';
import { pixelsOf, StarterEngine } from '../../support/starter-engine';

const engine = new StarterEngine();
after(() => engine.close());

describe('a ground that is named for a model that does not compose', () => {
  const size = { width: 64, height: 64 };
  const request = { prompt: 'a lighthouse', seed: 3, steps: 3, ...size };

  it('is what the model starts from, as an initial image', async () => {
    const model = materialise('sd1');
    const asked = { ...request, model, ground: 'sea' };
    const { images, summary } = await engine.draw(asked);
    assert.deepEqual([images[0]!.width, images[0]!.height], [64, 64]);
    const parsed = parseRequest(asked);
    const start = startComposition(parsed)!;
    // The lighthouse is a vector drawing: it needs no model.
    assert.deepEqual(
      start.subjects.map(({ source }) => source),
      ['vector'],
    );
    const { data } = await drawStart(start, parsed, size);
    const initImage = await sharp(data, { raw: { ...size, channels: 3 } })
      .png()
      .toBuffer();
    const strength = readRecipe(images[0]!.bytes)!.request.strength!;
    const same = await engine.drawOne({ ...request, model, initImage, strength });
    assert.deepEqual((await pixelsOf(images[0]!.bytes)).data, (await pixelsOf(same.bytes)).data);
    assert.equal(summary.model, model);
  });

  it('is in the recipe, which repeats the image', async () => {
    const first = await engine.drawOne({ ...request, model: materialise('sd1'), ground: 'sea' });
    const recipe = readRecipe(first.bytes)!;
    assert.match(recipe.details.Composed!, /sea.*drawn over/);
    assert.equal(recipe.notes.length, 0);
    const again = await engine.drawOne(recipe.request);
    assert.deepEqual(again.bytes, first.bytes);
  });

  it('is left out without a name, and changes nothing then', async () => {
    const model = materialise('sd1');
    const usual = await engine.drawOne({ ...request, model });
    for (const ground of ['auto', 'none']) {
      const same = await engine.drawOne({ ...request, model, ground, metadata: false });
      assert.deepEqual((await pixelsOf(same.bytes)).data, (await pixelsOf(usual.bytes)).data);
    }
    assert.equal(readRecipe(usual.bytes)!.details.Composed, undefined);
  });
});
