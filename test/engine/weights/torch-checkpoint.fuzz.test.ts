import * as assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';

import { EaselError } from '../../../src/core/errors';
import { elementBytes } from '../../../src/engine/weights/dtype';
import { readPickle } from '../../../src/engine/weights/pickle';
import {
  readTorchCheckpoint,
  stateDictTensors,
} from '../../../src/engine/weights/torch-checkpoint';
import { fuzzRuns } from '../../support/fuzz';
import { tempFolder } from '../../support/temp-folder';
import { FIXTURES } from '../../support/paths';

const FOLDER = join(FIXTURES, 'torch');
const path = join(tempFolder(), 'fuzz.bin');

/** Reads `bytes` as a file: what comes back lies inside the file, or the error is one of ours. */
async function holds(bytes: Uint8Array): Promise<'read' | 'refused'> {
  writeFileSync(path, bytes);
  try {
    for (const ref of stateDictTensors(await readTorchCheckpoint(path)).values()) {
      const { offset, length, shape, dtype } = ref;
      assert.ok(Number.isSafeInteger(offset) && offset >= 0 && offset + length <= bytes.length);
      const expected = shape.reduce((product, size) => product * size, elementBytes(dtype));
      assert.equal(length, expected);
    }
    return 'read';
  } catch (thrown) {
    if (thrown instanceof EaselError) return 'refused';
    throw thrown;
  }
}

const text = (value: string): number[] => {
  const bytes = Buffer.from(value, 'utf8');
  return [0x58, bytes.length, 0, 0, 0, ...bytes];
};
const global = (module: string, name: string): number[] => [
  ...[0x63, ...Buffer.from(`${module}\n${name}\n`)],
];

/** Operations of a pickle, most of them ones that are known, in any order. */
const operation = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...Buffer.from('().]}aesutRQbN0')).map((op) => [op]) },
  { weight: 3, arbitrary: fc.constantFrom(0x85, 0x86, 0x87, 0x88, 0x89, 0x8f).map((op) => [op]) },
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom(0x4b, 0x71, 0x68), fc.nat({ max: 5 })) },
  { weight: 2, arbitrary: fc.string({ maxLength: 8 }).map(text) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      global('torch._utils', '_rebuild_tensor_v2'),
      global('collections', 'OrderedDict'),
      global('torch', 'FloatStorage'),
      global('torch', 'Size'),
      global('torch._utils', '_rebuild_parameter'),
      global('numpy.core.multiarray', 'scalar'),
      text('storage'),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      global('__builtin__', 'eval'),
      global('torch', '__proto__'),
      global('constructor', 'prototype'),
      global('os', 'system'),
    ),
  },
  { weight: 1, arbitrary: fc.integer().map((n) => [0x4a, n & 255, (n >> 8) & 255, n >> 24, 0]) },
  { weight: 1, arbitrary: fc.array(fc.nat({ max: 255 }), { maxLength: 4 }) },
);

describe('PyTorch checkpoints, fuzzed', () => {
  for (const name of [
    'zip.bin',
    'legacy.bin',
    'nested.ckpt',
    'lightning.ckpt',
    'refused-script.pt',
  ]) {
    it(`${name}: any mutation is read or refused`, async () => {
      const file = readFileSync(join(FOLDER, name));
      const edit = fc.tuple(fc.nat({ max: file.length - 1 }), fc.nat({ max: 255 }));
      const edits = fc.array(edit, { minLength: 1, maxLength: 5 });
      const cut = fc.option(fc.nat({ max: file.length }));
      await fc.assert(
        fc.asyncProperty(edits, cut, async (all, end) => {
          const bytes = Buffer.from(file);
          for (const [at, value] of all) bytes[at] = value;
          await holds(bytes.subarray(0, end ?? bytes.length));
        }),
        { numRuns: fuzzRuns(700) },
      );
    });
  }

  it('any pickle in a file is read or refused', async () => {
    const file = readFileSync(join(FOLDER, 'legacy.bin'));
    const operations = fc.array(operation, { maxLength: 40 });
    // Behind the pickles of the magic number and the protocol.
    const head = file.subarray(0, readPickle(file, path, 15).end);
    await fc.assert(
      fc.asyncProperty(operations, operations, async (first, second) => {
        const pickles = [first, second].map((all) => [...all.flat(), 0x2e]);
        await holds(Buffer.concat([head, ...pickles.map((bytes) => Buffer.from(bytes))]));
      }),
      { numRuns: fuzzRuns(1500) },
    );
  });

  it('any pickle alone is read or refused', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (all) => {
        try {
          readPickle(Buffer.from([0x80, 2, ...all.flat(), 0x2e]), path);
        } catch (thrown) {
          assert.ok(thrown instanceof EaselError, String(thrown));
        }
      }),
      { numRuns: fuzzRuns(5000) },
    );
  });

  it('a pickle that would grow without end is refused', () => {
    const dicts = Buffer.alloc(3_000_000, 0x7d); // EMPTY_DICT
    assert.throws(() => readPickle(dicts, path), { code: 'unsafe-file' });
    // Each tuple holds the one before twice: small here, endless when it is written out.
    const doubling = [0x29, ...Array.from({ length: 500 }, () => [0x71, 0, 0x68, 0, 0x86]).flat()];
    assert.doesNotThrow(() => readPickle(Buffer.from([...doubling, 0x2e]), path));
  });

  it('a short pickle that copies one list again and again is refused', () => {
    // A remembered list of 4,000 pairs, then a dict of it, over and over: 16 bytes for 4,000 entries.
    const pair = [0x4b, 1, 0x4b, 2, 0x86];
    const list = [0x5d, 0x28, ...Array.from({ length: 4000 }, () => pair).flat(), 0x65, 0x71, 0];
    const name = [...global('collections', 'OrderedDict'), 0x71, 1];
    const dicts = Array.from({ length: 2000 }, () => [0x68, 1, 0x68, 0, 0x85, 0x52]).flat();
    const bytes = Buffer.from([0x80, 2, ...list, ...name, ...dicts, 0x2e]);
    assert.throws(() => readPickle(bytes, path), { code: 'unsafe-file', message: /entries/ });
    // A model with 20,000 tensors stays far below the limit.
    const item = [...text('w'), 0x68, 1, 0x29, 0x52];
    const many = Array.from({ length: 20_000 }, () => item).flat();
    const usual = [0x80, 2, ...name, 0x7d, 0x28, ...many, 0x75, 0x2e];
    assert.doesNotThrow(() => readPickle(Buffer.from(usual), path));
  });

  it('a list that holds itself is no endless walk', async () => {
    const file = readFileSync(join(FOLDER, 'legacy.bin'));
    const head = file.subarray(0, readPickle(file, path, 15).end);
    // {} of the machine; a dict of a list that holds itself; no storages.
    const body = [0x7d, 0x2e, 0x7d, ...text('a'), 0x5d, 0x71, 0, 0x68, 0, 0x61, 0x73, 0x2e, 0x5d, 0x2e]; // prettier-ignore
    assert.equal(await holds(Buffer.concat([head, Buffer.from(body)])), 'read');
  });
});
