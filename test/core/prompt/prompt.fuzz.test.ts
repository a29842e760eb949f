import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EaselError } from '../../../src/core/errors';
import { parseWeightedPrompt } from '../../../src/core/prompt/attention';
import { chunkPrompt } from '../../../src/core/prompt/chunks';
import { foreignSyntaxNotes } from '../../../src/core/prompt/foreign-syntax';
import { expandWildcards } from '../../../src/core/prompt/wildcards';
import { LIMITS } from '../../../src/core/request/fields/limits';
import { fuzzRuns } from '../../support/fuzz';

const SYNTAX = [
  ...[
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '|',
    ':',
    '::',
    '\\',
    '<',
    '>',
    ',',
    ' ',
    '\n',
    '_',
    '__',
    '-',
    '+',
  ],
  ...[
    '<lora:',
    'embedding:',
    'BREAK',
    ' AND ',
    '1.2',
    '.',
    'a cat',
    '灯',
    '🍎',
    '--ar ',
    '"',
    '0.5]',
  ],
];
/** Prompts of the marks of every syntax, of any text, or of one mark many times. */
const prompts = fc.oneof(
  fc.array(fc.constantFrom(...SYNTAX), { maxLength: 60 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc
    .tuple(fc.constantFrom(...SYNTAX), fc.constantFrom(...SYNTAX), fc.nat(LIMITS.promptCharacters))
    .map(([start, mark, count]) => (start + mark.repeat(count)).slice(0, LIMITS.promptCharacters)),
);

const TOKENIZER = {
  ...{ maxLength: 77, beginId: 1, endId: 2, padId: 2 },
  tokenize: (text: string) => Array.from(text, (character) => character.codePointAt(0)! % 500),
};

describe('prompts of any text', () => {
  it('are weighed, or refused with a message', () => {
    fc.assert(
      fc.property(prompts, (prompt) => {
        try {
          const parts = parseWeightedPrompt(prompt);
          assert.ok(parts.length > 0);
          assert.ok(parts.every(({ weight }) => !Number.isNaN(weight)));
          const chunks = chunkPrompt(parts, TOKENIZER);
          assert.ok(chunks.length > 0 && chunks.every(({ ids }) => ids.length === 77));
        } catch (thrown) {
          assert.ok(thrown instanceof EaselError && thrown.code === 'bad-request', String(thrown));
        }
      }),
      { numRuns: fuzzRuns(2000) },
    );
  });

  it('have wildcards that depend on the seed alone', () => {
    fc.assert(
      fc.property(prompts, fc.nat(), (prompt, seed) => {
        const chosen = expandWildcards(prompt, seed, 'prompt');
        assert.equal(expandWildcards(prompt, seed, 'prompt'), chosen);
        if (!/[{}\\]/.test(prompt)) assert.equal(chosen, prompt);
      }),
      { numRuns: fuzzRuns(2000) },
    );
  });

  it('have short notes on other syntaxes', () => {
    fc.assert(
      fc.property(prompts, fc.boolean(), fc.boolean(), (prompt, weighted, wildcards) => {
        const notes = foreignSyntaxNotes(prompt, { weighted, wildcards });
        assert.ok(notes.length < 15 && notes.every((note) => note.length < 600));
      }),
      { numRuns: fuzzRuns(2000) },
    );
  });
});
