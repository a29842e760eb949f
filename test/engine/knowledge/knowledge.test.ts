import { strict as assert } from 'node:assert';
import path from 'node:path';
import judged from '../../../bench/knowledge/drawings.json';
import { ThingFeatures } from '../../../src/engine/knowledge/thing-features';
import { describeDoubt, doubts } from '../../../src/core/composition/knowledge';
import { readRecipe } from '../../../src/core/recipe/index';
import type { GenerationRequestInput } from '../../../src/core/request/request';
import { ROOT } from '../../support/paths';
import { StarterEngine } from '../../support/starter-engine';
import { tempFolder } from '../../support/temp-folder';

/** Drawings of which words and seeds say much the same, on any machine. */
const SURE = {
  known: ['a cat', 'a blue car', 'a kitten', 'a salmon'],
  near: ['a meerkat', 'an earring', 'a microchip', 'a windmill'],
  unknown: ['a platypus', 'a pomegranate', 'flumphwizzle', 'a radish'],
} as const;

describe('what the starter says of what it draws', () => {
  const engine = new StarterEngine();
  after(() => engine.close());
  const knowledgeOf = async (request: GenerationRequestInput) =>
    (await engine.drawOne({ seed: 1, ...request })).knowledge ?? [];

  it('is what people saw in its drawings', async () => {
    for (const [level, prompts] of Object.entries(SURE)) {
      for (const prompt of prompts) {
        const [knowledge] = await knowledgeOf({ prompt, ground: 'none' });
        assert.equal(knowledge?.level, level, prompt);
        const judgement = judged[prompt];
        assert.equal(judgement === 'smear', level === 'unknown', prompt);
      }
    }
  });

  it('names what is drawn in the place of a word, and what is near it', async () => {
    const [knowledge] = await knowledgeOf({ prompt: 'a ukulele on a beach' });
    assert.equal(knowledge?.subject, 'ukulele');
    assert.equal(knowledge.level, 'near');
    assert.equal(knowledge.drawnAs, 'guitar');
    assert.deepEqual(await knowledgeOf({ prompt: 'a guittar' }), [
      { subject: 'guitar', level: 'known', nearest: [] },
    ]);
  });

  it('says nothing of words in other languages and misspelt ones that it understands', async () => {
    for (const [prompt, thing] of [
      ...[['ein roter Apfel', 'red apple'] as const, ['une maison', 'house'] as const],
      ...[['una manzana verde', 'green apple'] as const, ['一只猫', 'cat'] as const],
      ...[['an elephnat', 'elephant'] as const, ['guittar', 'guitar'] as const],
    ]) {
      const knowledge = await knowledgeOf({ prompt });
      assert.deepEqual(knowledge, [{ subject: thing, level: 'known', nearest: [] }], prompt);
    }
  });

  it('says of words that mean nothing what is near them, or that nothing is', async () => {
    for (const [prompt, nothing] of [
      ['flurbel gnarp', false],
      ['xqzv', true],
    ] as const) {
      const [doubt, ...others] = doubts(await knowledgeOf({ prompt }));
      assert.ok(doubt, prompt);
      assert.deepEqual(others, []);
      assert.equal(doubt.subject, prompt);
      assert.equal(doubt.nearest.length === 0, nothing, prompt);
      assert.equal(/It( also)? knows: \w/.test(describeDoubt(doubt)), !nothing);
    }
  });

  it('is said of each subject, at any size, and not of what it did not draw', async () => {
    const request = { prompt: 'a cat and a dog', width: 400, height: 200 };
    const levels = (await knowledgeOf(request)).map(({ level }) => level);
    assert.deepEqual(levels, ['known', 'known']);
    assert.deepEqual(await knowledgeOf({ prompt: 'blue waves background' }), []);
  });

  it('is said of words of which nothing is in the image', async () => {
    for (const prompt of ['an igloo in the snow', 'a cat and an igloo']) {
      const knowledge = (await knowledgeOf({ prompt })).at(-1);
      assert.equal(knowledge?.subject, 'igloo');
      assert.equal(knowledge.level, 'unknown');
      assert.equal(knowledge.leftOut, true);
      assert.ok(knowledge.nearest.length > 0, prompt);
    }
  });

  it('is in the recipe where there is a doubt', async () => {
    const doubtOf = async (prompt: string) =>
      readRecipe((await engine.drawOne({ prompt, seed: 1 })).bytes)?.details.Doubt;
    assert.match((await doubtOf('a platypus')) ?? '', /^The starter may not know "platypus"/);
    assert.equal(await doubtOf('a cat'), undefined);
  });

  it('changes nothing of the image, and is the same each time', async () => {
    const draw = () => engine.drawOne({ prompt: 'a crane', seed: 3, metadata: false });
    const [one, other] = [await draw(), await draw()];
    assert.deepEqual(one.knowledge, other.knowledge);
    assert.deepEqual(one.bytes, other.bytes);
  });
});

describe('the features of the things that the starter was taught', () => {
  it('are read from its folder', async () => {
    const things = await ThingFeatures.read(path.join(ROOT, 'models', 'starter'));
    assert.ok(things);
    assert.equal(things.nearest(new Float32Array(256).fill(1), 1000).length, 719);
  });

  it('are absent where a model has none', async () => {
    assert.equal(await ThingFeatures.read(tempFolder()), undefined);
  });
});
