import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { cannyEdges } from '../../../../src/core/image/control/canny';
import { CONTROL_PREPROCESSORS } from '../../../../src/core/image/control/names';
import { preprocessControl } from '../../../../src/core/image/control/preprocess';
import type { RgbImage } from '../../../../src/core/image/pixels';
import { FIXTURES } from '../../../support/paths';
import { readPixels } from '../../../support/pictures';

interface Found {
  readonly low: number;
  readonly high: number;
  readonly pixels: number;
  readonly sha256: string;
}

const CANNY = JSON.parse(readFileSync(path.join(FIXTURES, 'canny.json'), 'utf8')) as Readonly<
  Record<string, readonly Found[]>
>;

/** As scripts/reference/canny.py makes it. */
function noise(side: number): RgbImage {
  let state = 1;
  const data = Uint8Array.from({ length: side * side * 3 }, () => {
    state = Number((BigInt(state) * 1103515245n + 12345n) % 2n ** 31n);
    return state >> 23;
  });
  return { width: side, height: side, data };
}

/** @param colour of each pixel */
function paint(
  width: number,
  height: number,
  colour: (x: number, y: number) => readonly [number, number, number],
): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set(colour(x, y), (y * width + x) * 3);
  }
  return { width, height, data };
}

const WHITE = [255, 255, 255] as const;
const BLACK = [0, 0, 0] as const;
const BLUE = [30, 60, 200] as const;

const grey = ({ data }: RgbImage) => data.filter((_, i) => i % 3 === 0);
const turned = ({ width, height, data }: RgbImage): RgbImage => ({
  ...{ width, height },
  data: data.map((value) => 255 - value),
});

/** Strokes of a pen on paper: a frame, two pixels wide. */
const drawing = paint(96, 80, (x, y) => {
  const inside = (margin: number) =>
    x >= margin && y >= margin && x < 96 - margin && y < 80 - margin;
  return inside(20) && !inside(22) ? BLACK : WHITE;
});
/** A blue disc on white, as a photo has areas. */
const disc = paint(96, 96, (x, y) => (Math.hypot(x - 48, y - 48) < 30 ? BLUE : WHITE));

describe('Canny edges', () => {
  for (const [name, found] of Object.entries(CANNY)) {
    it(`are those of OpenCV: ${name}`, async () => {
      const image =
        name === 'noise' ? noise(40) : await readPixels(path.join(FIXTURES, 'pictures', name));
      for (const { low, high, pixels, sha256 } of found) {
        const edges = cannyEdges(image, { low, high });
        assert.equal(edges.filter((value) => value === 255).length, pixels, `${low} to ${high}`);
        assert.equal(createHash('sha256').update(edges).digest('hex'), sha256);
      }
    });
  }

  it('are one pixel wide and closed around a disc', () => {
    const edges = cannyEdges(disc);
    const at = (x: number, y: number) => edges[y * 96 + x] === 255;
    let count = 0;
    for (let y = 1; y < 95; y++) {
      for (let x = 1; x < 95; x++) {
        if (!at(x, y)) continue;
        count += 1;
        assert.ok(Math.abs(Math.hypot(x - 48, y - 48) - 30) <= 2, `an edge at ${x}, ${y}`);
      }
    }
    // A circle of this radius has 8 · r / √2 pixels.
    assert.ok(count > 150 && count < 230, `${count} pixels`);
  });
});

describe('control images that need no model', () => {
  it('keep the size, and are grey where they are lines', () => {
    for (const name of CONTROL_PREPROCESSORS) {
      for (const image of [drawing, noise(13), paint(1, 5, () => BLUE)]) {
        const { width, height, data } = preprocessControl(name, image);
        assert.deepEqual(
          [width, height, data.length],
          [image.width, image.height, image.data.length],
        );
        if (!['canny', 'scribble', 'lineart', 'softedge'].includes(name)) continue;
        for (let i = 0; i < data.length; i += 3) {
          assert.ok(data[i] === data[i + 1] && data[i] === data[i + 2], name);
        }
      }
    }
  });

  for (const name of ['canny', 'scribble', 'lineart', 'softedge'] as const) {
    it(`${name} is black where there is nothing`, () => {
      for (const colour of [WHITE, BLACK, BLUE]) {
        const empty = preprocessControl(
          name,
          paint(40, 30, () => colour),
        );
        assert.ok(empty.data.every((value) => value === 0));
      }
    });

    it(`${name} is bright along strokes and dark away from them`, () => {
      const lines = grey(preprocessControl(name, drawing));
      const at = (x: number, y: number) => lines[y * 96 + x]!;
      const near = [19, 20, 21, 22].map((x) => at(x, 40));
      assert.ok(Math.max(...near) > 100, `${String(near)} beside the left stroke`);
      for (const [x, y] of [
        [4, 4],
        [48, 40],
        [90, 40],
      ] as const) {
        assert.ok(at(x, y) < 20, `${at(x, y)} at ${x}, ${y}`);
      }
    });
  }

  it('are the same for ink on paper and chalk on a board', () => {
    // Of equal gradients, Canny takes the one that comes first.
    for (const name of ['scribble', 'lineart', 'softedge'] as const) {
      const [ink, chalk] = [drawing, turned(drawing)].map((image) =>
        grey(preprocessControl(name, image)),
      );
      const differing = ink!.filter((value, i) => Math.abs(value - chalk![i]!) > 1).length;
      assert.equal(differing, 0, name);
    }
  });

  it('of a scribble are strokes: black or white', () => {
    const values = new Set(grey(preprocessControl('scribble', drawing)));
    assert.deepEqual([...values].sort(), [0, 255]);
  });

  it('of soft edges are wider than those of Canny', () => {
    const lit = (name: 'canny' | 'softedge') =>
      grey(preprocessControl(name, disc)).filter((value) => value > 60).length;
    assert.ok(lit('softedge') > 2 * lit('canny'), `${lit('softedge')} and ${lit('canny')}`);
  });

  it('of a tile keep areas, and lose what is small', () => {
    const checks = paint(64, 64, (x, y) => ((x + y) % 2 === 0 ? WHITE : BLACK));
    const plain = preprocessControl('tile', checks);
    const spread = Math.max(...plain.data) - Math.min(...plain.data);
    assert.ok(spread < 40, `${spread}`);
    const area = preprocessControl('tile', disc);
    assert.deepEqual([...area.data.slice((48 * 96 + 48) * 3, (48 * 96 + 49) * 3)], [...BLUE]);
  });

  it('of colours are squares, each the mean of what it was', () => {
    const half = paint(128, 70, (x) => (x < 64 ? BLUE : WHITE));
    const { data } = preprocessControl('color', half);
    assert.deepEqual(data, half.data);
    const stripes = paint(64, 64, (x) => (x % 2 === 0 ? BLACK : [200, 100, 50]));
    const mean = preprocessControl('color', stripes).data;
    for (let i = 0; i < mean.length; i += 3) {
      assert.deepEqual([mean[i], mean[i + 1], mean[i + 2]], [100, 50, 25]);
    }
  });
});
