import * as assert from 'node:assert/strict';

import * as fc from 'fast-check';
import sharp from 'sharp';
import * as v from 'valibot';

import {
  difference,
  fromOklch,
  lightness,
  meanColour,
  oklch,
} from '../../../src/core/composition/colours';
import {
  FORMS,
  formsOf,
  GROUND_NAMES,
  GroundSchema,
  SCENES,
  SURFACES,
  TIMES,
  type Form,
  type Formed,
  type FormOf,
  type Ground,
  type SceneName,
} from '../../../src/core/composition/composition';
import { drawGround, type GroundOptions } from '../../../src/core/composition/grounds';
import { toSvgFile } from '../../../src/core/composition/vector-image';

const SIZES = [
  [16, 16],
  [64, 64],
  [256, 256],
  [1200, 630],
  [1920, 400],
  [400, 800],
  [970, 90],
  [90, 970],
] as const;

function svg(ground: Ground, options: GroundOptions): string {
  return toSvgFile(drawGround(ground, options).image);
}

async function pixels(
  ground: Ground,
  options: GroundOptions,
): Promise<{ width: number; height: number; at: (x: number, y: number) => string; all: string[] }> {
  const { data, info } = await sharp(Buffer.from(svg(ground, options)))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number): string =>
    `#${data.subarray((y * info.width + x) * info.channels, (y * info.width + x) * info.channels + 3).toString('hex')}`;
  const all: string[] = [];
  for (let y = 0; y < info.height; y += 3)
    for (let x = 0; x < info.width; x += 3) all.push(at(x, y));
  return { width: info.width, height: info.height, at, all };
}

const named = fc.record({
  name: fc.constantFrom(...GROUND_NAMES),
  time: fc.option(fc.constantFrom(...TIMES), { nil: undefined }),
  dark: fc.option(fc.boolean(), { nil: undefined }),
  form: fc.option(fc.constantFrom(...Object.values(FORMS).flat()), { nil: undefined }),
  colours: fc.option(
    fc.array(
      fc
        .integer({ min: 0, max: 0xffffff })
        .map((value) => `#${value.toString(16).padStart(6, '0')}`),
      { maxLength: 4 },
    ),
    { nil: undefined },
  ),
});
const sides = fc.oneof(fc.integer({ min: 16, max: 4096 }), fc.constantFrom(16, 90, 256, 970, 4096));

describe('grounds', () => {
  for (const name of GROUND_NAMES) {
    it(`${name} is drawn at the asked size, small as a file`, async () => {
      for (const [width, height] of SIZES) {
        for (const seed of [1, 2]) {
          const text = svg({ name }, { width, height, seed });
          const image = await sharp(Buffer.from(text)).stats();
          const meta = await sharp(Buffer.from(text)).metadata();
          assert.deepEqual([meta.width, meta.height], [width, height]);
          assert.ok(image.isOpaque, `${width} x ${height}: something shows through`);
          assert.ok(
            text.length < 16_000,
            `${width} x ${height}, seed ${seed}: ${text.length} bytes`,
          );
        }
      }
    });
  }

  it('are well-formed texts with finite numbers, at any size, seed and colours', () => {
    fc.assert(
      fc.property(named, sides, sides, fc.integer({ min: 0 }), (ground, width, height, seed) => {
        const { image, behind, floor, horizon } = drawGround(ground, { width, height, seed });
        assert.doesNotMatch(image.body, /NaN|Infinity|undefined|null|\de[-+]\d/);
        assert.match(behind, /^#[0-9a-f]{6}$/);
        for (const share of [floor, horizon]) {
          assert.ok(share === undefined || (share > 0.2 && share < 1), `${share}`);
        }
        // Each id that is used is defined, and each is defined once.
        const ids = [...image.body.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]!);
        assert.equal(new Set(ids).size, ids.length);
        for (const [, id] of image.body.matchAll(/#([a-z][^")]*)["')]/g)) {
          assert.ok(ids.includes(id!) || /^[0-9a-f]{6}$/.test(id!), `${id} is not defined`);
        }
        assert.ok(image.body.length < 30_000, `${ground.name}: ${image.body.length} bytes`);
      }),
      { numRuns: 250 },
    );
  });

  it('are the same for the same seed, and differ for others', () => {
    const size = { width: 600, height: 315 };
    for (const name of GROUND_NAMES) {
      const drawn = [1, 2, 3, 4, 5, 6].map((seed) => svg({ name }, { ...size, seed }));
      assert.equal(drawn[0], svg({ name }, { ...size, seed: 1 }));
      assert.equal(new Set(drawn).size, drawn.length, name);
    }
  });

  it('of different seeds look different', async () => {
    for (const name of GROUND_NAMES) {
      const means: string[] = [];
      const views: string[][] = [];
      for (const seed of [1, 2, 3, 4, 5]) {
        const { all } = await pixels({ name }, { width: 120, height: 63, seed });
        means.push(meanColour(all));
        views.push(all);
      }
      const apart = views
        .slice(1)
        .map(
          (view) =>
            view.reduce((sum, colour, at) => sum + difference(colour, views[0]![at]!), 0) /
            view.length,
        );
      assert.ok(Math.max(...apart) > 0.02, `${name}: ${apart.join(' ')}`);
    }
  });

  it('do not share ids, so that two of them can be in one page', () => {
    const first = drawGround({ name: 'sky' }, { width: 100, height: 100, seed: 1 }).image.body;
    const second = drawGround({ name: 'sky' }, { width: 100, height: 100, seed: 2 }).image.body;
    const ids = (text: string): string[] =>
      [...text.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]!);
    assert.deepEqual(
      ids(first).filter((id) => ids(second).includes(id)),
      [],
    );
  });

  it('refuse sizes that are none', () => {
    for (const [width, height] of [
      [0, 10],
      [10, -1],
      [NaN, 10],
      [10, Infinity],
    ] as const) {
      assert.throws(() => drawGround({ name: 'plain' }, { width, height, seed: 1 }), RangeError);
    }
  });
});

