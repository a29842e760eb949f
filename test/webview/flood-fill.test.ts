import assert from 'node:assert/strict';
import { floodFill, parseColour, type Pixels } from '../../webview/sketch/flood-fill';

/** An image from rows of characters: `.` white, `#` black, `-` a soft edge between them. */
function image(...rows: string[]): Pixels {
  const width = rows[0]!.length;
  const data = new Uint8ClampedArray(width * rows.length * 4);
  const shades: Record<string, number> = { '.': 255, '#': 0, '-': 128 };
  Array.from(rows.join('')).forEach((character, i) => {
    data.fill(shades[character] ?? 255, i * 4, i * 4 + 3);
    data[i * 4 + 3] = 255;
  });
  return { width, height: rows.length, data };
}

/** Where an image is red, by rows. */
function red({ width, height, data }: Pixels): string[] {
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) =>
      data[(y * width + x) * 4 + 1] === 67 ? 'R' : '.',
    ).join(''),
  );
}

const RED = parseColour('#d8433b');

describe('flood fill', () => {
  it('stays inside a closed line and covers its soft edge', () => {
    const pixels = image('#######', '#.....#', '#.....#', '#.....#', '#######');
    floodFill(pixels, 3, 2, RED);
    // The one pixel it grows by lies on the line, so no light border remains.
    assert.deepEqual(red(pixels), ['.RRRRR.', 'RRRRRRR', 'RRRRRRR', 'RRRRRRR', '.RRRRR.']);
  });

  it('does not cross a line two pixels wide', () => {
    const pixels = image('..##..', '..##..', '..##..');
    floodFill(pixels, 0, 0, RED);
    assert.deepEqual(red(pixels), ['RRR...', 'RRR...', 'RRR...']);
  });

  it('runs through a winding corridor, in both directions of rows', () => {
    const pixels = image('.##.....', '.##.##.#', '....##.#', '######.#', '.......#');
    const painted = floodFill(pixels, 0, 4, RED);
    assert.equal(red(pixels)[0]![0], 'R');
    assert.ok(painted > 20);
  });

  it('paints everything of an even image, and repaints in the same colour without hanging', () => {
    const pixels = image('....', '....');
    assert.equal(floodFill(pixels, 1, 1, RED), 8);
    assert.equal(floodFill(pixels, 1, 1, RED), 8);
  });

  it('changes nothing for a point outside', () => {
    const pixels = image('..', '..');
    assert.equal(floodFill(pixels, 2, 0, RED), 0);
    assert.equal(floodFill(pixels, 0, -1, RED), 0);
  });

  it('is quick enough for a canvas of full size', () => {
    const pixels: Pixels = {
      width: 1024,
      height: 1024,
      data: new Uint8ClampedArray(1024 * 1024 * 4).fill(255),
    };
    assert.equal(floodFill(pixels, 512, 512, RED), 1024 * 1024);
  }).timeout(5000);
});

describe('colours', () => {
  it('reads the notation of marks', () => {
    assert.deepEqual(parseColour('#102030'), [16, 32, 48]);
  });
});
