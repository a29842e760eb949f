import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { EaselError } from '../../../src/core/errors';
import { loadClipTokenizer } from '../../../src/core/tokenizer';
import { fuzzRuns } from '../../support/fuzz';
import { FIXTURES } from '../../support/paths';

const SMALL = join(FIXTURES, 'tokenizers', 'small');
const files = {
  vocab: JSON.parse(readFileSync(join(SMALL, 'vocab.json'), 'utf8')) as Record<string, number>,
  merges: readFileSync(join(SMALL, 'merges.txt'), 'utf8'),
};

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc
    .tuple(fc.string({ unit: 'binary', minLength: 1, maxLength: 4 }), fc.nat(2000))
    .map(([part, count]) => part.repeat(count)),
);

const role = fc.oneof(
  fc.string(),
  fc.record({ content: fc.string(), normalized: fc.boolean() }, { requiredKeys: [] }),
  fc.jsonValue(),
);
const config = fc.record(
  {
    bos_token: role,
    eos_token: role,
    pad_token: role,
    unk_token: role,
    additional_special_tokens: fc.oneof(fc.array(role, { maxLength: 4 }), fc.jsonValue()),
    added_tokens_decoder: fc.oneof(fc.dictionary(fc.nat().map(String), role), fc.jsonValue()),
    model_max_length: fc.oneof(fc.integer({ min: -5, max: 300 }), fc.double(), fc.jsonValue()),
    padding_side: fc.constantFrom('right', 'left', 7),
  },
  { requiredKeys: [] },
);

describe('tokenizers of any text and any config', () => {
  const tokenizer = loadClipTokenizer(files, {});

  it('give ids of the vocabulary, as many as the length', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { ids, tokenCount } = tokenizer.encode(text);
        assert.equal(ids.length, 77);
        assert.ok(ids.every((id) => id >= 0 && id < 847));
        assert.equal(tokenizer.tokenize(text).length, tokenCount);
      }),
      { numRuns: fuzzRuns(2000) },
    );
  });

  it('find learned tokens of any word', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }),
        fc.integer({ min: 1, max: 5 }),
        texts,
        (content, vectors, text) => {
          fc.pre(!tokenizer.knows(content));
          const learned = tokenizer.withLearnedTokens([{ content, vectors, firstId: 847 }]);
          const ids = learned.tokenize(`${text} ${content}`);
          assert.ok(ids.every((id) => id >= 0 && id < 847 + vectors));
          assert.equal(learned.learnedUses(text).length, 1);
        },
      ),
      { numRuns: fuzzRuns(1000) },
    );
  });

  it('are read or refused with a message', () => {
    fc.assert(
      fc.property(config, config, fc.jsonValue(), texts, (own, map, added, text) => {
        try {
          const settings = { tokenizerConfig: own, specialTokensMap: map, addedTokens: added };
          loadClipTokenizer(files, settings).encode(text);
        } catch (thrown) {
          assert.ok(thrown instanceof EaselError, String(thrown));
          assert.ok(thrown.message.length < 1000);
        }
      }),
      { numRuns: fuzzRuns(2000) },
    );
  });

  it('have vocabularies that are read or refused with a message', () => {
    const vocab = fc.oneof(
      fc.dictionary(fc.string(), fc.oneof(fc.nat(99), fc.jsonValue())),
      fc.jsonValue(),
    );
    const json = fc.oneof(
      fc.jsonValue(),
      fc.record({ model: fc.record({ vocab, merges: fc.jsonValue() }, { requiredKeys: [] }) }),
    );
    fc.assert(
      fc.property(vocab, fc.string(), json, (ids, merges, tokenizerJson) => {
        for (const vocabulary of [{ vocab: ids, merges }, { tokenizerJson }]) {
          try {
            loadClipTokenizer(vocabulary, {}).encode('a red apple, 灯');
          } catch (thrown) {
            assert.ok(thrown instanceof EaselError, String(thrown));
          }
        }
      }),
      { numRuns: fuzzRuns(2000) },
    );
  });
});
