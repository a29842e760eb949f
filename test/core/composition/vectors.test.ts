import assert from 'node:assert/strict';
import sharp from 'sharp';
import { drawPortrait } from '../../../src/core/composition/portraits/portrait';
import { toSvgFile, type VectorImage } from '../../../src/core/composition/vector-image';
import { findVector, vectorColours } from '../../../src/core/composition/vectors/find';
import { SIGNS } from '../../../src/core/composition/vectors/sign-names';
import { drawText } from '../../../src/core/composition/vectors/text';
import { drawVector, VECTOR_NAMES } from '../../../src/core/composition/vectors/vector';

/** The share of pixels that are opaque, and the greatest opacity of the outermost pixels. */
async function opacity(image: VectorImage): Promise<{ inside: number; edge: number }> {
  const { data, info } = await sharp(Buffer.from(toSvgFile(image)))
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  let opaque = 0;
  let edge = 0;
  for (let at = 0; at < width * height; at++) {
    const alpha = data[at * 4 + 3] ?? 0;
    if (alpha > 200) opaque++;
    const [x, y] = [at % width, Math.floor(at / width)];
    if (x === 0 || y === 0 || x === width - 1 || y === height - 1) edge = Math.max(edge, alpha);
  }
  return { inside: opaque / (width * height), edge };
}

const idsOf = ({ body }: VectorImage) =>
  [...body.matchAll(/\bid="([^"]+)"/g)].map((match) => match[1]);

