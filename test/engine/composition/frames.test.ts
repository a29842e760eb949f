import { strict as assert } from 'node:assert';
import sharp from 'sharp';
import { pixelsOf, StarterEngine } from '../../support/starter-engine';

const engine = new StarterEngine();
after(() => engine.close());

const png = (svg: string) => sharp(Buffer.from(svg)).png().toBuffer();
const svg = (width: number, height: number, body: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${body}</svg>`;

const HOUSE =
  '<rect width="400" height="300" fill="#fff"/><path d="M120 130 L200 60 L280 130Z" fill="#c22"/>' +
  '<rect x="140" y="130" width="120" height="110" fill="#e8c080"/>' +
  '<rect x="180" y="180" width="40" height="60" fill="#742"/>';
const DOOR =
  '<rect width="400" height="300"/><rect x="172" y="174" width="56" height="66" fill="#fff"/>';

describe('an initial image for a model that composes', () => {
  it('can have any size and shape, which the result has too', async () => {
    for (const [width, height] of [
      [400, 300],
      [90, 500],
      [1000, 64],
    ] as const) {
      const initImage = await png(
        svg(
          width,
          height,
          '<rect width="100%" height="100%" fill="#fff"/><circle cx="50%" cy="50%" r="20" fill="#d22"/>',
        ),
      );
      const drawn = await engine.drawOne({ prompt: 'a red ball', initImage, seed: 1 });
      assert.deepEqual([drawn.width, drawn.height], [width, height]);
    }
    const initImage = await png(svg(400, 300, HOUSE));
    const other = await engine.drawOne({
      prompt: 'a house',
      initImage,
      width: 600,
      height: 200,
      seed: 1,
    });
    assert.deepEqual([other.width, other.height], [600, 200]);
  });

  it('keeps its place: what was in the middle stays there', async () => {
    const initImage = await png(svg(400, 300, HOUSE));
    const { data } = await pixelsOf(
      (await engine.drawOne({ prompt: 'a house', initImage, seed: 1, strength: 0.3 })).bytes,
    );
    const at = (x: number, y: number) => [0, 1, 2].map((c) => data[(y * 400 + x) * 3 + c]!);
    const [red, , blue] = at(200, 100);
    assert.ok(red! > 150 && blue! < 120, String(at(200, 100)));
    assert.ok(
      at(20, 20).every((value) => value > 235),
      String(at(20, 20)),
    );
  });

  it('stays as it is outside of the mask, and changes inside', async () => {
    const initImage = await png(svg(400, 300, HOUSE));
    const mask = await png(svg(400, 300, DOOR));
    const request = { prompt: 'a house with a blue door', initImage, mask, seed: 1 } as const;
    const before = await pixelsOf(await sharp(initImage).removeAlpha().png().toBuffer());
    const after = await pixelsOf((await engine.drawOne(request)).bytes);
    let sums = [0, 0, 0];
    let count = 0;
    for (let y = 0; y < 300; y++) {
      for (let x = 0; x < 400; x++) {
        const at = (y * 400 + x) * 3;
        const inside = x >= 172 && x < 228 && y >= 174 && y < 240;
        if (!inside) {
          for (const c of [0, 1, 2])
            assert.equal(after.data[at + c], before.data[at + c], `${x}, ${y}`);
        } else if (x > 185 && x < 215 && y > 190 && y < 230) {
          sums = sums.map((sum, c) => sum + after.data[at + c]!);
          count += 1;
        }
      }
    }
    const [red, green, blue] = sums.map((sum) => sum / count);
    assert.ok(blue! > red! + 30 && blue! > green! + 20, `${red} ${green} ${blue}`);
  });

  it('grows by margins, with its own pixels in their place', async () => {
    const initImage = await png(svg(400, 300, HOUSE));
    const outpaint = { left: 40, top: 10, right: 0, bottom: 0 };
    const before = await pixelsOf(await sharp(initImage).removeAlpha().png().toBuffer());
    const after = await pixelsOf(
      (await engine.drawOne({ prompt: 'a house', initImage, outpaint, seed: 1 })).bytes,
    );
    assert.deepEqual([after.width, after.height], [440, 310]);
    for (let y = 0; y < 300; y += 7) {
      const own = before.data.slice(y * 400 * 3, (y + 1) * 400 * 3);
      const from = ((y + 10) * 440 + 40) * 3;
      assert.deepEqual(after.data.slice(from, from + 400 * 3), own, `row ${y}`);
    }
  });

  it('can lose its background', async () => {
    const initImage = await png(svg(400, 300, HOUSE));
    const request = { prompt: 'a house', initImage, transparent: true, seed: 1 } as const;
    const { channels, width, height } = await pixelsOf((await engine.drawOne(request)).bytes);
    assert.deepEqual([channels, width, height], [4, 400, 300]);
  });
});
