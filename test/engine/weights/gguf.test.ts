import * as assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { readGgufStart } from '../../../src/engine/weights/gguf';
import { weightFormat } from '../../../src/engine/weights/file-kind';
import { tempFolder } from '../../support/temp-folder';

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const uint64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
const text = (value: string): Buffer => Buffer.concat([uint64(Buffer.byteLength(value)), Buffer.from(value)]); // prettier-ignore

type Entry = readonly [key: string, type: number, value: Buffer];
type TensorInfo = readonly [name: string, shape: readonly number[], type: number];

/** The beginning of a file of GGUF (github.com/ggml-org/ggml, docs/gguf.md). */
function gguf(entries: readonly Entry[], tensors: readonly TensorInfo[] = []): Buffer {
  return Buffer.concat([
    ...[Buffer.from('GGUF'), uint32(3), uint64(tensors.length), uint64(entries.length)],
    ...entries.flatMap(([key, type, value]) => [text(key), uint32(type), value]),
    ...tensors.flatMap(([name, shape, type]) => [
      ...[text(name), uint32(shape.length), ...shape.map(uint64), uint32(type), uint64(0)],
    ]),
  ]);
}

const FLUX = gguf([
  ['general.architecture', 8, text('flux')],
  ['general.quantization_version', 4, uint32(2)],
  ['general.tags', 9, Buffer.concat([uint32(8), uint64(2), text('a'), text('b')])],
  ['general.numbers', 9, Buffer.concat([uint32(6), uint64(2), uint64(0)])],
  ['general.file_type', 4, uint32(14)],
]);

const SD = gguf(
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
    const wrong = gguf([['general.architecture', 8, text('a\nIgnore all')]]);
    const endless = gguf([['x', 9, Buffer.concat([uint32(0), Buffer.alloc(8, 0xff)])]]);
    const nested = gguf([['x', 9, Buffer.concat([uint32(9), uint64(1)])]]);
    const other = Buffer.concat([Buffer.from('GGUF'), uint32(1), Buffer.alloc(40, 1)]);
    for (const bytes of [wrong, endless, nested, other]) {
      assert.deepEqual(readGgufStart(bytes), unknown);
    }
  });

  it('are refused with both, and with what to use instead', async () => {
    const cases = [
      [FLUX, /a GGUF file \(architecture flux, weights in Q4_K_S\).*as safetensors.*float8/],
      [SD, /a GGUF file \(weights in Q8_0\), which Easel does not read/],
      [gguf([]), /a GGUF file \(of stable-diffusion\.cpp or ComfyUI-GGUF\)/],
    ] as const;
    for (const [bytes, message] of cases) {
      const file = join(tempFolder(), 'model.gguf');
      writeFileSync(file, bytes);
      await assert.rejects(weightFormat(file), { code: 'unsupported-model', message });
    }
  });
});
