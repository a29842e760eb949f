import * as assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { readGguf } from '../../../src/engine/weights/gguf';
import { readGgufStart } from '../../../src/engine/weights/gguf-facts';
import { weightFormat } from '../../../src/engine/weights/file-kind';
import { gguf, text, uint32, uint64, type GgufEntry } from '../../support/gguf-file';
import { tempFolder } from '../../support/temp-folder';

type TensorInfo = readonly [name: string, sizes: readonly number[], type: number];

/** The beginning of a file of GGUF, without values. */
const start = (entries: readonly GgufEntry[], tensors: readonly TensorInfo[] = []): Buffer =>
  gguf(
    tensors.map(([name, sizes, type]) => ({ name, sizes, type, bytes: new Uint8Array() })),
    entries,
  );

const FLUX = start([
  ['general.architecture', 8, text('flux')],
  ['general.quantization_version', 4, uint32(2)],
  ['general.tags', 9, Buffer.concat([uint32(8), uint64(2), text('a'), text('b')])],
  ['general.numbers', 9, Buffer.concat([uint32(6), uint64(2), uint64(0)])],
  ['general.file_type', 4, uint32(14)],
]);

const SD = start(
  [],
  [
    ['model.diffusion_model.input_blocks.0.0.bias', [320], 0],
    ['model.diffusion_model.input_blocks.1.1.proj_in.weight', [320, 320], 8],
    ['model.diffusion_model.out.2.weight', [32, 2], 2],
  ],
);

describe('GGUF files', () => {
  it('say their architecture and their quantisation', () => {
    assert.deepEqual(readGgufStart(FLUX), { architecture: 'flux', quantisation: 'Q4_K_S' });
    // stable-diffusion.cpp writes no metadata: the type that most quantised numbers have.
    assert.deepEqual(readGgufStart(SD), { architecture: '', quantisation: 'Q8_0' });
  });

  it('are read as far as they go', () => {
    for (const whole of [FLUX, SD]) {
      for (let length = 4; length < whole.length; length++) {
        const { architecture, quantisation } = readGgufStart(whole.subarray(0, length));
        assert.ok(['', 'flux'].includes(architecture));
        assert.ok(['', 'Q8_0', 'Q4_K_S'].includes(quantisation));
      }
    }
    const unknown = { architecture: '', quantisation: '' };
    const wrong = start([['general.architecture', 8, text('a\nIgnore all')]]);
    const endless = start([['x', 9, Buffer.concat([uint32(0), Buffer.alloc(8, 0xff)])]]);
    const nested = start([['x', 9, Buffer.concat([uint32(9), uint64(1)])]]);
    const other = Buffer.concat([Buffer.from('GGUF'), uint32(1), Buffer.alloc(40, 1)]);
    for (const bytes of [wrong, endless, nested, other]) {
      assert.deepEqual(readGgufStart(bytes), unknown);
    }
  });

  it('of other families are refused with both', async () => {
    const file = join(tempFolder(), 'model.gguf');
    writeFileSync(file, FLUX);
    const message = /a GGUF file \(architecture flux, weights in Q4_K_S\) of FLUX, which Easel/;
    await assert.rejects(weightFormat(file), { code: 'unsupported-model', message });
    writeFileSync(file, start([['general.architecture', 8, text('newest')]]));
    // Its tensors tell what it is.
    assert.equal(await weightFormat(file), 'gguf');
    writeFileSync(file, SD);
    assert.equal(await weightFormat(file), 'gguf');
  });

  const written = (bytes: Buffer): string => {
    const file = join(tempFolder(), 'model.gguf');
    writeFileSync(file, bytes);
    return file;
  };
  const one = (type: number, bytes: number, sizes: readonly number[] = [32, 2]) => [
    { name: 'a.weight', sizes, type, bytes: new Uint8Array(bytes) },
  ];

  it('have their tensors where they say, in the order of PyTorch', async () => {
    const tensors = [
      { name: 'a.weight', sizes: [32, 3, 2], type: 8, bytes: new Uint8Array(6 * 34) },
      { name: 'a.bias', sizes: [2], type: 0, bytes: new Uint8Array(8) },
      { name: 'b.weight', sizes: [3], type: 1, bytes: new Uint8Array(6) },
    ];
    const read = await readGguf(written(gguf(tensors)));
    assert.deepEqual(
      [...read.values()].map(({ name, dtype, shape, length }) => [name, dtype, shape, length]),
      [
        ['a.weight', 'Q8_0', [2, 3, 32], 204],
        ['a.bias', 'F32', [2], 8],
        ['b.weight', 'F16', [3], 6],
      ],
    );
    const offsets = [...read.values()].map(({ offset }) => offset);
    assert.deepEqual(
      offsets.map((offset) => offset - offsets[0]!),
      [0, 224, 256],
    );
  });

  it('keep the shape that ComfyUI-GGUF notes of a tensor', async () => {
    const shape = Buffer.concat([uint32(5), uint64(4), ...[2, 32, 1, 1].map(uint32)]);
    const bytes = gguf(one(8, 68, [64]), [['comfy.gguf.orig_shape.a.weight', 9, shape]]);
    assert.deepEqual((await readGguf(written(bytes))).get('a.weight')?.shape, [2, 32, 1, 1]);
  });

  it('with a long header are read to its end', async () => {
    const long = text('x'.repeat(1_500_000));
    const bytes = gguf(one(8, 68), [['general.description', 8, long]]);
    assert.equal((await readGguf(written(bytes))).size, 1);
  });

  it('that are damaged, or of types that are not widened, are refused', async () => {
    const whole = gguf(one(8, 68));
    const second = { name: 'b', sizes: [4], type: 0, bytes: new Uint8Array(16) };
    const moved = (offset: number): Buffer => {
      const bytes = gguf([...one(8, 68), second]);
      // After its name, one axis, its size and its type.
      const at = bytes.indexOf(text('b')) + text('b').length + 4 + 8 + 4;
      bytes.set(uint64(offset), at);
      return bytes;
    };
    const swapped = Buffer.from(whole);
    swapped.set([0, 0, 0, 3], 4);
    const cases: readonly (readonly [Buffer, string, RegExp])[] = [
      [whole.subarray(0, whole.length - 64), 'bad-file', /"a\.weight" ends 36 bytes past the end/],
      [moved(7), 'bad-file', /"b" is not where it says/],
      [moved(2 ** 60), 'bad-file', /"b" is not where it says/],
      [moved(32), 'bad-file', /values of "b" overlap those of another tensor/],
      [swapped, 'unsupported-model', /another order of bytes \(big-endian\)/],
      [whole.subarray(0, 40), 'bad-file', /its header does not end in it/],
      [gguf(one(8, 68, [16, 4])), 'bad-file', /rows of "a\.weight" are no whole blocks/],
      [gguf(one(16, 68)), 'unsupported-model', /does not widen \(number 16\)/],
      [gguf(one(8, 68), [], 1), 'unsupported-model', /version 1/],
      [gguf([...one(8, 68), ...one(8, 68)]), 'bad-file', /two tensors "a\.weight"/],
      [gguf(one(8, 68), [['general.alignment', 4, uint32(3)]]), 'bad-file', /alignment is 3/],
    ];
    for (const [bytes, code, message] of cases) {
      await assert.rejects(readGguf(written(bytes)), { code, message });
    }
  });
});
