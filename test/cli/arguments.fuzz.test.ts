import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseCommand } from '../../src/cli/arguments';
import { GENERATE_OPTIONS } from '../../src/cli/generate/options';
import { nearest } from '../../src/cli/nearest';
import { EaselError } from '../../src/core/errors';
import { fuzzRuns } from '../support/fuzz';

const CODES = ['bad-request', 'prompt-too-long', 'bad-size', 'unknown-scheduler'];
const verb = fc.constantFrom(
  'generate',
  'models',
  'devices',
  'recipe',
  'icon',
  'mcp',
  'help',
  'version',
  '-h',
  '',
);
const word = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom(
    'list',
    'download',
    'remove',
    'a cat',
    '-1',
    '--',
    '-',
    '—',
    '~',
    '~/x',
    '~bob',
    'out.png',
    'cpu',
    '2,0.5',
  ),
  fc.constantFrom(...GENERATE_OPTIONS.map(({ name }) => `--${name}`)),
  fc
    .tuple(
      fc.constantFrom(...GENERATE_OPTIONS.map(({ name }) => name)),
      fc.string({ maxLength: 12 }),
    )
    .map(([name, value]) => `--${name}=${value}`),
);

describe('arguments, whatever they are', () => {
  it('are a command, or an error that says which is wrong', () => {
    fc.assert(
      fc.property(fc.oneof(verb, word), fc.array(word, { maxLength: 8 }), (first, rest) => {
        try {
          assert.ok(parseCommand([first, ...rest]).verb);
        } catch (thrown) {
          assert.ok(thrown instanceof EaselError, String(thrown));
          assert.ok(CODES.includes(thrown.code), thrown.code);
        }
      }),
      { numRuns: fuzzRuns(2000) },
    );
  });

  it('keep a prompt after -- and a value after = as they are', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(text, text, (prompt, value) => {
        const args = ['generate', `--negative-prompt=${value}`, '--', prompt];
        const command = parseCommand(args);
        assert.ok(command.verb === 'generate');
        assert.equal(command.request.prompt, prompt);
        assert.equal(command.request.negativePrompt, value);
      }),
      { numRuns: fuzzRuns(1000) },
    );
  });

  it('that are unknown lead to a known name, or to none', () => {
    const names = GENERATE_OPTIONS.map(({ name }) => name);
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), (typed) => {
        const found = nearest(typed, names);
        assert.ok(found === undefined || names.includes(found));
      }),
      { numRuns: fuzzRuns(1000) },
    );
    for (const name of names) assert.equal(nearest(name, names), name);
  });
});
