import { strict as assert } from 'node:assert';
import { applyEffect, EFFECTS } from '../../../../src/core/image/effects/index';
import { EFFECT_NAMES, type EffectName } from '../../../../src/core/image/effects/names';
import { labOf, writeRgb } from '../../../../src/core/image/effects/lab-image';
import { blur, resizePlane } from '../../../../src/core/image/effects/planes';
import { distanceTo } from '../../../../src/core/image/effects/distance';
import type { RgbaImage } from '../../../../src/core/image/pixels';
import { apple, scene } from './images';

const draw = (
  name: EffectName,
  image: RgbaImage,
  options: { seed?: number; background?: string; palette?: string[] } = {},
) => applyEffect(name, image, { seed: 1, ...options });

const pixel = ({ width, data }: RgbaImage, x: number, y: number) => [
  ...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4),
];

/** The colours of the pixels that are seen. */
function coloursOf({ data }: RgbaImage): Set<string> {
  const colours = new Set<string>();
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3]! > 0) colours.add(data.subarray(at, at + 3).join());
  }
  return colours;
}

/** The mean difference of the levels, on white. */
function difference(one: RgbaImage, other: RgbaImage): number {
  let sum = 0;
  for (let at = 0; at < one.data.length; at += 4) {
    for (const channel of [0, 1, 2]) {
      const shown = ({ data }: RgbaImage) =>
        255 + (data[at + channel]! - 255) * (data[at + 3]! / 255);
      sum += Math.abs(shown(one) - shown(other));
    }
  }
  return sum / (one.data.length / 4) / 3;
}

describe('effects', () => {
  const subject = apple(128);
  const white = { background: '#ffffff' };

  for (const name of EFFECT_NAMES) {
    it(`${name}: the same seed gives the same image, in the same size`, () => {
      const one = draw(name, subject);
      assert.deepEqual(one, draw(name, subject));
      assert.deepEqual([one.width, one.height, one.data.length], [128, 128, 128 * 128 * 4]);
    });

    it(`${name}: is opaque with a background, and clear in a corner without, but for a tile`, () => {
      const opaque = draw(name, subject, white);
      for (let at = 3; at < opaque.data.length; at += 4) assert.equal(opaque.data[at], 255);
      const { data } = draw(name, subject);
      assert.equal(data[3], 0);
      assert.ok(data[(64 * 128 + 64) * 4 + 3]! > 250);
    });

    it(`${name}: keeps a scene opaque`, () => {
      if (EFFECTS[name].on === 'subject') return;
      const { data } = draw(name, scene(160, 90));
      for (let at = 3; at < data.length; at += 4) assert.equal(data[at], 255);
    });

    it(`${name}: leaves what is wholly transparent so`, () => {
      const clear: RgbaImage = { ...subject, data: new Uint8Array(subject.data.length) };
      const { data } = draw(name, clear);
      const seen = data.filter((value, at) => at % 4 === 3 && value > 0).length;
      // A tile is there in any case.
      if (name === 'flat-icon' || name === 'isometric') assert.ok(seen > 0);
      else assert.equal(seen, 0);
    });
  }

  it('differ clearly from the plain image and from each other', () => {
    const drawn = EFFECT_NAMES.map((name) => draw(name, subject, white));
    for (const [index, one] of drawn.entries()) {
      const name = EFFECT_NAMES[index]!;
      assert.ok(difference(one, subject) > 3, `${name} and the plain image`);
      for (const [nth, other] of drawn.entries()) {
        if (nth > index) assert.ok(difference(one, other) > 3, `${name}, ${EFFECT_NAMES[nth]}`);
      }
    }
  });

  it('that have grain or strokes are others with another seed', () => {
    for (const name of ['watercolour', 'oil-painting', 'pencil-sketch'] as const) {
      const one = draw(name, subject, white);
      assert.ok(difference(one, draw(name, subject, { ...white, seed: 2 })) > 0.5, name);
    }
  });

  it('look alike at any size', () => {
    for (const name of EFFECT_NAMES) {
      const small = draw(name, apple(128), white);
      const large = draw(name, apple(384), white);
      const mean = ({ data }: RgbaImage, channel: number) => {
        let sum = 0;
        for (let at = channel; at < data.length; at += 4) sum += data[at]!;
        return sum / (data.length / 4);
      };
      for (const channel of [0, 1, 2]) {
        const away = Math.abs(mean(small, channel) - mean(large, channel));
        assert.ok(away < 12, `${name}: ${away}`);
      }
    }
  });

  it('pixel art has few colours, in whole cells, with a dark outline', () => {
    const image = draw('pixel-art', subject);
    assert.ok(coloursOf(image).size <= 16, String(coloursOf(image).size));
    assert.ok(coloursOf(draw('pixel-art', scene(320, 180))).size <= 16);
    const cell = 128 / 32;
    for (let y = 0; y < 128; y++) {
      for (let x = 0; x < 128; x++) {
        assert.deepEqual(pixel(image, x, y), pixel(image, x - (x % cell), y - (y % cell)));
      }
    }
    const row = Array.from({ length: 32 }, (_, column) => pixel(image, column * cell, 64));
    const [red = 255, green = 255] = row.find(([, , , alpha]) => alpha === 255) ?? [];
    assert.ok(red < 60 && green < 60);
  });

  it('line art is black and white, with what lies between at the edges of lines only', () => {
    const { data } = draw('line-art', apple(256), white);
    let between = 0;
    let black = 0;
    for (let at = 0; at < data.length; at += 4) {
      assert.ok(Math.abs(data[at]! - data[at + 1]!) <= 2 && data[at + 1] === data[at + 2]);
      if (data[at]! < 20) black++;
      else if (data[at]! < 235) between++;
    }
    assert.ok(black > 1000 && between < black * 2, `${black}, ${between}`);
  });

  it('a sticker has a white outline outside the subject, and a shadow outside of that', () => {
    const image = draw('sticker', apple(256));
    const row = Array.from({ length: 256 }, (_, x) => pixel(image, x, 128));
    const isRed = ([red = 0, green = 0, , alpha = 0]: number[]) => alpha > 250 && red > green + 60;
    const first = row.findIndex(isRed);
    const seen = row.findIndex(([, , , alpha = 0]) => alpha > 250);
    assert.ok(first - seen >= 5, `${seen}, ${first}`);
    for (const [red = 0, green = 0, blue = 0] of row.slice(seen + 3, first - 2)) {
      assert.ok(Math.min(red, green, blue) > 225, `${red} ${green} ${blue}`);
    }
    const below = Array.from({ length: 256 }, (_, y) => pixel(image, 128, y)).reverse();
    assert.ok(below.some(([, , , alpha = 0]) => alpha > 8 && alpha < 90));
    // It is whole: nothing of it reaches the frame's edge.
    for (let at = 0; at < 256; at++) {
      for (const [x, y] of [
        [at, 0],
        [at, 255],
        [0, at],
        [255, at],
      ] as const) {
        assert.ok(pixel(image, x, y)[3]! < 60);
      }
    }
  });

  it('duotone goes between the darkest and the lightest colour of a palette', () => {
    const palette = ['#ffd27f', '#10204a', '#aa3355'];
    const { data } = draw('duotone', scene(160, 90), { palette });
    const [dark, light] = [labOf(0x10, 0x20, 0x4a), labOf(0xff, 0xd2, 0x7f)];
    const along = light.map((value, k) => value - dark[k]!);
    const length = Math.hypot(...along);
    for (let at = 0; at < data.length; at += 4) {
      const lab = labOf(data[at]!, data[at + 1]!, data[at + 2]!);
      const way = lab.map((value, k) => value - dark[k]!);
      const share = way.reduce((sum, value, k) => sum + value * along[k]!, 0) / length ** 2;
      const off = Math.hypot(...way.map((value, k) => value - along[k]! * share));
      assert.ok(off < 0.02 && share > -0.02 && share < 1.02, `${off} ${share}`);
    }
  });

  it('tiles take the colour of a palette', () => {
    const image = draw('flat-icon', subject, { palette: ['#2266ee'] });
    const [red = 0, green = 0, blue = 0] = pixel(image, 64, 4);
    assert.ok(Math.abs(red - 0x22) + Math.abs(green - 0x66) + Math.abs(blue - 0xee) < 12);
  });
});

