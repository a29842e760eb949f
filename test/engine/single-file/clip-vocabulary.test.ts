import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  loadPublishedTokenizer,
  type Padding,
} from '../../../src/engine/single-file/clip-vocabulary';

const FILE = join(import.meta.dirname, '..', '..', 'fixtures', 'tokenizers', 'published.json');

interface Case {
  readonly padding: Padding;
  readonly text: string;
  readonly ids: readonly number[];
}

describe('the vocabulary that comes with Easel', () => {
  for (const { padding, text, ids } of JSON.parse(readFileSync(FILE, 'utf8')) as Case[]) {
    it(`${padding}: ${JSON.stringify(text.slice(0, 40))}`, async () => {
      const tokenizer = await loadPublishedTokenizer(padding);
      assert.deepEqual([...tokenizer.encode(text).ids], ids);
    });
  }
});
