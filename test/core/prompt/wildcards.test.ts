import assert from 'node:assert/strict';
import fc from 'fast-check';
import { expandWildcards } from '../../../src/core/prompt/wildcards';

const expand = (text: string, seed = 0) => expandWildcards(text, seed, 'prompt');

/** How often each outcome comes over many seeds. */
function outcomes(text: string, seeds = 4000): Map<string, number> {
  const counts = new Map<string, number>();
  for (let seed = 0; seed < seeds; seed++) {
    const outcome = expand(text, seed);
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  return counts;
}

describe('wildcards', () => {
  it('takes one option, each about equally often, over neighbouring seeds', () => {
    const counts = outcomes('a {red|green|blue} {apple|pear}');
    assert.equal(counts.size, 6);
    for (const count of counts.values()) assert.ok(Math.abs(count - 4000 / 6) < 100, String(count));
  });

  it('gives the same for the same seed, now and in later versions', () => {
    const chosen = [0, 1, 2, 42, 2 ** 32 + 42, Number.MAX_SAFE_INTEGER].map((seed) =>
      expand('{0|1|2|3|4|5|6|7|8|9}{0|1|2|3|4|5|6|7|8|9}', seed),
    );
    assert.deepEqual(chosen, EXPECTED);
  });

  it('nests, and chooses by each brace alone', () => {
    const counts = outcomes('{a|{b|c}}');
    assert.deepEqual([...counts.keys()].sort(), ['a', 'b', 'c']);
    assert.ok(Math.abs(counts.get('a')! - 2000) < 150);
    for (let seed = 0; seed < 50; seed++) {
      const alone = expand('{a|b} {c|d}', seed).at(-1);
      assert.equal(expand('{long|longer} {c|d}', seed).at(-1), alone);
    }
  });

  it('weighs options', () => {
    const counts = outcomes('{3::a|b}');
    assert.ok(Math.abs(counts.get('a')! - 3000) < 130);
    assert.deepEqual([...outcomes('{0::a|b}').keys()], ['b']);
    assert.deepEqual([...outcomes('{0::a|0::b}').keys()], ['a']);
    assert.deepEqual([...outcomes('{.5::|0.5::b}').keys()].sort(), ['', 'b']);
  });

  it('leaves what is no choice', () => {
    for (const text of ['', 'a|b', '{a}', '{', '}', '{a|b', 'a} {b', '{2::a', '{{a}|b']) {
      assert.equal(expand(text), text);
    }
    assert.equal(expand('{{a|a}'), '{a');
  });

  it('takes escaped signs as they are, and leaves other escapes', () => {
    assert.equal(expand('\\{a\\|b\\}'), '{a|b}');
    assert.equal(expand('{\\||\\|}'), '|');
    assert.equal(expand('\\(a\\) \\\\'), '\\(a\\) \\\\');
    assert.equal(expand('\\\\{a|a}'), '\\\\a');
  });

  it('chooses for the negative prompt by itself', () => {
    const text = '{0|1|2|3|4|5|6|7|8|9}';
    const seeds = Array.from({ length: 100 }, (_, seed) => seed);
    const same = seeds.filter(
      (seed) => expandWildcards(text, seed, 'negativePrompt') === expand(text, seed),
    );
    assert.ok(same.length < 30, String(same.length));
  });

  it('ends for any text, deeply nested too', () => {
    const deep = '{a|'.repeat(2500);
    assert.equal(expand(deep), deep);
    assert.ok(expand(`${deep}${'}'.repeat(2500)}`).length < 10);
    const notation = fc.constantFrom('{', '}', '|', '::', '2::', '\\', 'a');
    fc.assert(
      fc.property(fc.array(notation, { maxLength: 40 }), fc.maxSafeNat(), (units, seed) => {
        const text = units.join('');
        assert.ok(expand(text, seed).length <= text.length);
      }),
    );
  });
});

const EXPECTED = ['36', '43', '99', '91', '43', '65'];
