import assert from 'node:assert/strict';
import sharp from 'sharp';
import { HAIRS, readTraits, SKINS } from '../../../src/core/composition/portraits/traits';
import { drawPortrait } from '../../../src/core/composition/portraits/portrait';
import { toSvgFile } from '../../../src/core/composition/vector-image';

const draw = (words: string, seed = 0) => drawPortrait(words, { seed }).body;
/** Without ids, which differ by the words. */
const shapes = (words: string, seed = 0) =>
  draw(words, seed).replaceAll(/portrait-[a-z0-9]+-/g, '');

async function pixels(words: string, seed: number): Promise<Buffer> {
  const svg = Buffer.from(toSvgFile(drawPortrait(words, { seed }), 64, 64));
  return sharp(svg).ensureAlpha().raw().toBuffer();
}

function difference(a: Buffer, b: Buffer): number {
  return a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? 0)), 0) / a.length;
}

describe('portraits', () => {
  it('are the same for the same words, seed and variation', () => {
    assert.equal(draw('a woman', 7), draw('a woman', 7));
    const other = drawPortrait('a woman', { seed: 7, variation: 1 }).body;
    assert.notEqual(draw('a woman', 7), other);
  });

  it('of neighbouring seeds differ clearly', async () => {
    for (const words of ['avatar', 'a woman', 'a man with a beard', 'doctor']) {
      let last = await pixels(words, 0);
      for (let seed = 1; seed < 24; seed++) {
        const next = await pixels(words, seed);
        assert.ok(difference(last, next) > 4, `${words}: ${seed - 1} and ${seed} look alike`);
        last = next;
      }
    }
  });

  it('vary over a hundred seeds in skin, hair and looks', () => {
    const bodies = Array.from({ length: 100 }, (_, seed) => shapes('avatar', seed));
    assert.ok(new Set(bodies).size >= 99);
    for (const skin of SKINS) {
      const count = bodies.filter((body) => body.includes(`fill="#${skin}"`)).length;
      assert.ok(count >= 8 && count <= 20, `skin ${skin}: ${count} of 100`);
    }
    const hairs = Object.values(HAIRS).filter((hair) => bodies.some((one) => one.includes(hair)));
    assert.ok(hairs.length >= 9, hairs.join());
    const women = bodies.filter((body) => body.includes('M100.5 108.5')).length;
    assert.ok(women >= 20 && women <= 60, `lashes: ${women} of 100`);
  });

  it('have the colours of skin and hair that the words say', () => {
    const says: readonly (readonly [string, string])[] = [
      ['a woman with red hair', HAIRS.red],
      ['a blonde girl', HAIRS.blond],
      ['woman with long curly black hair', HAIRS.black],
      ['man with grey hair', HAIRS.grey],
      ['a woman with pink hair', 'f08ab2'],
      ['a Black man', '7a4a2b'],
      ['dark-skinned woman', '7a4a2b'],
      ['a white man', SKINS[0]],
      ['an Asian woman', 'f3c69c'],
      ['an Indian man', 'c68642'],
      ['a man in a green hoodie', '3f9d5d'],
      ['a woman in a red dress', 'd9433f'],
    ];
    for (const [words, colour] of says) {
      for (let seed = 0; seed < 12; seed++) {
        assert.ok(draw(words, seed).includes(`#${colour}`), `${words} (${seed})`);
      }
    }
  });

  it('change with what the words say, and keep the rest', () => {
    const plain = 'a man without glasses, no beard';
    for (const words of [
      'a man with glasses, no beard',
      'a man in sunglasses, no beard',
      'a man with a beard and without glasses',
      'a bald man without glasses, no beard',
      'a man with a hat without glasses, no beard',
      'a sad man without glasses, no beard',
      'an old man without glasses, no beard',
      'a boy without glasses, no beard',
      'a doctor, man without glasses, no beard',
      'a chef, man without glasses, no beard',
    ]) {
      assert.notEqual(shapes(words, 3), shapes(plain, 3), words);
    }
  });

  it('read what is meant, and what is denied', () => {
    const says: readonly (readonly [string, object])[] = [
      ['an old man with glasses', { age: 'old', looks: 'masculine', glasses: 'glasses' }],
      ['a man without glasses', { looks: 'masculine', glasses: 'none' }],
      ['no beard', { beard: 'none' }],
      ['a man with black hair', { looks: 'masculine', hair: HAIRS.black }],
      ['an 8 year old girl', { age: 'child', looks: 'feminine' }],
      ['a 72-year-old woman', { age: 'old', looks: 'feminine' }],
      ['a young woman', { age: 'young', looks: 'feminine' }],
      ['senior software engineer', { age: 'adult' }],
      ['a bearded man', { beard: 'medium' }],
      ['woman with flower crown', { headwear: 'flowers', extra: undefined }],
      ['woman in a blue hijab', { headwear: 'hijab', headwearColour: '4a83d4' }],
      ['grandmother', { age: 'old', looks: 'feminine' }],
      ['nurse', { extra: 'scrubs' }],
      ['a firefighter', { extra: 'fire helmet' }],
      ['police officer', { extra: 'peaked cap' }],
      ['two pilots', { extra: 'peaked cap', clothes: 'suit' }],
      ['an astronaut', { extra: 'space helmet' }],
      ['a waitress', { extra: 'bow tie', looks: 'feminine' }],
      ['barista', { extra: 'apron' }],
      ['a singer', { extra: 'microphone' }],
      ['fire hydrant', { extra: undefined }],
      ['a smiling person', { mood: 'smile', looks: undefined }],
    ];
    for (const [words, expected] of says) {
      const traits: Record<string, unknown> = { ...readTraits(words) };
      for (const [trait, value] of Object.entries(expected)) {
        assert.equal(traits[trait], value, `${words}: ${trait}`);
      }
    }
  });

  it('never give children or women beards', () => {
    for (let seed = 0; seed < 60; seed++) {
      for (const words of ['a boy', 'a woman', 'a baby', 'a grandmother']) {
        assert.ok(!draw(words, seed).includes('translate(49 72)"><path'), `${words} ${seed}`);
      }
    }
  });

  it('stand on the lower edge of a transparent ground', async () => {
    for (const words of ['a woman', 'a boy', 'an old man', 'doctor', 'chef', 'king']) {
      const { data, info } = await sharp(Buffer.from(toSvgFile(drawPortrait(words, { seed: 5 }))))
        .ensureAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true });
      const alpha = (x: number, y: number) => data[(y * info.width + x) * 4 + 3];
      assert.equal(alpha(2, 2), 0, words);
      assert.equal(alpha(info.width / 2, info.height - 2), 255, words);
      assert.equal(alpha(info.width / 2, info.height / 2), 255, words);
    }
  });
});
