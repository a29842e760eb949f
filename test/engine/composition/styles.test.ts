import { strict as assert } from 'node:assert';
import { readRecipe } from '../../../src/core/recipe/index';
import type { GenerationRequestInput } from '../../../src/core/request/request';
import { applyStyle, DEFAULT_STYLES } from '../../../src/core/request/styles';
import { pixelsOf, StarterEngine, type Pixels } from '../../support/starter-engine';

const engine = new StarterEngine();
after(() => engine.close());

const OFFERED = DEFAULT_STYLES.filter(({ effect }) => effect);
const draw = async (request: GenerationRequestInput): Promise<Pixels> =>
  pixelsOf((await engine.drawOne(request)).bytes);

/** The mean difference of the levels of two images of one size, without opacity. */
function difference(one: Pixels, other: Pixels): number {
  assert.deepEqual([one.width, one.height], [other.width, other.height]);
  let sum = 0;
  for (let i = 0; i < one.width * one.height; i++) {
    for (const c of [0, 1, 2]) {
      sum += Math.abs(one.data[i * one.channels + c]! - other.data[i * other.channels + c]!);
    }
  }
  return sum / (one.width * one.height) / 3;
}

describe('styles with the starter', function () {
  this.timeout(180_000);

  for (const [what, request] of [
    ['a thing at the model’s size', { prompt: 'a red apple', seed: 1 }],
    ['a composed scene', { prompt: 'a boat on the sea', seed: 1, width: 240, height: 126 }],
  ] as const) {
    it(`differ clearly from the plain image and from each other: ${what}`, async () => {
      const drawn = [{ name: 'no style', image: await draw(request) }];
      for (const style of OFFERED) {
        drawn.push({ name: style.name, image: await draw(applyStyle(style, request)) });
      }
      for (const [index, one] of drawn.entries()) {
        for (const other of drawn.slice(index + 1)) {
          const away = difference(one.image, other.image);
          assert.ok(away > 1.5, `${one.name}, ${other.name}: ${away}`);
        }
      }
    });
  }

  it('are in the recipe with their effect, and repeat from it', async () => {
    const [style] = OFFERED.filter(({ name }) => name === 'Oil painting');
    const asked = applyStyle(style!, { prompt: 'a red apple', seed: 3 });
    const { bytes } = await engine.drawOne(asked);
    const recipe = readRecipe(bytes)!;
    assert.equal(recipe.request.style?.effect, 'oil-painting');
    assert.equal(recipe.request.prompt, 'a red apple');
    assert.deepEqual((await engine.drawOne(recipe.request)).bytes, bytes);
  });

  it('draw the plain prompt, so that the subject is the same', async () => {
    const line = DEFAULT_STYLES.find(({ name }) => name === 'Line art')!;
    const request = { prompt: 'a red apple', seed: 1, transparent: true } as const;
    const plain = await draw(request);
    const styled = await draw(applyStyle(line, request));
    let apart = 0;
    for (let at = 3; at < plain.data.length; at += 4) {
      if (plain.data[at]! > 128 !== styled.data[at]! > 128) apart++;
    }
    assert.ok(apart / (plain.width * plain.height) < 0.05, String(apart));
  });

  it('keep what is transparent so, and draw stickers within the image', async () => {
    const sticker = DEFAULT_STYLES.find(({ name }) => name === 'Sticker')!;
    const request = { prompt: 'a red apple', seed: 1, width: 96, height: 64 };
    const { data, channels, width, height } = await draw(
      applyStyle(sticker, { ...request, ground: 'transparent' }),
    );
    assert.equal(channels, 4);
    const corners = [0, width - 1, (height - 1) * width, width * height - 1];
    assert.deepEqual(
      corners.map((pixel) => data[pixel * 4 + 3]),
      [0, 0, 0, 0],
    );
    assert.ok(data.some((value, at) => at % 4 === 3 && value === 255));
  });
});