describe('vector drawings', () => {
  it('are at least two hundred, each on a transparent ground', async () => {
    assert.ok(VECTOR_NAMES.length >= 200, String(VECTOR_NAMES.length));
    const cut: string[] = [];
    for (const name of VECTOR_NAMES) {
      const { inside, edge } = await opacity(drawVector(name));
      assert.ok(inside > 0.03 && inside < 0.9, `${name}: ${inside} is opaque`);
      if (edge >= 30) cut.push(name);
    }
    assert.deepEqual(cut, []);
  });

  it('are small, whole, and refer to nothing outside', () => {
    const images = [
      ...VECTOR_NAMES.map((name) => drawVector(name)),
      ...Array.from({ length: 30 }, (_, seed) => drawPortrait('avatar', { seed })),
      drawText('Hello & <World>'),
    ];
    for (const { body, width, height } of images) {
      assert.ok(body.length < 24_000, `${body.length} characters`);
      assert.ok(width > 0 && height > 0);
      assert.doesNotMatch(
        body,
        /<script|<image|<foreignObject|<text|<style|\bon[a-z]+=|javascript:|data:|https?:/i,
      );
      assert.doesNotMatch(body, /NaN|undefined|null/);
      assert.doesNotMatch(body, /(?:href|url)[=(]"?(?!#|"#)[^#]/);
      const ids = new Set([...body.matchAll(/\bid="([^"]+)"/g)].map((match) => match[1]));
      for (const [, id] of body.matchAll(/url\(#([^)]+)\)|href="#([^"]+)"/g)) {
        if (id !== undefined) assert.ok(ids.has(id), `#${id} is not there`);
      }
    }
  });

  it('are the same for the same colours, and show the colours of a brand', () => {
    for (const name of VECTOR_NAMES) {
      assert.deepEqual(drawVector(name), drawVector(name));
      const inColours = drawVector(name, { colours: ['#0a7cff', '#ff00aa'] });
      assert.notEqual(inColours.body, drawVector(name).body, name);
      assert.match(inColours.body, /#0a7cff|#ff00aa/, name);
    }
  });

  it('are lighter on a dark ground', () => {
    for (const [name] of SIGNS) {
      assert.notEqual(drawVector(name, { dark: true }).body, drawVector(name).body, name);
    }
  });

  it('have ids of their own, so that several stand in one file', () => {
    const images = [
      drawVector('lighthouse'),
      drawVector('lighthouse', { colours: ['#0066cc'] }),
      drawVector('lighthouse', { dark: true }),
      ...Array.from({ length: 40 }, (_, seed) => drawPortrait('a woman', { seed })),
      ...Array.from({ length: 40 }, (_, seed) => drawPortrait('man in sunglasses', { seed })),
    ];
    const ids = images.flatMap(idsOf);
    assert.ok(ids.length > 30, String(ids.length));
    assert.equal(new Set(ids).size, ids.length);
  });

  it('of an unknown name are an error', () => {
    assert.throws(() => drawVector('no such thing'), RangeError);
  });
});

describe('words for vector drawings', () => {
  it('find the signs and pages that web developers ask for', () => {
    const asked: Readonly<Record<string, string>> = {
      download: 'download-simple',
      'download icon': 'download-simple',
      'a blue upload icon': 'upload-simple',
      'upload to a cloud': 'cloud-upload',
      'cloud upload icon': 'cloud-arrow-up',
      'user profile': 'user-circle',
      'a map pin': 'map-pin',
      'git branch': 'git-branch',
      'git branch icon': 'git-branch',
      'pull request': 'git-pull-request',
      'chat bubble': 'chat-circle-dots',
      database: 'database',
      'database icon': 'database',
      server: 'hard-drives',
      settings: 'gear',
      'gear icon': 'gear',
      'icon of a house': 'house',
      'search icon for a website': 'magnifying-glass',
      'shopping cart icon': 'shopping-cart',
      'dark mode': 'moon',
      'flat star icon': 'star',
      'wifi symbol': 'wifi-high',
      lighthouse: 'lighthouse',
      'an old lighthouse at dawn': 'lighthouse',
      'empty state': 'empty-state',
      'no search results': 'no-results',
      dashboard: 'dashboard',
      'bar chart': 'bar-chart',
      'bar chart icon': 'chart-bar',
      'pie chart': 'pie-chart',
      'bakery store front': 'bakery',
      'a bicycle': 'bicycle',
      'person at a desk with two monitors': 'desk',
      'login form': 'login-form',
      'browser window': 'browser-window',
    };
    for (const [words, name] of Object.entries(asked)) assert.equal(findVector(words), name, words);
  });

  it('say colours', () => {
    assert.equal(findVector('blue git branch'), 'git-branch');
    assert.deepEqual(vectorColours('git branch'), []);
    const [blue, none] = vectorColours('blue git branch');
    assert.match(blue ?? '', /^#[0-9a-f]{6}$/);
    assert.equal(none, undefined);
    assert.notEqual(blue, vectorColours('a red bicycle')[0]);
  });

  it('of things are left to the model', () => {
    for (const words of [
      'a red apple',
      'a cat',
      'a cat on a bike',
      'a house on a hill',
      'a star',
      'two trees',
      'a clock on a wall',
      'a dog in a tent',
      'a list of animals',
      'share a meal',
      'a heart',
      'rocket',
      'a mountain at sunset',
      'sneakers',
      '',
      '   ',
      '!!!',
      'x'.repeat(200),
    ]) {
      assert.equal(findVector(words), undefined, words);
    }
  });

  it('find what can be drawn', () => {
    const lost: string[] = [];
    for (const [name, { phrases, withIcon }] of SIGNS) {
      for (const phrase of [...phrases, ...withIcon]) {
        const found = findVector(`${phrase} icon`);
        if (found === undefined) lost.push(`${phrase} of ${name}`);
        else drawVector(found);
      }
    }
    assert.deepEqual(lost, []);
  });
});

describe('large letters', () => {
  it('are outlines that fill their image', async () => {
    for (const text of ['404', '500', 'Oops!', 'Sale', 'AB', 'Ärger', 'gypqj', 'Coming soon']) {
      const image = drawText(text);
      assert.ok((await opacity(image)).inside > 0.1, text);
      const { info } = await sharp(Buffer.from(toSvgFile(image)))
        .trim()
        .toBuffer({ resolveWithObject: true });
      assert.ok(info.width < image.width && info.height < image.height, `${text} is cut off`);
      assert.ok(
        info.width > image.width * 0.7 && info.height > image.height * 0.55,
        `${text} is small`,
      );
    }
  });

  it('have the colour that is asked for, and break long texts', () => {
    assert.match(drawText('404', { colour: '#ff0000' }).body, /fill="#ff0000"/);
    const long = drawText('This is a very long text for one line');
    assert.ok(long.width / long.height < 4, `${long.width} x ${long.height}`);
    assert.equal(drawText('a').body, drawText('a').body);
    assert.ok(drawText('日本').width > 0);
    assert.ok(drawText('').height > 0);
  });
});
