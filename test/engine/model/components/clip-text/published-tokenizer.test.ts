import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  loadPublishedTokenizer,
  type Padding,
} from '../../../../../src/engine/model/components/clip-text/tokenizer';
import { FIXTURES } from '../../../../support/paths';

const FILE = join(FIXTURES, 'tokenizers', 'published.json');

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
