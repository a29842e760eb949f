import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { starterVocabulary } from '../../../../src/core/composition/words';
import translations from '../../../../src/core/composition/words/translations.json';
import { SIGNS } from '../../../../src/core/composition/words/table/signs';
import { SYNONYMS } from '../../../../src/core/composition/words/table/subjects';
import { NATURAL_PLACES } from '../../../../src/core/composition/words/table/grounds';
import { PAGES } from '../../../../src/core/composition/words/table/pages';

const vocabulary = starterVocabulary();

describe('the vocabulary of the starter', () => {
  it('has the things of the model card, in the order of things.webp', () => {
    const card = readFileSync('models/starter/README.md', 'utf8');
    const [, list = ''] = /<summary>The 719 things<\/summary>\n\n(.+)\.\n/.exec(card) ?? [];
    assert.deepEqual(vocabulary.things, list.split(', '));
  });

  it('knows names, kinds, meanings, plurals and misspelt words', () => {
    const known = { 'a red sneaker': 'shoe', Sedan: 'car', security: 'lock', 'two cherries': 'cherry', wolves: 'wolf', 'a cat, flat': 'cat', stroopwafel: undefined }; // prettier-ignore
    for (const [words, thing] of Object.entries(known))
      assert.equal(vocabulary.knownThing(words), thing, words);
    assert.equal(vocabulary.correct('caat'), 'cat');
    assert.equal(vocabulary.correct('rokcet'), 'rocket');
    assert.equal(vocabulary.correct('cat'), undefined);
    assert.equal(vocabulary.correct('stroopwafel'), undefined);
  });

  it('finds the nearest things by spelling and by shared words', () => {
    assert.ok(vocabulary.nearestThings('caat', 3).includes('cat'));
    assert.equal(vocabulary.nearestThings('elefant', 1)[0], 'elephant');
    assert.ok(
      vocabulary
        .nearestThings('christmas star', 4)
        .some((thing) => thing === 'star' || thing === 'christmas tree'),
    );
  });

  it('completes the last thing of a prompt', () => {
    const texts = (text: string) => vocabulary.completions(text, 5).map((one) => one.text);
    assert.ok(texts('a red ap').includes('a red apple'));
    assert.ok(texts('two ca').includes('two cats'));
    assert.ok(texts('light b').includes('light bulb'));
    assert.equal(vocabulary.completions('', 3).length, 3);
    assert.deepEqual(vocabulary.completions('xqzj', 3), []);
  });

  it('has a name of every thing in every language', () => {
    for (const [language, names] of Object.entries(translations)) {
      assert.equal(names.length, vocabulary.things.length, language);
      assert.deepEqual(
        names.filter((name) => name === ''),
        [],
        language,
      );
    }
  });

  it('is named rightly by the tables', () => {
    const named = [
      ...Object.keys(SYNONYMS),
      ...PAGES.flatMap(({ draws }) => (draws.includes(':') ? [] : [draws])),
    ];
    assert.deepEqual(
      named.filter((thing) => !vocabulary.things.includes(thing)),
      [],
    );
    const placed = Object.values(NATURAL_PLACES).flatMap((words) => words.split('|'));
    assert.deepEqual(
      placed.filter((thing) => !(thing in SIGNS) && !vocabulary.things.includes(thing)),
      [],
    );
  });
});
