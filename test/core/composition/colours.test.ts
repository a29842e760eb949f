import * as assert from 'node:assert/strict';

import * as fc from 'fast-check';

import {
  COLOUR_WORDS,
  SHADE_WORDS,
  change,
  colourOfWords,
  contrast,
  difference,
  fromOklch,
  isDark,
  lightness,
  meanColour,
  mix,
  mixHues,
  oklch,
  ramp,
  readableOn,
  shade,
  tint,
  wordOfColour,
} from '../../../src/core/composition/colours';

const HEX = /^#[0-9a-f]{6}$/;
const hexes = fc
  .integer({ min: 0, max: 0xffffff })
  .map((value) => `#${value.toString(16).padStart(6, '0')}`);

describe('colour words', () => {
  it('are read as hex, however they are written', () => {
    assert.equal(colourOfWords('coral'), '#ff7f50');
    assert.equal(colourOfWords('Royal Blue'), colourOfWords('royalblue'));
    assert.equal(colourOfWords('gray'), colourOfWords('grey'));
    assert.equal(colourOfWords('off-white'), colourOfWords('off white'));
    assert.equal(colourOfWords('#08f'), '#0088ff');
    assert.equal(colourOfWords('#0F172A'), '#0f172a');
    assert.equal(colourOfWords('rgb(15, 23, 42)'), '#0f172a');
    assert.equal(colourOfWords('bluish'), colourOfWords('blue'));
  });

  it('are not seen where there are none', () => {
    for (const words of [
      '',
      'table',
      'dark',
      'a red apple',
      'add',
      'ffffffff',
      'red blue',
      'icy',
    ]) {
      assert.equal(colourOfWords(words), undefined, words);
    }
  });

  it('of a shade keep the hue and move the lightness', () => {
    for (const word of ['blue', 'red', 'green', 'teal', 'purple', 'orange', 'pink', 'brown']) {
      const [dark, plain, light] = ['dark ', '', 'light '].map((by) => colourOfWords(by + word));
      assert.ok(lightness(dark!) < lightness(plain!) - 0.1, word);
      assert.ok(lightness(light!) > lightness(plain!) + 0.1, word);
      const turn = Math.abs(oklch(dark!).h - oklch(plain!).h);
      assert.ok(Math.min(turn, 360 - turn) < 12, `${word} turns by ${turn}`);
    }
  });

  it('all name a colour that screens show, with every shade', () => {
    for (const word of COLOUR_WORDS.keys()) {
      assert.match(colourOfWords(word) ?? '', HEX, word);
      for (const by of SHADE_WORDS) assert.match(colourOfWords(`${by} ${word}`) ?? '', HEX);
    }
  });

  it('come back from their own hex as a word that looks the same', () => {
    for (const [word, hex] of COLOUR_WORDS) {
      const found = wordOfColour(hex);
      assert.ok(difference(COLOUR_WORDS.get(found)!, hex) < 0.06, `${word} is called ${found}`);
    }
    assert.equal(wordOfColour('#14213d'), 'navy');
    assert.equal(wordOfColour('#fefefe'), 'white');
  });
});

describe('mixes of colours', () => {
  it('have the ends where they begin and end, and stay colours between', () => {
    fc.assert(
      fc.property(hexes, hexes, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, share) => {
        assert.ok(difference(mix(a, b, 0), a) < 0.05);
        assert.ok(difference(mix(a, b, 1), b) < 0.05);
        for (const hex of [
          mix(a, b, share),
          mixHues(a, b, share),
          tint(a, share),
          shade(a, share),
        ]) {
          assert.match(hex, HEX);
        }
        for (const hex of ramp([a, b], 5)) assert.match(hex, HEX);
      }),
    );
  });

  it('around the hues keep their chroma: red to blue passes purple, not grey', () => {
    assert.ok(oklch(mixHues('#ff0000', '#0000ff', 0.5)).c > 0.2);
  });

  it('lighten and darken step by step', () => {
    fc.assert(
      fc.property(hexes, (hex) => {
        assert.ok(lightness(tint(hex, 0.5)) >= lightness(hex) - 0.01);
        assert.ok(lightness(shade(hex, 0.5)) <= Math.max(lightness(hex), 0.15) + 0.01);
      }),
    );
  });

  it('weigh the mean', () => {
    assert.ok(difference(meanColour(['#000000', '#ffffff']), fromOklch(0.5, 0, 0)) < 0.01);
    assert.ok(difference(meanColour(['#ff0000', '#0000ff'], [1, 0]), '#ff0000') < 0.01);
    assert.match(meanColour([]), HEX);
  });

  it('fit into what screens show at any chroma, with the asked lightness', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.15, max: 0.98, noNaN: true }),
        fc.double({ min: 0, max: 0.4, noNaN: true }),
        fc.double({ min: -720, max: 720, noNaN: true }),
        (l, c, h) => {
          assert.ok(Math.abs(lightness(fromOklch(l, c, h)) - l) < 0.02);
        },
      ),
    );
    assert.equal(change('#336699', {}), '#336699');
  });
});

describe('text on a background', () => {
  it('can be read on every colour', () => {
    fc.assert(
      fc.property(hexes, (hex) => {
        assert.ok(contrast(readableOn(hex), hex) >= 4.5);
      }),
    );
    assert.ok(isDark('#0f172a'));
    assert.ok(!isDark('#fde68a'));
  });
});
