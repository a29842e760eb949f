import assert from 'node:assert/strict';

import { preprocessControl } from '../../../../src/core/image/control/preprocess';
import { qrPattern } from '../../../../src/core/image/control/qr';
import type { RgbImage } from '../../../../src/core/image/pixels';
import { resizeLanczos } from '../../../../src/core/image/resize';

/** https://easel.example/qr in version 3 with error correction H, as the package segno for Python encodes it. */
const CODE = [
  '#######.#.####.....#..#######',
  '#.....#...#..#.....##.#.....#',
  '#.###.#...#....#....#.#.###.#',
  '#.###.#.#..#.##...###.#.###.#',
  '#.###.#..###......##..#.###.#',
  '#.....#...#....##..##.#.....#',
  '#######.#.#.#.#.#.#.#.#######',
  '..........#####.##.#.........',
  '..#.###.#..######.#..#...#..#',
  '.##....##########...#.#...#.#',
  '.###.###..##.###.##....##..##',
  '..#.#..#..#.###.###.###.#..#.',
  '.##.####.###.#.###.##.##.....',
  '##...#.##.#..##.#...####...##',
  '.#..#.#...#.##.#.#....##..#.#',
  '##..##.......#..#..###.#...#.',
  '#...###.##.#...##.#.###..#.#.',
  '..####.#.#..#....#...##....##',
  '#.##..####.#.###.#...#.######',
  '.####..#####......###.##...#.',
  '#..####.##.###.###..######...',
  '........####..##.####...#..##',
  '#######..#...#.##..##.#.#.###',
  '#.....#.#.##..##.##.#...#....',
  '#.###.#.#..#.#.##.#.######.##',
  '#.###.#..##..#...#..##..###..',
  '#.###.#.#.##..#.#..#...##.#.#',
  '#.....#..##...#.#####.##...#.',
  '#######....###.##..##.#.#..##',
];
const SIDE = CODE.length;

interface Look {
  /** Pixels of a module. */
  readonly pixels: number;
  /** Modules around the code. */
  readonly quiet: number;
  readonly dark: readonly [number, number, number];
  readonly light: readonly [number, number, number];
}

const PRINTED: Look = { pixels: 7, quiet: 4, dark: [0, 0, 0], light: [255, 255, 255] };

function picture(look: Partial<Look> = {}): RgbImage {
  const { pixels, quiet, dark, light } = { ...PRINTED, ...look };
  const side = (SIDE + 2 * quiet) * pixels;
  const data = new Uint8Array(side * side * 3);
  for (let i = 0; i < side * side; i++) {
    const [x, y] = [i % side, Math.floor(i / side)].map((at) => Math.floor(at / pixels) - quiet);
    data.set(CODE[y!]?.[x!] === '#' ? dark : light, i * 3);
  }
  return { width: side, height: side, data };
}

/** Whether an image has the code in modules of so many pixels, and grey around it. */
function assertCode({ width, height, data }: RgbImage, pixels: number, isInverted = false): void {
  const left = Math.floor((width - SIDE * pixels) / 2);
  const top = Math.floor((height - SIDE * pixels) / 2);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const module = CODE[Math.floor((y - top) / pixels)]?.[Math.floor((x - left) / pixels)];
      const wanted = module === undefined ? 128 : (module === '#') === isInverted ? 255 : 0;
      const place = (y * width + x) * 3;
      if ([0, 1, 2].every((colour) => data[place + colour] === wanted)) continue;
      assert.fail(`${data[place]} at ${x}, ${y} instead of ${wanted}`);
    }
  }
}

describe('the control image of a QR code', () => {
  it('has squares of whole pixels, the largest that fit, and grey around them', () => {
    for (const [width, height, pixels] of [
      [512, 512, 16],
      [768, 512, 16],
      [768, 1024, 24],
      [72, 64, 2],
    ] as const) {
      assertCode(preprocessControl('qr', picture(), { width, height }), pixels);
    }
  });

  it('is the same whatever the size and the margin of the code that is given', () => {
    const size = { width: 512, height: 512 };
    assertCode(qrPattern(picture({ pixels: 1, quiet: 0 }), size), 16);
    assertCode(qrPattern(picture({ pixels: 3, quiet: 9 }), size), 16);
    for (const side of [100, 163, 301]) {
      assertCode(qrPattern(resizeLanczos(picture(), side, side), size), 16);
    }
  });

  it('has what is dark dark, in a code of colours and in one that is light on dark', () => {
    const size = { width: 512, height: 512 };
    assertCode(qrPattern(picture({ dark: [120, 20, 60], light: [250, 230, 190] }), size), 16);
    const turned = picture({ dark: PRINTED.light, light: PRINTED.dark });
    assertCode(qrPattern(turned, size), 16, true);
  });

  it('of an image larger than it is refused', () => {
    assert.throws(() => qrPattern(picture(), { width: 64, height: 24 }), {
      code: 'bad-size',
      message: /29 modules in a row, and 64 × 24 has no whole pixel for each/,
    });
  });

  it('of another image is black and white', () => {
    const disc = picture({ quiet: 0 });
    const { width } = disc;
    for (let i = 0; i < width * width; i++) {
      const away = Math.hypot((i % width) - width / 2, Math.floor(i / width) - width / 2);
      disc.data.fill(away < 60 ? 90 : 200, i * 3, i * 3 + 3);
    }
    const { data } = qrPattern(disc, { width: 64, height: 32 });
    assert.deepEqual([...new Set(data)].sort(), [0, 255]);
    const at = (x: number, y: number) => data[(y * 64 + x) * 3];
    assert.deepEqual([at(32, 16), at(1, 1), at(62, 30)], [0, 255, 255]);
  });
});
