import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isBeyondStarter } from '../../../src/core/catalogue/starter-limits';
import { ROOT } from '../../support/paths';

const vocabulary = JSON.parse(
  readFileSync(path.join(ROOT, 'models/starter/tokenizer/vocab.json'), 'utf8'),
) as Record<string, number>;
const isBeyond = (prompt: string) =>
  isBeyondStarter(prompt, (word) => Object.hasOwn(vocabulary, `${word}</w>`));

describe('what the starter model does not draw', () => {
  it('is scenes, photos, people, text, other scripts and words that it never learned', () => {
    for (const prompt of [
      ...['a photo of an old harbour', 'portrait of a woman', 'a city skyline at dusk'],
      ...['abstract wavy background', 'team of people at work', 'a caat', 'roter Apfel'],
      ...['一个红苹果', 'красное яблоко', 'りんご'],
    ]) {
      assert.ok(isBeyond(prompt), prompt);
    }
  });

  it('is not the things that it was taught, in their colours and styles', () => {
    for (const prompt of [
      ...['a red apple', 'two cats', 'a rocket, flat', 'a blue car, 3d', 'light bulb'],
      ...['a red apple and a green pear', 'a kitten', 'a blurry cat', '404', ''],
    ]) {
      assert.ok(!isBeyond(prompt), prompt);
    }
  });
});