describe('the filters of effects', () => {
  it('convert colours to OKLab and back', () => {
    const out = new Uint8Array(3);
    for (const colour of [
      [255, 0, 0],
      [1, 2, 3],
      [120, 200, 33],
      [255, 255, 255],
    ] as const) {
      writeRgb(out, 0, ...labOf(colour[0], colour[1], colour[2]));
      assert.ok(
        [...out].every((value, k) => Math.abs(value - colour[k]!) <= 1),
        out.join(),
      );
    }
    // The author's own value for red.
    const [lightness, a, b] = labOf(255, 0, 0);
    assert.deepEqual(
      [lightness, a, b].map((value) => value.toFixed(3)),
      ['0.628', '0.225', '0.126'],
    );
  });

  it('blur keeps the sum, and spreads as far as it says', () => {
    for (const sigma of [1, 2.4, 3, 7]) {
      const values = new Float32Array(101 * 101);
      values[50 * 101 + 50] = 1;
      const soft = blur({ width: 101, height: 101, values }, sigma).values;
      const sum = soft.reduce((total, value) => total + value, 0);
      const variance = soft.reduce((total, value, i) => total + value * ((i % 101) - 50) ** 2, 0);
      assert.ok(Math.abs(sum - 1) < 1e-3);
      assert.ok(Math.abs(Math.sqrt(variance) - sigma) < 0.06 * sigma + 0.05, `${sigma}`);
    }
  });

  it('resizing keeps the mean, and what is even', () => {
    const values = Float32Array.from({ length: 30 * 20 }, (_, i) => (i % 30) / 29);
    for (const [width, height] of [
      [7, 5],
      [30, 20],
      [90, 60],
      [1, 1],
    ] as const) {
      const { values: out } = resizePlane({ width: 30, height: 20, values }, width, height);
      const mean = out.reduce((sum, value) => sum + value, 0) / out.length;
      assert.ok(Math.abs(mean - 0.5) < 0.01, `${width}: ${mean}`);
    }
  });

  it('distances are those to the nearest marked pixel', () => {
    const marked = [3, 40, 77];
    const values = Float32Array.from({ length: 90 }, (_, i) => (marked.includes(i) ? 1 : 0));
    const found = distanceTo({ width: 9, height: 10, values }).values;
    for (const [i, value] of found.entries()) {
      const nearest = Math.min(
        ...marked.map((at) =>
          Math.hypot((at % 9) - (i % 9), Math.floor(at / 9) - Math.floor(i / 9)),
        ),
      );
      assert.ok(Math.abs(value - nearest) < 1e-4);
    }
  });
});
