import assert from 'node:assert/strict';
import * as v from 'valibot';
import { CompositionSchema } from '../../../../src/core/composition/composition';
import { readPrompt, starterVocabulary } from '../../../../src/core/composition/words';
import { findVector } from '../../../../src/core/composition/vectors/find';
import { SIGNS } from '../../../../src/core/composition/vectors/sign-names';
import { inShort } from './in-short';
import { ALONE, FACES } from '../../../../src/core/composition/words/table/people';
import { FORMS_READ, LANGUAGES, PROMPTS, REVIEW, TYPED } from './readings';

const vocabulary = starterVocabulary();
/** "Touch icon" is the icon of a page; an avatar is a face; "3d" is a style of the model. */
const OTHERWISE = new Set([
  'touch',
  'user avatar icon',
  '3d model',
  'theme switcher',
  'my account',
]);
/** Words that nothing is known of, each a letter or two from one that is known. */
const USUAL_WORDS = 'vase change charge organ audition magician tumor radical clinical crossing';
const DRAWN = ['tent', 'bridge', 'handshake', 'line chart', 'chart', 'shop', 'bike', 'palm'];

describe('prompts, read', () => {
  for (const [name, table] of Object.entries({
    'of a review': REVIEW,
    'of all kinds': PROMPTS,
    'of patterns': FORMS_READ,
    'in other languages': LANGUAGES,
    'as they are typed': TYPED,
  })) {
    describe(name, () => {
      for (const [prompt, reading] of table) {
        it(prompt, () => assert.equal(inShort(readPrompt(prompt, vocabulary)), reading));
      }
    });
  }

  it('give what the schema of a composition takes', () => {
    for (const [prompt] of [...REVIEW, ...PROMPTS, ...FORMS_READ, ...LANGUAGES, ...TYPED]) {
      const { composition } = readPrompt(prompt, vocabulary);
      assert.deepEqual(v.parse(CompositionSchema, composition), composition, prompt);
    }
  });

  it('name vector drawings that there are', () => {
    for (const [prompt] of [...REVIEW, ...PROMPTS, ...FORMS_READ, ...LANGUAGES, ...TYPED]) {
      for (const { source, words } of readPrompt(prompt, vocabulary).composition.subjects) {
        if (source === 'vector') assert.notEqual(findVector(words), undefined, words);
      }
    }
  });

  it('stay as they are where they name one thing of the model', () => {
    // These are drawn as portraits, or as vector drawings that are better than the model's.
    const others = new Set(['avatar', ...FACES.split('|'), ...ALONE.split('|'), ...DRAWN]);
    for (const thing of vocabulary.things.filter((one) => !others.has(one))) {
      for (const prompt of [thing, `a ${thing}`, `the ${thing}`, `${thing}, flat`]) {
        assert.deepEqual(readPrompt(prompt, vocabulary), {
          composition: { kind: 'thing', subjects: [{ words: prompt, source: 'model', count: 1 }] },
          colours: [],
          unread: [],
        });
      }
    }
  });

  it('name people and things that are drawn better than by the model', () => {
    for (const name of DRAWN)
      assert.equal(inShort(readPrompt(name, vocabulary)).includes(`: vector ${name}`), true, name);
    for (const name of [...FACES.split('|'), ...ALONE.split('|')]) {
      for (const prompt of [name, `avatar of a ${name}`, `portrait of a ${name}`])
        assert.deepEqual(
          readPrompt(prompt, vocabulary).composition.subjects.map(({ source }) => source),
          ['portrait'],
          prompt,
        );
    }
  });

  it('show the sign of that name where they say icon', () => {
    for (const [name, { phrases, withIcon }] of SIGNS) {
      for (const phrase of [...phrases, ...withIcon].filter((one) => !OTHERWISE.has(one))) {
        const prompt = phrase.endsWith('icon') ? phrase : `${phrase} icon`;
        const { kind, subjects } = readPrompt(prompt, vocabulary).composition;
        assert.deepEqual(
          [kind, subjects.length, subjects[0]?.source],
          ['icon', 1, 'vector'],
          prompt,
        );
        assert.equal(findVector(subjects[0]!.words), findVector(prompt) ?? name, prompt);
      }
    }
  });

  it('are drawn by the model where they say 3d icon, app icon or logo', () => {
    for (const prompt of [
      '3d bell icon',
      'app icon with a bell',
      'logo with a bell',
      'favicon of a bell',
    ])
      assert.equal(readPrompt(prompt, vocabulary).composition.subjects[0]?.source, 'model', prompt);
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
    for (const word of USUAL_WORDS.split(' '))
      assert.equal(readPrompt(word, vocabulary).composition.subjects[0]?.words, word);
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
