import * as assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type ClipTokenizer, loadClipTokenizer } from '../../../src/core/tokenizer';
import { clipVocabulary } from './clip-vocabulary';
import { FIXTURES } from '../../support/paths';

const FOLDER = join(FIXTURES, 'tokenizers');

/** What transformers gives for one text; `ids` without the padding. */
interface GoldenText {
  readonly text: number;
  readonly ids: readonly number[];
  readonly count: number;
  readonly removed?: string;
}

interface Golden {
  readonly maxLength: number;
  readonly padId: number;
  readonly texts: readonly GoldenText[];
}

const readJson = (...path: string[]): unknown =>
  JSON.parse(readFileSync(join(FOLDER, ...path), 'utf8'));
const optionalJson = (...path: string[]): unknown =>
  existsSync(join(FOLDER, ...path)) ? readJson(...path) : undefined;

const goldens = readJson('golden.json') as Record<string, Golden>;
const texts = (readJson('texts.json') as (string | (string | number)[])[]).map(expand);

/** A long text is written as [part, times, part, times …]. */
function expand(text: string | (string | number)[]): string {
  if (typeof text === 'string') return text;
  let whole = '';
  for (let i = 0; i < text.length; i += 2) whole += String(text[i]).repeat(Number(text[i + 1]));
  return whole;
}

const SMALL = {
  vocab: readJson('small', 'vocab.json'),
  merges: readFileSync(join(FOLDER, 'small', 'merges.txt'), 'utf8'),
};

function load(style: string, files: { vocab: unknown; merges: string }): ClipTokenizer {
  const config = {
    tokenizerConfig: optionalJson(style, 'tokenizer_config.json'),
    specialTokensMap: optionalJson(style, 'special_tokens_map.json'),
    addedTokens: optionalJson(style, 'added_tokens.json'),
  };
  const tokenizerJson = optionalJson(style, 'tokenizer.json');
  return loadClipTokenizer(tokenizerJson === undefined ? files : { tokenizerJson }, config);
}

describe('CLIP tokenizer against transformers', () => {
  let clip: { vocab: unknown; merges: string } | undefined;

  for (const [name, golden] of Object.entries(goldens)) {
    it(`gives the ids of ${name} for ${String(golden.texts.length)} texts`, () => {
      const [vocabulary, style] = name.split('/') as [string, string];
      if (vocabulary === 'clip') clip ??= clipVocabulary();
      const tokenizer = load(style, clip && vocabulary === 'clip' ? clip : SMALL);
      assert.equal(tokenizer.maxLength, golden.maxLength);
      assert.equal(tokenizer.padId, golden.padId);
      for (const expected of golden.texts) {
        const text = texts[expected.text] ?? '';
        const shown = `${JSON.stringify(text.slice(0, 80))} (text ${String(expected.text)})`;
        const { ids, tokenCount, truncatedText } = tokenizer.encode(text);
        const padded = new Int32Array(golden.maxLength).fill(golden.padId);
        padded.set(expected.ids);
        assert.deepEqual([...ids], [...padded], shown);
        assert.equal(tokenCount, expected.count, shown);
        assert.equal(digestOf(truncatedText, expected.removed), expected.removed, shown);
      }
    });
  }

  it('has every kind of text', () => {
    assert.ok(texts.length >= 150);
    assert.ok(texts.some((text) => text.length >= 10_000));
  });
});

function digestOf(text: string | undefined, expected: string | undefined): string | undefined {
  if (text === undefined || !expected?.startsWith('sha256:')) return text;
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
