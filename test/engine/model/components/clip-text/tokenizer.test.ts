import * as assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { EaselError, type ErrorCode } from '../../../../../src/core/errors';
import { loadTokenizer } from '../../../../../src/engine/model/components/clip-text/tokenizer';
import { materialise, reference } from '../../../../support/fixture';
import { tempFolder } from '../../../../support/temp-folder';
import { FIXTURES } from '../../../../support/paths';

const TOKENIZERS = join(FIXTURES, 'tokenizers');

function folderOf(...styles: readonly string[]): string {
  const folder = tempFolder();
  for (const style of styles) cpSync(join(TOKENIZERS, style), folder, { recursive: true });
  return folder;
}

async function refused(folder: string, code: ErrorCode, message: RegExp): Promise<void> {
  await assert.rejects(loadTokenizer(folder), (thrown) => {
    assert.ok(thrown instanceof EaselError, String(thrown));
    assert.equal(thrown.code, code, thrown.message);
    assert.match(thrown.message, message);
    return true;
  });
}

describe('tokenizer of a model folder', () => {
  it('gives the ids that the reference pipelines were drawn with', async () => {
    for (const name of ['sd1', 'sd2']) {
      const values = reference(name);
      const tokenizer = await loadTokenizer(join(materialise(name), 'tokenizer'));
      for (const run of values.runNames()) {
        if (!values.arrayNames().includes(`${run}/ids`)) continue;
        const { prompt, negativePrompt } = values.run(run);
        assert.deepEqual(tokenizer.encode(prompt).ids, values.integers(`${run}/ids`), run);
        if (!values.arrayNames().includes(`${run}/negative.ids`)) continue;
        const negative = values.integers(`${run}/negative.ids`);
        assert.deepEqual(tokenizer.encode(negativePrompt).ids, negative, run);
      }
    }
  });

  it('is read once, and again when a file has changed', async () => {
    const folder = folderOf('small', 'sd2');
    const first = await loadTokenizer(folder);
    assert.equal(await loadTokenizer(folder), first);
    const file = join(folder, 'tokenizer_config.json');
    const config = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    writeFileSync(file, JSON.stringify({ ...config, model_max_length: 12 }));
    const second = await loadTokenizer(folder);
    assert.deepEqual([first.maxLength === 12, second.maxLength], [false, 12]);
    rmSync(join(folder, 'merges.txt'));
    await assert.rejects(loadTokenizer(folder), { code: 'model-incomplete' });
  });

  it('reads both layouts, tokenizer.json first', async () => {
    const files = await loadTokenizer(folderOf('small', 'sd2'));
    const json = await loadTokenizer(folderOf('tokenizer-json'));
    const text = 'A red Apple!! <|endoftext|>';
    assert.deepEqual(json.encode(text).ids, files.encode(text).ids);
    const both = folderOf('small', 'tokenizer-json');
    writeFileSync(join(both, 'vocab.json'), '{}');
    assert.deepEqual((await loadTokenizer(both)).encode(text).ids, files.encode(text).ids);
  });

  it('says what is missing or damaged', async () => {
    await refused(join(tempFolder(), 'tokenizer'), 'model-incomplete', /vocab\.json/);
    const noMerges = folderOf('small');
    rmSync(join(noMerges, 'merges.txt'));
    await refused(noMerges, 'model-incomplete', /merges\.txt/);
    const damaged = folderOf('small');
    writeFileSync(join(damaged, 'vocab.json'), '{"a":');
    await refused(damaged, 'bad-file', /vocab\.json/);
  });
});
