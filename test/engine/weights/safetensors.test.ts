import * as assert from 'node:assert/strict';
import { mkdirSync, realpathSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { EaselError, type ErrorCode } from '../../../src/core/errors';
import { readSafetensorsHeader } from '../../../src/engine/weights/safetensors';
import { encodeHeader, encodeSafetensors } from '../../support/safetensors-file';
import { tempFolder } from '../../support/temp-folder';

const F32 = { dtype: 'F32', shape: [2, 3] };
const two = [
  { name: 'a', ...F32, bytes: new Uint8Array(24) },
  { name: 'b.weight', dtype: 'F16', shape: [5], bytes: new Uint8Array(10) },
];

describe('safetensors headers', () => {
  let count = 0;
  const folder = tempFolder();

  function fileOf(...parts: readonly (string | Uint8Array)[]): string {
    const path = join(folder, `${String(count++)}.safetensors`);
    writeFileSync(path, Buffer.concat(parts.map((part) => Buffer.from(part as Uint8Array))));
    return path;
  }

  async function refused(path: string, code: ErrorCode, message: RegExp): Promise<void> {
    await assert.rejects(readSafetensorsHeader(path), (thrown) => {
      assert.ok(thrown instanceof EaselError, String(thrown));
      assert.equal(thrown.code, code, thrown.message);
      assert.match(thrown.message, message);
      assert.ok(thrown.message.includes(path));
      return true;
    });
  }

  /** A file whose header is `header` (text, or an object of entries) and whose data have `bytes` bytes. */
  function withHeader(header: string | Record<string, unknown>, bytes = 24): string {
    const text = typeof header === 'string' ? header : JSON.stringify(header);
    return fileOf(encodeHeader(text), new Uint8Array(bytes));
  }

  const entry = (over: Record<string, unknown>) => ({
    t: { ...F32, data_offsets: [0, 24], ...over },
  });

  it('gives each tensor its type, its shape and its place in the file', async () => {
    const path = fileOf(encodeSafetensors(two, { format: 'pt', note: 'é' }));
    const { file, tensors, metadata } = await readSafetensorsHeader(path);
    assert.equal(file, realpathSync(path));
    assert.deepEqual([...metadata], Object.entries({ format: 'pt', note: 'é' }));
    const a = tensors.get('a');
    const b = tensors.get('b.weight');
    assert.ok(a && b && tensors.size === 2);
    assert.deepEqual([a.dtype, a.shape, a.length], ['F32', [2, 3], 24]);
    assert.deepEqual([b.dtype, b.shape, b.length, b.offset], ['F16', [5], 10, a.offset + 24]);
    assert.equal(b.file, file);
  });

  it('accepts scalars, empty tensors, every supported type and no tensors at all', async () => {
    const widths = {
      F64: 8,
      F32: 4,
      F16: 2,
      BF16: 2,
      F8_E4M3: 1,
      F8_E5M2: 1,
      I64: 8,
      I32: 4,
      I16: 2,
      I8: 1,
      U8: 1,
      BOOL: 1,
    };
    const scalars = Object.entries(widths).map(([dtype, width]) => ({
      name: dtype,
      dtype,
      shape: [],
      bytes: new Uint8Array(width),
    }));
    const empty = { name: 'empty', dtype: 'F32', shape: [4, 0], bytes: new Uint8Array(0) };
    const path = fileOf(encodeSafetensors([empty, ...scalars]));
    assert.equal((await readSafetensorsHeader(path)).tensors.size, 13);
    assert.equal((await readSafetensorsHeader(withHeader('{}', 0))).tensors.size, 0);
  });

  it('keeps a tensor named like a property of every object', async () => {
    const path = withHeader('{"__proto__":{"dtype":"F32","shape":[6],"data_offsets":[0,24]}}');
    assert.deepEqual((await readSafetensorsHeader(path)).tensors.get('__proto__')?.shape, [6]);
  });

  it('follows links to the real file, as a Hugging Face cache has them', async () => {
    const cache = tempFolder();
    mkdirSync(join(cache, 'blobs'));
    mkdirSync(join(cache, 'snapshots'));
    writeFileSync(join(cache, 'blobs', 'abc'), encodeSafetensors(two));
    const link = join(cache, 'snapshots', 'model.safetensors');
    symlinkSync('../blobs/abc', link);
    const { tensors } = await readSafetensorsHeader(link);
    assert.equal(tensors.get('a')?.file, realpathSync(join(cache, 'blobs', 'abc')));
    const dangling = join(cache, 'snapshots', 'gone.safetensors');
    symlinkSync('../blobs/gone', dangling);
    await refused(dangling, 'model-incomplete', /missing/);
  });

  it('refuses a file that is not there, and a folder', async () => {
    await refused(join(folder, 'none.safetensors'), 'model-incomplete', /missing/);
    await refused(folder, 'bad-file', /not a file/);
  });

  it('refuses a pickle and a zip with an explanation, and knows a Git LFS pointer', async () => {
    await refused(fileOf(Uint8Array.of(0x80, 2), '}q\0.'), 'unsafe-file', /can run code/);
    await refused(fileOf('PK\x03\x04', new Uint8Array(60)), 'unsafe-file', /pickle.*safetensors/);
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 3\n';
    await refused(fileOf(pointer), 'model-incomplete', /git lfs pull/);
    // A header of 0x280 bytes begins like a pickle and is none.
    const padded = JSON.stringify({ t: { ...F32, data_offsets: [0, 24] } }).padEnd(0x280);
    assert.equal((await readSafetensorsHeader(withHeader(padded))).tensors.size, 1);
  });

  it('refuses header lengths that cannot be', async () => {
    const length = (value: bigint) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigUInt64LE(value);
      return bytes;
    };
    await refused(fileOf(), 'bad-file', /too few/);
    await refused(fileOf('1234567'), 'bad-file', /too few/);
    await refused(fileOf(length(0n), '{}'), 'bad-file', /0 bytes/);
    await refused(fileOf(length(3n), '{}'), 'bad-file', /cut short/);
    await refused(fileOf(length(100_000_001n), '{}'), 'bad-file', /length of a header/);
    await refused(fileOf(length(2n ** 63n), '{}'), 'bad-file', /length of a header/);
    await refused(fileOf(length(2n ** 64n - 1n), '{}'), 'bad-file', /header/);
  });

  it('refuses headers that are not an object of JSON in UTF-8', async () => {
    await refused(withHeader('[]'), 'bad-file', /brace/);
    await refused(withHeader(' {}'), 'bad-file', /brace/);
    await refused(withHeader('{"a":'), 'bad-file', /not JSON/);
    const length = Buffer.of(8, 0, 0, 0, 0, 0, 0, 0);
    const latin1 = Buffer.from('{"\xff":1}', 'latin1');
    await refused(fileOf(length, latin1, ' '), 'bad-file', /UTF-8/);
    const deep = `{"a":${'['.repeat(200_000)}`;
    await refused(withHeader(deep), 'bad-file', /JSON/);
  });

  it('refuses names that are given twice, however they are written', async () => {
    const t = '{"dtype":"F32","shape":[6],"data_offsets":[0,24]}';
    await refused(withHeader(`{"t":${t},"t":${t}}`), 'bad-file', /"t" twice/);
    await refused(withHeader(`{"t":${t}, "\\u0074" : ${t}}`), 'bad-file', /"t" twice/);
    const shapes = '{"dtype":"F32","shape":[6],"shape":[6],"data_offsets":[0,24]}';
    await refused(withHeader(`{"t":${shapes}}`), 'bad-file', /"shape" twice/);
  });

  it('refuses metadata that are not text', async () => {
    await refused(withHeader({ __metadata__: { a: 1 }, ...entry({}) }), 'bad-file', /metadata/);
    await refused(withHeader({ __metadata__: 'x', ...entry({}) }), 'bad-file', /metadata/);
  });

  it('refuses types that do not exist, and by name those that are not supported', async () => {
    await refused(withHeader(entry({ dtype: 'F33' })), 'bad-file', /tensor "t".*F33/);
    await refused(withHeader(entry({ dtype: 'toString' })), 'bad-file', /toString/);
    await refused(withHeader(entry({ dtype: 4 })), 'bad-file', /dtype/);
    await refused(withHeader(entry({ dtype: 'F8_E8M0' })), 'unsupported-model', /"t" as F8_E8M0/);
  });

  it('refuses shapes that are none', async () => {
    for (const shape of [[-1, -6], [2.5], [2 ** 53], ['6'], '6', null, 6, [[6]], [1e308, 1e308]]) {
      await refused(withHeader(entry({ shape })), 'bad-file', /tensor "t"/);
    }
    await refused(withHeader({ t: 3 }), 'bad-file', /tensor "t"/);
    // A product that wraps around in 64 bits: 2^32 · 2^32 · 4 bytes.
    await refused(withHeader(entry({ shape: [2 ** 32, 2 ** 32] })), 'bad-file', /tensor "t"/);
  });

  it('refuses ranges that are not those of the shape, or not in the file', async () => {
    const cases: [unknown, RegExp][] = [
      [[24, 0], /data_offsets/],
      [[0], /data_offsets/],
      [[0, 24, 24], /data_offsets/],
      [[-24, 0], /data_offsets/],
      [[0.5, 24.5], /data_offsets/],
      [[0, 2 ** 63], /data_offsets/],
      ['0,24', /data_offsets/],
      [[0, 20], /20 bytes where F32 of shape \[2, 3\] needs 24/],
      [[8, 32], /8 bytes past the end of the file/],
      [[2 ** 52, 2 ** 52 + 24], /past the end of the file/],
    ];
    for (const [offsets, message] of cases) {
      await refused(withHeader(entry({ data_offsets: offsets })), 'bad-file', message);
    }
  });

  it('refuses tensors that overlap, and bytes that belong to none', async () => {
    const at = (begin: number) => ({ dtype: 'U8', shape: [8], data_offsets: [begin, begin + 8] });
    await refused(withHeader({ a: at(0), b: at(7) }, 15), 'bad-file', /"b".*overlap/);
    await refused(withHeader({ a: at(0), b: at(0) }, 8), 'bad-file', /overlap/);
    await refused(withHeader({ b: at(9), a: at(0) }, 17), 'bad-file', /"b".*no tensor/);
    await refused(withHeader({ a: at(1) }, 9), 'bad-file', /"a".*no tensor/);
    await refused(withHeader({ a: at(0) }, 9), 'bad-file', /1 bytes at its end/);
  });

  it('says of a download that was cut off that the file is too short', async () => {
    const path = fileOf(encodeSafetensors(two));
    truncateSync(path, encodeSafetensors(two).length - 3);
    await refused(path, 'bad-file', /"b\.weight".*3 bytes past the end.*download it again/);
  });
});
