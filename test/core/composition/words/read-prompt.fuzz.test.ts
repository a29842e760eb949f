import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as v from 'valibot';
import { CompositionSchema } from '../../../../src/core/composition/composition';
import { readPrompt, starterVocabulary } from '../../../../src/core/composition/words';
import { fuzzRuns } from '../../../support/fuzz';
import { LANGUAGES, PROMPTS, REVIEW } from './readings';

const vocabulary = starterVocabulary();
const words = [...REVIEW, ...PROMPTS, ...LANGUAGES].flatMap(([prompt]) => prompt.split(' '));
const LONGEST = 8000;

/** Texts of every script, and the words of real prompts in any order. */
const prompt = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.array(fc.constantFrom(...words), { maxLength: 40 }).map((parts) => parts.join(' ')),
  fc.array(fc.constantFrom(...words, ',', '#', '#12', '"', '(', ':1.', '<a:b', '\ud800', '海', '\n'), { maxLength: 30 }).map((parts) => parts.join('')), // prettier-ignore
);

describe('any prompt, read', () => {
  it('is a valid composition, and the same each time', () => {
    fc.assert(
      fc.property(prompt, (text) => {
        const reading = readPrompt(text, vocabulary);
        assert.deepEqual(v.parse(CompositionSchema, reading.composition), reading.composition);
        assert.deepEqual(readPrompt(text, vocabulary), reading);
        assert.ok(
          reading.composition.subjects.length > 0 || reading.composition.ground !== undefined,
        );
        for (const colour of reading.colours) assert.match(colour, /^#[0-9a-f]{6}$/);
      }),
      { numRuns: fuzzRuns(150) },
    );
  });

  it('is read with bounded work, however long it is', function () {
    this.timeout(20_000);
    const parts = [
      'a',
      'a cat on ',
      'zq',
      'xqzjvk ',
      ' ',
      ',',
      '#',
      '"',
      '(',
      '<a:',
      '海',
      '海滩上的',
      'é',
      '-',
      '1x',
      '\u0300',
      'aaaaaaab ',
    ];
    for (const part of parts) {
      const { composition } = readPrompt(part.repeat(LONGEST / part.length), vocabulary);
      assert.deepEqual(v.parse(CompositionSchema, composition), composition);
    }
  });

  it('completes and finds near things for any text', () => {
    fc.assert(
      fc.property(prompt, (text) => {
        for (const { text: whole, thing, index } of vocabulary.completions(text, 5)) {
          assert.equal(vocabulary.things[index], thing);
          assert.ok(whole.length > 0);
        }
        const near = vocabulary.nearestThings(text, 4);
        assert.equal(near.length, 4);
        assert.ok(near.every((thing) => vocabulary.things.includes(thing)));
      }),
      { numRuns: fuzzRuns(60) },
    );
  });
});
