import * as assert from 'node:assert/strict';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { EaselError, type ErrorCode } from '../../../src/core/errors';
import type { ClipTokenizer } from '../../../src/core/tokenizer';
import { openEmbeddings, type EmbeddingRequest } from '../../../src/engine/embedding/embedding-set';
import { buildClipText } from '../../../src/engine/graph/clip-text';
import { parseClipTextConfig } from '../../../src/engine/graph/clip-text-config';
import { loadTokenizer } from '../../../src/engine/model/components/clip-text/tokenizer';
import { openWeightFile } from '../../../src/engine/weights/source';
import { copyInto } from '../../support/model-folder';
import { randomTensors, type TensorShapes, type WeightDType } from '../../support/random-weights';
import { type ArrayPlace, ReferenceArrays } from '../../support/reference-arrays';
import { writeSafetensors } from '../../support/safetensors-file';
import { tempFolder } from '../../support/temp-folder';
import { relativeError, runGraph } from '../graph/run-graph';
import { FIXTURES } from '../../support/paths';

const FOLDER = join(FIXTURES, 'embeddings');

interface CaseFile {
  readonly dtype: WeightDType;
  readonly config: Readonly<Record<string, unknown>>;
  readonly tensors: TensorShapes;
  readonly files: readonly { readonly file: string; readonly token?: string }[];
  readonly prompts: readonly string[];
  readonly arrays: Readonly<Record<string, ArrayPlace>>;
}

const CASE = JSON.parse(readFileSync(join(FOLDER, 'case.json'), 'utf8')) as CaseFile;
const ARRAYS = new ReferenceArrays(CASE.arrays, readFileSync(join(FOLDER, 'reference.bin')));
const CONFIG = parseClipTextConfig(CASE.config, FOLDER);

async function smallTokenizer(): Promise<ClipTokenizer> {
  const folder = tempFolder();
  for (const name of ['small', 'sd1'])
    copyInto(folder, join(FIXTURES, 'tokenizers', name), 'folder');
  return loadTokenizer(folder);
}

async function target(hiddenSize = CONFIG.hiddenSize) {
  return { tokenizer: await smallTokenizer(), vocabSize: CONFIG.vocabSize, hiddenSize };
}

async function refused(
  requests: readonly EmbeddingRequest[],
  code: ErrorCode,
  message: RegExp,
  hiddenSize?: number,
): Promise<void> {
  const targets = [await target(hiddenSize)];
  await assert.rejects(openEmbeddings(requests, targets), (thrown) => {
    assert.ok(thrown instanceof EaselError, String(thrown));
    assert.equal(thrown.code, code, thrown.message);
    assert.match(thrown.message, message);
    return true;
  });
}

describe('textual inversions', () => {
  it('make the ids and the text features that diffusers makes', async () => {
    const requests = CASE.files.map(({ file, token }) => ({ path: join(FOLDER, file), token }));
    const [learned] = await openEmbeddings(requests, [await target()]);
    const weightFile = join(tempFolder(), 'model.safetensors');
    writeSafetensors(weightFile, randomTensors(CASE.tensors, CASE.dtype));
    const graph = buildClipText(CONFIG, await openWeightFile(weightFile), {
      ...{ batch: 1, target: { device: 'cpu' }, wrapWeights: learned!.wrap },
    });
    for (const [index, prompt] of CASE.prompts.entries()) {
      const { ids } = learned!.tokenizer.encode(prompt);
      assert.deepEqual([...ids], [...ARRAYS.get(`${index}.input_ids`)], prompt);
      const { last_hidden_state: found } = await runGraph(graph, { input_ids: ids });
      const error = relativeError(found!, ARRAYS.floats(`${index}.last_hidden_state`));
      assert.ok(error < 1e-5, `"${prompt}" is off by ${error}`);
    }
  });

  it('take the word from the tensor, or from the name of the file', async () => {
    const named = join(tempFolder(), 'My-Style.safetensors');
    copyFileSync(join(FOLDER, 'EasyNegative.safetensors'), named);
    const paths = [named, join(FOLDER, 'learned_embeds.bin'), join(FOLDER, 'bad_hands.pt')];
    const requests = paths.map((path) => ({ path }));
    const [learned] = await openEmbeddings(requests, [await target()]);
    const size = CONFIG.vocabSize;
    const ids = learned!.tokenizer.tokenize('My-Style <Red-Apple> bad_hands');
    assert.deepEqual(
      ids,
      [0, 1, 2, 3, 4, 5].map((index) => size + index),
    );
  });

  it('go to the text encoder of their width', async () => {
    const path = join(FOLDER, 'learned_embeds.bin');
    const [first, second] = await openEmbeddings([{ path }], [await target(64), await target()]);
    assert.equal(first!.wrap, undefined);
    assert.ok(second!.wrap);
  });

  it('are refused where they do not fit', async () => {
    const path = join(FOLDER, 'bad_hands.pt');
    await refused([{ path }], 'unsupported-model', /32 wide, this model's 768/, 768);
    await refused(
      [{ path, token: 'apple</w>' }],
      'bad-request',
      /already used by the model's vocabulary/,
    );
    const twice = [{ path }, { path: join(FOLDER, 'learned_embeds.bin'), token: 'bad_hands' }];
    await refused(twice, 'bad-request', /another textual inversion.*--embedding/);
    const module = join(FIXTURES, 'torch', 'module.pt');
    await refused([{ path: module }], 'unsupported-model', /not a textual inversion/);
    const code = join(FIXTURES, 'torch', 'refused-code.pt');
    await refused([{ path: code }], 'unsafe-file', /posix\.system/);
  });
});
