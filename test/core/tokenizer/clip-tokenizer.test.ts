import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';

import { EaselError, type ErrorCode } from '../../../src/core/errors';
import {
  loadClipTokenizer,
  type TokenizerConfigFiles,
  type VocabularyFiles,
} from '../../../src/core/tokenizer';
import { FIXTURES } from '../../support/paths';

const SMALL = join(FIXTURES, 'tokenizers', 'small');
const files = {
  vocab: JSON.parse(readFileSync(join(SMALL, 'vocab.json'), 'utf8')) as Record<string, number>,
  merges: readFileSync(join(SMALL, 'merges.txt'), 'utf8'),
};

function refused(
  vocabulary: VocabularyFiles,
  config: TokenizerConfigFiles,
  code: ErrorCode,
  message: RegExp,
): void {
  assert.throws(
    () => loadClipTokenizer(vocabulary, config, 'some/folder'),
    (thrown) => {
      assert.ok(thrown instanceof EaselError, String(thrown));
      assert.equal(thrown.code, code, thrown.message);
      assert.match(thrown.message, message);
      assert.match(thrown.message, /some\/folder/);
      return true;
    },
  );
}

describe('CLIP tokenizer', () => {
  const tokenizer = loadClipTokenizer(files, {});

  it('tells begin, end and padding', () => {
    assert.equal(tokenizer.maxLength, 77);
    assert.equal(tokenizer.beginId, 845);
    assert.equal(tokenizer.endId, 846);
    assert.equal(tokenizer.padId, 846);
  });

  it('counts the tokens of the whole text and gives back what was cut', () => {
    const fits = tokenizer.encode('dog '.repeat(75));
    assert.equal(fits.tokenCount, 75);
    assert.equal(fits.truncatedText, undefined);
    assert.equal(fits.ids[76], tokenizer.endId);
    const cut = tokenizer.encode('dog '.repeat(75) + 'and the red apple');
    assert.equal(cut.tokenCount, 79);
    assert.equal(cut.truncatedText, 'and the red apple');
    assert.deepEqual(cut.ids, fits.ids);
  });

  it('spells every text back, as far as upper case and white space go', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 });
    fc.assert(
      fc.property(text, (typed) => {
        const { ids } = tokenizer.encode(typed);
        const spelled = tokenizer.decode([...ids].filter((id) => id < 845));
        const plain = (value: string) =>
          Array.from(value.normalize('NFC'), (c) => c.toLowerCase()).join('').replace(/\p{White_Space}/gu, ''); // prettier-ignore
        assert.equal(plain(spelled), plain(typed));
      }),
      { numRuns: 500, examples: [['\ufeffa'], ['ΣΑΣ'], ['\u0130']] },
    );
  });

  it('takes half a surrogate pair for a letter nobody knows', () => {
    assert.deepEqual(tokenizer.encode('a\ud83d').ids, tokenizer.encode('a\ufffd').ids);
  });

  it('is quick with one long word', () => {
    const begun = performance.now();
    tokenizer.encode('abcdefgh'.repeat(50_000));
    assert.ok(performance.now() - begun < 20_000);
  });

  it('takes "very large" and absent lengths for 77', () => {
    const length = (value: unknown) =>
      loadClipTokenizer(files, { tokenizerConfig: { model_max_length: value } }).maxLength;
    assert.equal(length(1e30), 77);
    assert.equal(length(undefined), 77);
    assert.equal(length(120), 120);
    assert.equal(loadClipTokenizer(files, { tokenizerConfig: { max_len: 20 } }).maxLength, 20);
  });

  it('refuses settings that would change the ids', () => {
    const refuse = (tokenizerConfig: unknown, message: RegExp) =>
      refused(files, { tokenizerConfig }, 'unsupported-config', message);
    refuse({ padding_side: 'left' }, /padding_side "left"/);
    refuse({ truncation_side: 'left' }, /truncation_side/);
    refuse({ split_special_tokens: true }, /split_special_tokens/);
    refuse({ model_max_length: 2 }, /model_max_length 2/);
    refuse({ model_max_length: '77' }, /model_max_length/);
    const unigram = { tokenizerJson: { model: { type: 'Unigram', vocab: [] } } };
    refused(unigram, {}, 'unsupported-config', /Unigram/);
  });

  it('says so when a merge makes a token that does not exist', () => {
    const merges = '#version: 0.2\nq x</w>\n';
    const damaged = loadClipTokenizer({ ...files, merges }, {}, 'some/folder');
    assert.throws(() => damaged.encode('qx'), /some\/folder is damaged.*"qx<\/w>"/);
    assert.equal(damaged.encode('xq').tokenCount, 2);
  });

  it('refuses damaged files', () => {
    const refuse = (vocabulary: VocabularyFiles, message: RegExp) =>
      refused(vocabulary, {}, 'bad-file', message);
    refuse({ ...files, vocab: [] }, /vocabulary/);
    refuse({ ...files, vocab: {} }, /empty/);
    refuse({ ...files, vocab: { a: -1 } }, /id of "a"/);
    refuse({ ...files, vocab: { a: '1' } }, /id of "a"/);
    refuse({ ...files, merges: 'a b c' }, /"a b c"/);
    refuse({ ...files, merges: ' a' }, /" a"/);
    refuse({ tokenizerJson: {} }, /no model/);
    refuse({ tokenizerJson: { model: { vocab: { a: 0 } } } }, /no merges/);
    refuse({ tokenizerJson: { model: { vocab: { a: 0 }, merges: [3] } } }, /merge 3/);
    const bad = { specialTokensMap: { bos_token: 5 } };
    refused(files, bad, 'bad-file', /5 is not a token/);
  });
});