describe('surfaces', () => {
  const asked = ['#0f172a', '#2563eb', '#fde68a', '#f8f4ec', '#22a355', '#7a1f3d', '#808790'];

  for (const name of SURFACES) {
    it(`${name} has the asked colour as the most common one`, async () => {
      for (const colour of asked) {
        for (const seed of [1, 2, 3, 4, 5, 6]) {
          const { all } = await pixels(
            { name, colours: [colour] },
            { width: 240, height: 150, seed },
          );
          const apart = difference(meanColour(all), colour);
          assert.ok(apart < 0.085, `${colour}, seed ${seed}: the mean is ${apart.toFixed(3)} away`);
          const near = all.filter((pixel) => difference(pixel, colour) < 0.12).length / all.length;
          assert.ok(near > 0.5, `${colour}, seed ${seed}: ${near.toFixed(2)} of it is near`);
        }
      }
    });
  }

  it('are dark or light as asked', async () => {
    for (const name of SURFACES) {
      for (const seed of [1, 2, 3, 4, 5, 6]) {
        const size = { width: 120, height: 80, seed };
        const dark = lightness(meanColour((await pixels({ name, dark: true }, size)).all));
        const light = lightness(meanColour((await pixels({ name, dark: false }, size)).all));
        assert.ok(dark < 0.5, `${name}, seed ${seed}: dark is ${dark}`);
        assert.ok(light > 0.72, `${name}, seed ${seed}: light is ${light}`);
        assert.ok(drawGround({ name, dark: true }, size).dark);
        assert.ok(!drawGround({ name, dark: false }, size).dark);
      }
    }
  });

  it('use the colours of a brand', async () => {
    const palette = ['#0b7285', '#ff922b'];
    for (const name of SURFACES) {
      for (const seed of [1, 2, 3, 4]) {
        const { all } = await pixels({ name }, { width: 160, height: 100, seed, palette });
        const mean = meanColour(all);
        // In the plane of hues it lies between the two colours and white.
        const nearest = Math.min(
          ...palette.flatMap((colour) =>
            [0, 0.25, 0.5, 0.75, 0.95].map((share) =>
              difference(mean, meanColour([colour, '#ffffff'], [1 - share, share])),
            ),
          ),
          ...[0.25, 0.5, 0.75].map((share) =>
            difference(mean, meanColour(palette, [1 - share, share])),
          ),
        );
        assert.ok(nearest < 0.12, `${name}, seed ${seed}: ${mean}`);
      }
    }
  });

  it('that repeat join without a seam', async () => {
    const size = { width: 240, height: 160 };
    for (const name of ['dots', 'stripes', 'tiles', 'grid'] as const) {
      for (const seed of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]) {
        const drawing = svg({ name }, { ...size, seed });
        // Halftone and perspective are meant to have a direction.
        if (name === 'dots' && drawing.split('<path').length > 12) continue;
        if (drawing.includes('radialGradient')) continue;
        const bytes = await sharp(Buffer.from(drawing)).greyscale().raw().toBuffer();
        const apart = (x1: number, y1: number, x2: number, y2: number): number =>
          Math.abs(bytes[y1 * size.width + x1]! - bytes[y2 * size.width + x2]!);
        const mean = (count: number, at: (index: number) => number): number =>
          Array.from({ length: count }, (_, index) => at(index)).reduce((a, b) => a + b, 0) / count;
        const most = (count: number, at: (index: number) => number): number =>
          Math.max(...Array.from({ length: count }, (_, index) => at(index)));
        const [w, h] = [size.width, size.height];
        const across = mean(h, (y) => apart(w - 1, y, 0, y));
        const down = mean(w, (x) => apart(x, h - 1, x, 0));
        // Two pixels apart, because an edge inside lies between pixels.
        const inAcross = most(w - 2, (x) => mean(h, (y) => apart(x, y, x + 2, y)));
        const inDown = most(h - 2, (y) => mean(w, (x) => apart(x, y, x, y + 2)));
        assert.ok(
          across <= inAcross * 1.3 + 1,
          `${name}, seed ${seed}: ${across}, inside ${inAcross}`,
        );
        assert.ok(down <= inDown * 1.3 + 1, `${name}, seed ${seed}: ${down}, inside ${inDown}`);
      }
    }
  });
});

