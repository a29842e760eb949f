import { strict as assert } from 'node:assert';
import type { Composition } from '../../../src/core/composition/composition';
import { vary } from '../../../src/core/composition/variation';

const thing = (words: string): Composition => ({
  kind: 'thing',
  subjects: [{ words, source: 'model', count: 1 }],
});
const at = (composition: Composition, variation: number, words = '', seed = 1) =>
  vary(composition, { variation, seed, words });
const wordsAt = (words: string, variation: number) =>
  at(thing(words), variation, words).composition.subjects[0]!.words;

describe('variations of a composition', () => {
  it('are the composition itself at 0', () => {
    const composition = thing('a car');
    const { composition: same, arrangement } = at(composition, 0);
    assert.equal(same, composition);
    assert.deepEqual(arrangement, { place: 'centre', mirrored: false, turn: 0 });
  });

  it('differ from each other, and repeat for the same number and seed', () => {
    const seen = new Set<string>();
    for (let k = 0; k < 8; k++) {
      const made = JSON.stringify(at(thing('a car'), k));
      assert.equal(made, JSON.stringify(at(thing('a car'), k)));
      seen.add(made);
    }
    assert.equal(seen.size, 8);
  });

  it('name a style and a colour, where the user has named none', () => {
    const all = [1, 2, 3, 4, 5, 6].map((k) => wordsAt('a car', k));
    for (const style of ['3d', 'flat', 'outline']) {
      assert.ok(
        all.some((words) => words.endsWith(`, ${style}`)),
        style,
      );
    }
    assert.ok(
      all.some((words) => /^an? (?:blue|green|purple|orange) car/.test(words)),
      all.join(),
    );
    for (const k of [1, 2, 3, 4, 5, 6]) {
      assert.doesNotMatch(wordsAt('a red car', k), /blue|green|purple/);
      assert.doesNotMatch(wordsAt('a car, flat', k), /3d|outline/);
      // No blue cats.
      assert.doesNotMatch(wordsAt('a cat', k), /blue|green|purple|orange/);
    }
  });

  it('change the light of a scene where the words do not say it, and never its place', () => {
    const scene: Composition = { kind: 'scene', subjects: [], ground: { name: 'sea' } };
    const times = [0, 1, 2, 3, 4].map((k) => {
      const { ground } = at(scene, k, 'the sea').composition;
      assert.ok(typeof ground === 'object' && ground.name === 'sea');
      return ground.time;
    });
    assert.equal(new Set(times).size, 5);
    const dawn: Composition = { ...scene, ground: { name: 'sea', time: 'dawn' } };
    const { ground } = at(dawn, 3, 'the sea at dawn').composition;
    assert.deepEqual(ground, { name: 'sea', time: 'dawn' });
  });

  it('leave portraits, signs and asked colours as they are', () => {
    const composition: Composition = {
      kind: 'icon',
      subjects: [{ words: 'git branch', source: 'vector', count: 1 }],
      ground: { name: 'plain', colours: ['#ff0000'] },
    };
    for (const k of [1, 2, 3]) {
      assert.deepEqual(at(composition, k, 'git branch on red').composition, composition);
    }
  });
});
