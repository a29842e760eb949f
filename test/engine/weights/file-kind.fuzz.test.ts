import * as assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';

import { EaselError } from '../../../src/core/errors';
import { foreignKind } from '../../../src/engine/weights/file-kind';
import { readWeightTensors } from '../../../src/engine/weights/weight-file';
import { fuzzRuns } from '../../support/fuzz';
import { tempFolder } from '../../support/temp-folder';
import { encodeZip } from '../../support/torch-file';

const folder = tempFolder();
const endings = fc.constantFrom('safetensors', 'bin', 'ckpt', 'pt', 'gguf', 'json', 'part', '');

async function holds(ending: string, bytes: Uint8Array, secret?: string): Promise<void> {
  const file = join(folder, `fuzz.${ending}`);
  writeFileSync(file, bytes);
  try {
    await readWeightTensors(file);
  } catch (thrown) {
    assert.ok(thrown instanceof EaselError, String(thrown));
    const told = thrown.message + JSON.stringify(thrown.data);
    assert.ok(told.length < 3000);
    if (secret !== undefined) assert.ok(!told.includes(secret), told);
  }
}

describe('kinds of files, fuzzed', () => {
  it('any bytes under any name are told or read', async () => {
    const starts = fc.constantFrom('', '{', '<', 'PK\x03\x04', '\x80\x02', 'GGUF', '[', '\x08\x07');
    await fc.assert(
      fc.asyncProperty(
        endings,
        starts,
        fc.uint8Array({ maxLength: 400 }),
        async (ending, start, bytes) => {
          const all = Buffer.concat([Buffer.from(start, 'latin1'), bytes]);
          foreignKind(`x.${ending}`, all);
          await holds(ending, all);
        },
      ),
      { numRuns: fuzzRuns(1000) },
    );
  });

  it('no message shows the text of a file', async () => {
    const text = fc.stringMatching(/^[a-zA-Z:/ {}"<]{12,80}$/);
    await fc.assert(
      fc.asyncProperty(endings, text, async (ending, content) => {
        // Long enough to be no part of the message by chance.
        await holds(ending, Buffer.from(`${content}zq9Xv7Kp`), 'zq9Xv7Kp');
        await holds(ending, Buffer.from(`zq9Xv7Kp${content}`), 'zq9Xv7Kp');
      }),
      { numRuns: fuzzRuns(500) },
    );
  });

  it('any directory of a zip file is read or refused', async () => {
    const name = fc.oneof(
      fc.constantFrom(...['a/data.pkl', 'a/data/0', 'a/byteorder', 'x/model_index.json', 'b.npy']),
      fc.string({ maxLength: 20 }),
    );
    const entry = fc.record({ name, bytes: fc.uint8Array({ maxLength: 40 }) });
    const edit = fc.tuple(fc.nat({ max: 400 }), fc.nat({ max: 255 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(entry, { maxLength: 6 }),
        fc.array(edit, { maxLength: 4 }),
        async (entries, edits) => {
          const ascii = entries.map(({ name: own, bytes }) => ({
            name: own.replace(/[^ -~]/g, '_'),
            bytes,
          }));
          const zip = encodeZip(ascii);
          for (const [back, value] of edits)
            if (back < zip.length) zip[zip.length - 1 - back] = value;
          await holds('ckpt', zip);
        },
      ),
      { numRuns: fuzzRuns(1000) },
    );
  });
});
