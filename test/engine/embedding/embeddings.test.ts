import * as assert from 'node:assert/strict';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { EaselError, type ErrorCode } from '../../../src/core/errors';
import type { ClipTokenizer } from '../../../src/core/tokenizer';
import { openEmbeddings, type EmbeddingRequest } from '../../../src/engine/embedding/embedding-set';
import { buildClipText } from '../../../src/engine/graph/clip-text';
import { parseClipTextConfig } from '../../../src/engine/graph/clip-text-config';
import { loadTokenizer } from '../../../src/engine/model/components/clip-text/tokenizer';
import { readEmbeddingFile } from '../../../src/engine/embedding/embedding-file';
import type { TensorRef } from '../../../src/engine/weights/source';
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
    const {
      encoders: [learned],
    } = await openEmbeddings(requests, [await target()]);
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
    const {
      encoders: [learned],
    } = await openEmbeddings(requests, [await target()]);
    const size = CONFIG.vocabSize;
    const ids = learned!.tokenizer.tokenize('My-Style <Red-Apple> bad_hands');
    assert.deepEqual(
      ids,
      [0, 1, 2, 3, 4, 5].map((index) => size + index),
    );
  });

  it('are read from the module of parameters that the first scripts saved', async () => {
    const values = async (name: string) => {
      const [word, ...more] = (await readEmbeddingFile(join(FOLDER, name))).words;
      assert.equal(more.length, 0);
      const { file, offset, length, shape } = word!.vectors[0]!;
      return { shape, bytes: readFileSync(file).subarray(offset, offset + length) };
    };
    assert.deepEqual(await values('module.pt'), await values('bad_hands.pt'));
  });

  const row = (name: string, shape: readonly number[], start: number) => {
    const count = shape.reduce((product, size) => product * size, 1);
    const values = Float32Array.from({ length: count }, (_, index) => start + index);
    return { name, dtype: 'F32', shape, bytes: new Uint8Array(values.buffer) };
  };
  const write = (name: string, ...tensors: ReturnType<typeof row>[]) => {
    const path = join(tempFolder(), name);
    writeSafetensors(path, tensors);
    return path;
  };

  it('of several words have a token for each', async () => {
    const path = write('words.safetensors', row('<s0>', [32], 0), row('<s1>', [2, 32], 100));
    const {
      encoders: [learned],
    } = await openEmbeddings([{ path }], [await target()]);
    const size = CONFIG.vocabSize;
    assert.deepEqual(learned!.tokenizer.tokenize('<s1> <s0>'), [size + 1, size + 2, size]);
    const requests = [{ path, token: 'mine' }];
    await refused(requests, 'bad-request', /several words \(<s0>, <s1>\)/);
  });

  it('of pivotal tuning have a word for each row, in both encoders', async () => {
    const tensors = [row('text_encoders_0', [2, 32], 0), row('text_encoders_1', [2, 64], 100)];
    const path = write('embeddings.pti', ...tensors);
    const both = [await target(), await target(64)];
    const { encoders: learned } = await openEmbeddings([{ path }], both);
    const size = CONFIG.vocabSize;
    for (const { tokenizer, wrap } of learned) {
      assert.deepEqual(tokenizer.tokenize('a photo of <s0><s1>').slice(-2), [size, size + 1]);
      assert.ok(wrap);
    }
    const [first, second] = (await readEmbeddingFile(path)).words;
    const number = ({ file, offset }: TensorRef, index: number) =>
      readFileSync(file).readFloatLE(offset + 4 * index);
    assert.equal(number(first!.vectors[1]!, 0), 100);
    assert.equal(number(second!.vectors[0]!, 0), 32);
    assert.equal(number(second!.vectors[1]!, 63), 100 + 127);
    const {
      encoders: [one],
    } = await openEmbeddings([{ path, token: 'TOK' }], [await target()]);
    assert.deepEqual(one!.tokenizer.tokenize('TOK'), [size, size + 1]);
  });

  it('tell when only a part of a word is found, or nothing', async () => {
    const path = join(FOLDER, 'bad_hands.pt');
    const {
      encoders: [learned],
    } = await openEmbeddings([{ path }], [await target()]);
    const use = (text: string) => learned!.tokenizer.learnedUses(text).map((one) => one.vectors);
    assert.deepEqual(use('photo, bad_hands'), ['all']);
    assert.deepEqual(use('photo, Bad_Hands'), ['first']);
    assert.deepEqual(use('bad_hands and BAD_HANDS'), ['first']);
    assert.deepEqual(use('photo of hands'), ['none']);
  });

  it('are told from other files', async () => {
    const files: readonly (readonly [RegExp, string])[] = [
      [/LoRA.*--lora/, 'lora_unet_x.lora_down.weight'],
      [/LoRA.*--lora/, 'unet.mid_block.attentions.0.proj_in.lora_A.weight'],
      [/whole model.*--model/, 'model.diffusion_model.input_blocks.0.0.weight'],
      [/Stable Diffusion 3/, 't5xxl'],
    ];
    for (const [message, name] of files) {
      const path = write('x.safetensors', row(name, [2, 32], 0), row('clip_l', [2, 32], 0));
      await refused([{ path }], 'unsupported-model', message);
    }
  });

  it('go to the text encoder of their width', async () => {
    const path = join(FOLDER, 'learned_embeds.bin');
    const {
      encoders: [first, second],
    } = await openEmbeddings([{ path }], [await target(64), await target()]);
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
