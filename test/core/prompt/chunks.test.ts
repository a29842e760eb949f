import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { isBreak, parseWeightedPrompt } from '../../../src/core/prompt/attention';
import { chunkPrompt } from '../../../src/core/prompt/chunks';
import { loadClipTokenizer, type ClipTokenizer } from '../../../src/core/tokenizer';
import { promptArray, promptReference } from '../../support/prompt-reference';
import { FIXTURES } from '../../support/paths';

const TOKENIZERS = path.join(FIXTURES, 'tokenizers');
const read = (...file: string[]) => readFileSync(path.join(TOKENIZERS, ...file), 'utf8');

function tokenizer(style: string): ClipTokenizer {
  return loadClipTokenizer(
    { vocab: JSON.parse(read('small', 'vocab.json')), merges: read('small', 'merges.txt') },
    {
      tokenizerConfig: JSON.parse(read(style, 'tokenizer_config.json')),
      specialTokensMap: JSON.parse(read(style, 'special_tokens_map.json')),
      addedTokens: undefined,
    },
  );
}

describe('chunks of a prompt', () => {
  for (const [name, prompt] of Object.entries(promptReference.prompts)) {
    it(`reads the weights of "${name}"`, () => {
      const parts = parseWeightedPrompt(prompt).map((part) => [
        part.text,
        isBreak(part) ? null : part.weight,
      ]);
      assert.deepEqual(parts, promptReference.parts[name]);
    });

    for (const style of ['sd1', 'sd2']) {
      it(`splits "${name}" for the tokenizer of ${style}`, () => {
        const chunks = chunkPrompt(parseWeightedPrompt(prompt), tokenizer(style));
        const ids = chunks.flatMap((chunk) => [...chunk.ids]);
        const weights = chunks.flatMap((chunk) => [...chunk.weights]);
        assert.deepEqual(Int32Array.from(ids), promptArray(`${style}/${name}/ids`));
        assert.deepEqual(Float32Array.from(weights), promptArray(`${style}/${name}/weights`));
      });
    }
  }

  it('gives a prompt without notation that fits the ids that diffusers gives it', () => {
    for (const style of ['sd1', 'sd2']) {
      const clip = tokenizer(style);
      for (const text of ['', 'a red apple', 'a red apple on a white table, highly detailed']) {
        const chunks = chunkPrompt(parseWeightedPrompt(text), clip);
        assert.deepEqual(
          chunks.map(({ ids }) => ids),
          [clip.encode(text).ids],
        );
      }
    }
  });

  it('loses no token and no weight, wherever it breaks', () => {
    const clip = tokenizer('sd1');
    const word = fc.constantFrom('a', 'red', 'apple', ',', '(white:1.5)', 'table');
    fc.assert(
      fc.property(fc.array(word, { maxLength: 250 }), (words) => {
        const parts = parseWeightedPrompt(words.join(' '));
        const chunks = chunkPrompt(parts, clip);
        const kept = chunks.flatMap(({ ids, weights }) =>
          [...ids]
            .map((id, i) => [id, weights[i]])
            .filter(([id]) => id !== clip.beginId && id !== clip.endId),
        );
        const written = parts.flatMap(({ text, weight }) =>
          clip.tokenize(text).map((id) => [id, weight]),
        );
        assert.deepEqual(kept, written);
      }),
    );
  });
});
