import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EaselError } from '../../../src/core/errors';
import { isBreak, parseWeightedPrompt } from '../../../src/core/prompt/attention';

const read = (prompt: string) =>
  parseWeightedPrompt(prompt).map(({ text, weight }) => [text, weight]);

describe('attention weights', () => {
  // The examples that AUTOMATIC1111 documents, and what its parser makes of the others.
  const examples: [string, [string, number][]][] = [
    ['normal text', [['normal text', 1]]],
    [
      'an (important) word',
      [
        ['an ', 1],
        ['important', 1.1],
        [' word', 1],
      ],
    ],
    ['(unbalanced', [['unbalanced', 1.1]]],
    ['[unbalanced', [['unbalanced', 1 / 1.1]]],
    ['\\(literal\\]', [['(literal]', 1]]],
    ['(unnecessary)(parens)', [['unnecessaryparens', 1.1]]],
    [
      'a (((house:1.3)) [on] a (hill:0.5), sun, (((sky))).',
      [
        ['a ', 1],
        ['house', 1.5730000000000004],
        [' ', 1.1],
        ['on', 1],
        [' a ', 1.1],
        ['hill', 0.55],
        [', sun, ', 1.1],
        ['sky', 1.4641000000000006],
        ['.', 1.1],
      ],
    ],
    ['', [['', 1]]],
    ['()', [['', 1]]],
    ['a) b] c', [['a) b] c', 1]]],
    ['a:1.3) b', [['a:1.3) b', 1]]],
    ['(a:1.3', [['a:1.3', 1.1]]],
    [
      '(a: 1.3 ) b',
      [
        ['a', 1.3],
        [' b', 1],
      ],
    ],
    [
      '(a:+.5)(b:-2)',
      [
        ['a', 0.5],
        ['b', -2],
      ],
    ],
    ['[a:1.3]', [['a:1.3', 1 / 1.1]]],
    ['[(a]:2)', [['a', 2 / 1.1]]],
    ['time 12:30', [['time 12:30', 1]]],
    [
      '\\\\(a) \\n',
      [
        ['\\', 1],
        ['a', 1.1],
        [' n', 1],
      ],
    ],
    ['a\\', [['a', 1]]],
    [
      'a BREAK b',
      [
        ['a', 1],
        ['BREAK', -1],
        ['b', 1],
      ],
    ],
    ['BREAKFAST, aBREAK éBREAK', [['BREAKFAST, aBREAK éBREAK', 1]]],
    [
      '(a BREAK b:2)',
      [
        ['a', 2],
        ['BREAK', -2],
        ['b', 2],
      ],
    ],
    [
      'a BREAK BREAK b',
      [
        ['a', 1],
        ['BREAK', -1],
        ['', 1],
        ['BREAK', -1],
        ['b', 1],
      ],
    ],
  ];
  for (const [prompt, parts] of examples) {
    it(`reads ${JSON.stringify(prompt)}`, () => {
      assert.deepEqual(read(prompt), parts);
    });
  }

  it('tells breaks from words', () => {
    assert.deepEqual(parseWeightedPrompt('a BREAK b').map(isBreak), [false, true, false]);
    assert.deepEqual(parseWeightedPrompt('(a BREAK b)').map(isBreak), [false, false, false]);
  });

  it('refuses a weight that is no number', () => {
    for (const prompt of ['(a:1.2.3)', '(a:.)', '(to be continued:...)']) {
      assert.throws(
        () => parseWeightedPrompt(prompt),
        (thrown) => thrown instanceof EaselError && thrown.code === 'bad-request',
      );
    }
  });

  it('keeps every character that is not notation', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const escaped = text.replace(/[()[\]\\]/g, '\\$&');
        fc.pre(!text.includes('BREAK'));
        assert.deepEqual(read(escaped), [[text, 1]]);
      }),
    );
  });

  it('reads any text, with weights that differ from part to part', () => {
    const notation = fc.constantFrom('(', ')', '[', ']', ':', '\\', ':1.5)', ' BREAK ', 'a', '\n');
    fc.assert(
      fc.property(fc.array(notation, { maxLength: 40 }), (units) => {
        const parts = parseWeightedPrompt(units.join(''));
        assert.ok(parts.length > 0);
        for (const [i, part] of parts.slice(1).entries()) {
          assert.notEqual(part.weight, parts[i]?.weight);
        }
      }),
    );
  });
});
