import * as assert from 'node:assert/strict';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { EaselError, type ErrorCode } from '../../../src/core/errors';
import { openComponentWeights, openWeightFile } from '../../../src/engine/weights/source';
import {
  PickleDict,
  PickleName,
  PickleOpaque,
  type PickleValue,
} from '../../../src/engine/weights/pickle-value';
import {
  readTorchCheckpoint,
  stateDict,
  stateDictTensors,
} from '../../../src/engine/weights/torch-checkpoint';
import { writeSafetensors } from '../../support/safetensors-file';
import { tempFolder } from '../../support/temp-folder';
import { readTensor } from '../../support/tensor-values';
import { FIXTURES } from '../../support/paths';

const FOLDER = join(FIXTURES, 'torch');

interface Described {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** What torch says that the files hold. */
const CONTENTS = JSON.parse(readFileSync(join(FOLDER, 'contents.json'), 'utf8')) as Record<
  'state' | 'module',
  Record<string, Described>
>;

const DTYPES: Readonly<Record<string, string>> = {
  ...{
    float32: 'F32',
    float16: 'F16',
    bfloat16: 'BF16',
    float64: 'F64',
    int64: 'I64',
    bool: 'BOOL',
  },
};

async function refused(name: string, code: ErrorCode, message: RegExp): Promise<void> {
  const read = async () => stateDictTensors(await readTorchCheckpoint(join(FOLDER, name)));
  await assert.rejects(read, (thrown) => {
    assert.ok(thrown instanceof EaselError, String(thrown));
    assert.equal(thrown.code, code, thrown.message);
    assert.match(thrown.message, message);
    return true;
  });
}

describe('PyTorch checkpoints', () => {
  for (const [name, contents] of [
    ['zip.bin', CONTENTS.state],
    ['legacy.bin', CONTENTS.state],
    ['nested.ckpt', CONTENTS.state],
    ['lightning.ckpt', CONTENTS.state],
    ['module.pt', CONTENTS.module],
  ] as const) {
    it(`${name}: every tensor lies where torch put it`, async () => {
      const tensors = stateDictTensors(await readTorchCheckpoint(join(FOLDER, name)));
      assert.deepEqual([...tensors.keys()], Object.keys(contents));
      for (const [key, expected] of Object.entries(contents)) {
        const ref = tensors.get(key)!;
        assert.equal(ref.dtype, DTYPES[expected.dtype]);
        assert.deepEqual(ref.shape, expected.shape);
        assert.deepEqual(readTensor(ref), expected.values, key);
      }
    });
  }

  it('finds the values beside the tensors', async () => {
    const { root } = await readTorchCheckpoint(join(FOLDER, 'nested.ckpt'));
    const dict = stateDict({ root, file: '', locate: () => assert.fail() });
    assert.equal(dict.entries.size, Object.keys(CONTENTS.state).length);
    assert.ok(root !== null && typeof root === 'object' && 'get' in root);
    assert.equal(root.get('global_step'), 875000);
    assert.equal(root.get('lr'), 1e-4);
    assert.equal(root.get('none'), null);
  });

  it('refuses whatever is more than weights, by name, and runs nothing', async () => {
    await refused('refused-code.pt', 'unsafe-file', /"posix\.system"/);
    await refused('refused-code-legacy.pt', 'unsafe-file', /"posix\.system"/);
    await refused('refused-numpy.ckpt', 'unsafe-file', /numpy.*scalar.*"x".*safetensors/);
    await refused('refused-module.pt', 'unsafe-file', /"torch\.nn\..*Sequential"/);
    await refused('refused-script.pt', 'unsafe-file', /TorchScript/);
    await refused('refused-protocol.pt', 'unsafe-file', /protocol/);
    await refused('refused-gaps.pt', 'unsupported-model', /"gaps".*contiguous/);
    await refused('contents.json', 'bad-file', /not a PyTorch checkpoint/);
    await refused('gone.bin', 'model-incomplete', /missing/);
    assert.ok(!existsSync('easel-was-here'));
  });

  it('passes over what a trainer notes beside the tensors', async () => {
    const { root } = await readTorchCheckpoint(join(FOLDER, 'lightning.ckpt'));
    assert.ok(root instanceof PickleDict);
    const callbacks = root.get('callbacks');
    assert.ok(callbacks instanceof PickleDict);
    const [[callback, notes]] = [...callbacks.entries] as [[PickleValue, PickleValue]];
    assert.ok(callback instanceof PickleName && notes instanceof PickleDict);
    assert.match(callback.name, /ModelCheckpoint$/);
    // A number of numpy's is made by calls with bytes and a type: none of that is done, or kept.
    assert.deepEqual(
      notes.get('best_model_score'),
      new PickleOpaque('numpy._core.multiarray.scalar'),
    );
  });

  it('refuses a file that is cut short or whose bytes are big-endian', async () => {
    const bytes = readFileSync(join(FOLDER, 'zip.bin'));
    const path = join(tempFolder(), 'x.bin');
    for (const length of [0, 3, 63, 1000, bytes.length - 1]) {
      writeFileSync(path, bytes.subarray(0, length));
      await assert.rejects(readTorchCheckpoint(path), { code: 'bad-file' });
    }
    const big = Buffer.from(bytes.toString('latin1').replace('little', 'big   '), 'latin1');
    writeFileSync(path, big);
    await assert.rejects(readTorchCheckpoint(path), { code: 'unsupported-model' });
  });

  it('stand in for safetensors only where there are none of their variant', async () => {
    const folder = tempFolder();
    copyFileSync(join(FOLDER, 'zip.bin'), join(folder, 'pytorch_model.bin'));
    assert.ok((await openComponentWeights(folder)).get('linear.weight'));
    const one = { name: 'one', dtype: 'U8', shape: [1], bytes: new Uint8Array(1) };
    writeSafetensors(join(folder, 'model.fp16.safetensors'), [one]);
    assert.ok((await openComponentWeights(folder)).get('linear.weight'));
    writeSafetensors(join(folder, 'model.safetensors'), [one]);
    assert.deepEqual([...(await openComponentWeights(folder)).names()], ['one']);
  });

  it('are read in shards through an index', async () => {
    const folder = tempFolder();
    copyFileSync(join(FOLDER, 'zip.bin'), join(folder, 'a.bin'));
    copyFileSync(join(FOLDER, 'module.pt'), join(folder, 'b.bin'));
    const index = { weight_map: { half: 'a.bin', '0.bias': 'b.bin' } };
    writeFileSync(join(folder, 'pytorch_model.bin.index.json'), JSON.stringify(index));
    const source = await openComponentWeights(folder);
    assert.deepEqual([...source.names()], ['half', '0.bias']);
    const values = CONTENTS.module['0.bias']!.values;
    assert.deepEqual(readTensor(source.get('0.bias')!), values);
    assert.equal((await openWeightFile(join(folder, 'a.bin'))).get('half')?.length, 14);
  });
});