describe('forms', () => {
  /** Each form with its ground. */
  const all = GROUND_NAMES.flatMap((name) => formsOf(name).map((form): Ground => ({ name, form })));
  const size = { width: 240, height: 160 };

  it('are kept by the schema, each another drawing of its ground', () => {
    assert.ok(all.length > 45);
    for (const ground of all) {
      assert.deepEqual(v.parse(GroundSchema, JSON.parse(JSON.stringify(ground))), ground);
    }
    for (const name of GROUND_NAMES) {
      const drawn = formsOf(name).map((form) => svg({ name, form }, { ...size, seed: 1 }));
      assert.equal(new Set(drawn).size, drawn.length, name);
    }
    assert.throws(() => v.parse(GroundSchema, { name: 'tiles', form: 'octagons' }));
  });

  it('of another ground say nothing', () => {
    const plain = drawGround({ name: 'stripes' }, { ...size, seed: 3 });
    const other = drawGround({ name: 'stripes', form: 'hexagons' }, { ...size, seed: 3 });
    assert.equal(other.behind, plain.behind);
    const shapes = (body: string): string[] =>
      [...body.matchAll(/ d="[^"]+"/g)].map(([text]) => text);
    assert.deepEqual(shapes(other.image.body), shapes(plain.image.body));
  });

  it('are what their names say', async () => {
    const step = async (form: FormOf<'stripes'>, dx: number, dy: number): Promise<number> => {
      const { at } = await pixels({ name: 'stripes', form }, { ...size, seed: 2 });
      let sum = 0;
      for (let y = 20; y < 140; y += 3)
        for (let x = 20; x < 220; x += 3) sum += difference(at(x, y), at(x + dx, y + dy));
      return sum;
    };
    // Along a stripe nothing changes.
    assert.equal(await step('vertical', 0, 9), 0);
    assert.ok((await step('vertical', 9, 0)) > 1);
    assert.equal(await step('horizontal', 9, 0), 0);
    assert.ok((await step('horizontal', 0, 9)) > 1);
    assert.ok(Math.min(await step('diagonal', 9, 0), await step('diagonal', 0, 9)) > 1);
    const gradient = async (form: FormOf<'linear-gradient'>): Promise<[number, number]> => {
      const { at } = await pixels({ name: 'linear-gradient', form }, { ...size, seed: 2 });
      return [difference(at(2, 80), at(237, 80)), difference(at(120, 2), at(120, 157))];
    };
    const [across, still] = await gradient('horizontal');
    assert.ok(across > 0.05 && still < 0.005);
    const [level, down] = await gradient('vertical');
    assert.ok(down > 0.05 && level < 0.005);
    assert.match(svg({ name: 'tiles', form: 'cubes' }, { ...size, seed: 1 }), /<use/);
    assert.match(
      svg({ name: 'dots', form: 'polka' }, { ...size, seed: 1 }),
      /stroke-dasharray="0 /,
    );
  });

  it('can be seen as an image, also in pale colours, and are soft behind a subject', async () => {
    const looks: readonly Partial<Ground>[] = [
      {},
      { colours: ['#012785'] },
      { colours: ['#dcebfb', '#f9d9e3', '#e6dcf8'] },
      { colours: ['#ffffff'] },
      { colours: ['#000000'] },
      { colours: ['#808790'] },
    ];
    /** How far the furthest pixels are from the mean colour; a few of any hundred are enough to be seen. */
    const spread = async (ground: Ground, quiet: boolean): Promise<number> => {
      const seen = (await pixels(ground, { width: 187, height: 121, seed: 1, quiet })).all;
      const mean = meanColour(seen);
      const away = seen.map((colour) => difference(colour, mean)).sort((one, two) => one - two);
      return away.at(Math.floor(away.length * 0.98))!;
    };
    for (const ground of all) {
      // Paper and film grain are hardly seen, and a gradient is as it is.
      if (ground.name === 'linear-gradient' || ['paper', 'grain'].includes(ground.form!)) continue;
      for (const look of looks) {
        const loud = await spread({ ...ground, ...look }, false);
        assert.ok(loud > 0.03, `${JSON.stringify({ ...ground, ...look })}: ${loud}`);
        const soft = await spread({ ...ground, ...look }, true);
        assert.ok(
          soft <= loud + 0.03,
          `${JSON.stringify({ ...ground, ...look })}: ${soft} ${loud}`,
        );
      }
    }
  });

  it('keep the hue of the colour that is asked for', async () => {
    const grounds = [...all, ...SURFACES.map((name): Ground => ({ name }))];
    for (const colour of ['#012785', '#2563eb', '#22a355', '#c2410c', '#7a1f3d', '#f7c948']) {
      const { h } = oklch(colour);
      for (const ground of grounds) {
        for (const seed of [1, 2]) {
          const { all: seen } = await pixels(
            { ...ground, colours: [colour] },
            { width: 120, height: 80, seed },
          );
          const off = seen.filter((pixel) => {
            const one = oklch(pixel);
            const turn = Math.abs(((one.h - h + 540) % 360) - 180);
            // Of what is nearly grey or black the hue is not seen, and bytes round it.
            return one.c > 0.045 && turn > 10;
          });
          const share = off.length / seen.length;
          assert.ok(share < 0.01, `${JSON.stringify(ground)} in ${colour}, seed ${seed}: ${share}`);
        }
      }
    }
  });

  it('join without a seam where they are a tiling', async () => {
    const tilings: readonly (readonly [Formed, readonly Form[]])[] = [
      ['tiles', FORMS.tiles],
      ['stripes', ['diagonal', 'horizontal', 'vertical', 'awning', 'pinstripe', 'chevron']],
      ['dots', ['rows', 'polka', 'scattered', 'confetti']],
      [
        'grid',
        ['squares', 'crosses', 'checkerboard', 'gingham', 'plaid', 'argyle', 'circuit', 'network'],
      ],
      ['blobs', ['memphis', 'terrazzo', 'camouflage']],
    ];
    for (const [name, forms] of tilings) {
      for (const form of forms) {
        for (const seed of [1, 2]) {
          const text = svg({ name, form }, { ...size, seed });
          const whole = await sharp(Buffer.from(text)).greyscale().raw().toBuffer();
          // Half of the image further in both directions: what was the edge is the middle.
          const apart = (x: number, y: number, to: readonly [number, number]): number =>
            Math.abs(
              whole[(y % size.height) * size.width + (x % size.width)]! -
                whole[(to[1] % size.height) * size.width + (to[0] % size.width)]!,
            );
          const column = (x: number): number => {
            let sum = 0;
            for (let y = 0; y < size.height; y++) sum += apart(x, y, [x + 2, y]);
            return sum / size.height;
          };
          const row = (y: number): number => {
            let sum = 0;
            for (let x = 0; x < size.width; x++) sum += apart(x, y, [x, y + 2]);
            return sum / size.width;
          };
          const inside = (count: number, at: (index: number) => number): number =>
            Math.max(...Array.from({ length: count - 3 }, (_, index) => at(index)));
          const what = `${name} ${form}, seed ${seed}`;
          assert.ok(column(size.width - 1) <= inside(size.width, column) * 1.3 + 2, what);
          assert.ok(row(size.height - 1) <= inside(size.height, row) * 1.3 + 2, what);
        }
      }
    }
  });
});

describe('scenes', () => {
  const meanOf = async (ground: Ground, seed: number, palette?: string[]): Promise<string> =>
    meanColour((await pixels(ground, { width: 160, height: 90, seed, palette })).all);

  for (const name of SCENES) {
    it(`${name} is light by day and dark at night`, async () => {
      for (const seed of [1, 2, 3]) {
        const day = lightness(await meanOf({ name, time: 'day' }, seed));
        const night = lightness(await meanOf({ name, time: 'night' }, seed));
        assert.ok(day > 0.58, `day is ${day}`);
        assert.ok(night < 0.46, `night is ${night}`);
        for (const time of ['dawn', 'sunset', 'overcast'] as const) {
          const between = lightness(await meanOf({ name, time }, seed));
          assert.ok(between > night && between < 0.95, `${time} is ${between}`);
        }
      }
    });
  }

  it('tell where things stand; only surfaces do not', () => {
    for (const name of GROUND_NAMES) {
      const drawing = drawGround({ name }, { width: 800, height: 400, seed: 4 });
      const stands = SCENES.includes(name as SceneName) && name !== 'sky';
      assert.equal(drawing.floor !== undefined, stands, name);
      assert.equal(drawing.water === true, name === 'sea', name);
      if (drawing.floor !== undefined && drawing.horizon !== undefined) {
        assert.ok(drawing.floor > drawing.horizon, name);
      }
    }
  });

  it('make far things rose or violet at a low sun, not brown', () => {
    for (const name of ['city', 'mountains', 'snow'] as const) {
      for (const time of ['dawn', 'sunset'] as const) {
        for (const seed of [1, 2, 3, 4]) {
          const { behind } = drawGround({ name, time }, { width: 1200, height: 630, seed });
          const { c, h } = oklch(behind);
          assert.ok(c < 0.03 || h > 285 || h < 62, `${name}, ${time}, seed ${seed}: ${behind}`);
        }
      }
    }
  });

  it('have mountains with snow behind the snow, and lit windows in a city at night', async () => {
    const size = { width: 800, height: 420, seed: 1 };
    const lit = async (ground: Ground): Promise<number> => {
      const { all } = await pixels(ground, size);
      // Warm light.
      return all.filter((pixel) => lightness(pixel) > 0.75 && oklch(pixel).h < 105).length;
    };
    const night = await lit({ name: 'city', time: 'night' });
    assert.ok(night > 150, `${night}`);
    const { at } = await pixels({ name: 'snow', time: 'day' }, size);
    const row = Array.from({ length: 400 }, (_, index) => lightness(at(index * 2, 200)));
    assert.ok(Math.max(...row) - Math.min(...row) > 0.25, 'the range is flat');
  });

  it('give the asked colour to what they are named after', async () => {
    for (const [name, y] of [
      ['sky', 0.45],
      ['sea', 0.75],
      ['desert', 0.8],
      ['hills', 0.85],
      ['fields', 0.8],
      ['beach', 0.85],
      ['room', 0.55],
    ] as const) {
      for (const hue of [20, 140, 300]) {
        const colour = fromOklch(0.65, 0.12, hue);
        const { at, width, height } = await pixels(
          { name, colours: [colour] },
          { width: 300, height: 200, seed: 2 },
        );
        const row = meanColour(
          Array.from({ length: width }, (_, x) => at(x, Math.round(height * y))),
        );
        assert.ok(difference(row, colour) < 0.17, `${name} in ${colour} is ${row}`);
      }
    }
  });

  it('are drawn wholly in the colours of a brand', async () => {
    for (const name of SCENES) {
      const mean = await meanOf({ name, time: 'day' }, 3, ['#7c3aed']);
      const { all } = await pixels(
        { name },
        { width: 160, height: 90, seed: 3, palette: ['#7c3aed'] },
      );
      const green = all.filter(
        (pixel) =>
          Number.parseInt(pixel.slice(3, 5), 16) > Number.parseInt(pixel.slice(5, 7), 16) + 12,
      );
      assert.ok(green.length / all.length < 0.02, `${name}: ${mean}`);
    }
  });
});
