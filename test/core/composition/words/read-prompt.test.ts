import assert from 'node:assert/strict';
import * as v from 'valibot';
import { CompositionSchema } from '../../../../src/core/composition/composition';
import { readPrompt, starterVocabulary } from '../../../../src/core/composition/words';
import { findVector } from '../../../../src/core/composition/vectors/find';
import { inShort } from './in-short';
import { LANGUAGES, PROMPTS, REVIEW } from './readings';

const vocabulary = starterVocabulary();

describe('prompts, read', () => {
  for (const [name, table] of Object.entries({
    'of a review': REVIEW,
    'of all kinds': PROMPTS,
    'in other languages': LANGUAGES,
  })) {
    describe(name, () => {
      for (const [prompt, reading] of table) {
        it(prompt, () => assert.equal(inShort(readPrompt(prompt, vocabulary)), reading));
      }
    });
  }

  it('give what the schema of a composition takes', () => {
    for (const [prompt] of [...REVIEW, ...PROMPTS, ...LANGUAGES]) {
      const { composition } = readPrompt(prompt, vocabulary);
      assert.deepEqual(v.parse(CompositionSchema, composition), composition, prompt);
    }
  });

  it('name vector drawings that there are', () => {
    for (const [prompt] of [...REVIEW, ...PROMPTS, ...LANGUAGES]) {
      for (const { source, words } of readPrompt(prompt, vocabulary).composition.subjects) {
        if (source === 'vector') assert.notEqual(findVector(words), undefined, words);
      }
    }
  });

  it('stay as they are where they name one thing of the model', () => {
    // These are drawn as portraits.
    const faces = ['avatar', 'doctor', 'programmer', 'scientist', 'student', 'teacher'];
    for (const thing of vocabulary.things.filter((one) => !faces.includes(one))) {
      for (const prompt of [thing, `a ${thing}`, `the ${thing}`, `${thing}, flat`]) {
        assert.deepEqual(readPrompt(prompt, vocabulary), {
          composition: { kind: 'thing', subjects: [{ words: prompt, source: 'model', count: 1 }] },
          colours: [],
          unread: [],
        });
      }
    }
  });

  it('say the size that their words ask for', () => {
    const size = (prompt: string) => readPrompt(prompt, vocabulary).size;
    assert.deepEqual(size('hero image of a boat'), { width: 1200, height: 630 });
    assert.deepEqual(size('og image about security'), { width: 1200, height: 630 });
    assert.deepEqual(size('avatar of a woman'), { width: 256, height: 256 });
    assert.deepEqual(size('favicon of a fox'), { width: 64, height: 64 });
    assert.deepEqual(size('wallpaper with mountains'), { width: 1920, height: 1080 });
    assert.deepEqual(size('a boat, 800 x 400'), { width: 800, height: 400 });
    assert.equal(size('a boat'), undefined);
    assert.equal(size('a boat, 9 x 9000'), undefined);
  });

  it('give the colours of the ground and those typed as hex', () => {
    const colours = (prompt: string) => readPrompt(prompt, vocabulary).colours;
    assert.deepEqual(colours('a rocket on #112233'), ['#112233']);
    assert.deepEqual(colours('a car in #0066CC'), ['#0066cc']);
    assert.deepEqual(colours('gradient from #f00 to #0000ff'), ['#ff0000', '#0000ff']);
    assert.deepEqual(colours('a red apple'), []);
  });

  it('say which words could not be read', () => {
    assert.deepEqual(readPrompt('hero image of a stroopwafel and a cat', vocabulary).unread, [
      'stroopwafel',
    ]);
    assert.deepEqual(readPrompt('龘和猫', vocabulary).unread, ['龘']);
  });

  it('keep misspelt words that are words of their own', () => {
    for (const word of ['coal', 'beard', 'shake', 'board game']) {
      assert.deepEqual(
        readPrompt(`photo of ${word} zzzz`, vocabulary).composition.subjects.filter(({ words }) =>
          ['coat', 'bread', 'snake'].includes(words),
        ),
        [],
      );
    }
  });
});
