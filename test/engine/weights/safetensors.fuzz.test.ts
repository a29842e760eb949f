import * as assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';

import { EaselError } from '../../../src/core/errors';
import { DTYPE_BYTES, elementBytes } from '../../../src/engine/weights/dtype';
import { readSafetensorsHeader } from '../../../src/engine/weights/safetensors';
import { fuzzRuns } from '../../support/fuzz';
import { encodeHeader, encodeSafetensors } from '../../support/safetensors-file';
import { tempFolder } from '../../support/temp-folder';

const path = join(tempFolder(), 'fuzz.safetensors');

/** Reads `bytes` as a file: what comes back keeps every promise, or the error is one of ours. */
async function holds(bytes: Uint8Array): Promise<'read' | 'refused'> {
  writeFileSync(path, bytes);
  try {
    const { tensors } = await readSafetensorsHeader(path);
    let total = 0;
    for (const { offset, length, shape, dtype } of tensors.values()) {
      assert.ok(Number.isSafeInteger(offset) && offset >= 8 && offset + length <= bytes.length);
      assert.equal(
        shape.reduce((product, size) => product * size, elementBytes(dtype)),
        length,
      );
      total += length;
    }
    const header = Buffer.from(bytes).readBigUInt64LE(0);
    assert.equal(BigInt(total) + header + 8n, BigInt(bytes.length));
    return 'read';
  } catch (thrown) {
    if (thrown instanceof EaselError) return 'refused';
    throw thrown;
  }
}

const VALID = encodeSafetensors([
  { name: 'conv.weight', dtype: 'F32', shape: [2, 3, 1, 1], bytes: new Uint8Array(24) },
  { name: 'conv.bias', dtype: 'F16', shape: [2], bytes: new Uint8Array(4) },
  { name: 'x', dtype: 'I64', shape: [], bytes: new Uint8Array(8) },
]);
const HEADER_END = VALID.length - 36;

const sizes = fc.oneof(
  { weight: 8, arbitrary: fc.nat({ max: 9 }) },
  fc.integer(),
  fc.double(),
  fc.constantFrom(2 ** 31, 2 ** 32, 2 ** 53, 2 ** 63, 2 ** 64, -0, '1', null),
);
const entries = fc.record(
  {
    dtype: fc.oneof(fc.constantFrom(...Object.keys(DTYPE_BYTES), 'F8_E8M0'), fc.string()),
    shape: fc.oneof({ weight: 9, arbitrary: fc.array(sizes, { maxLength: 4 }) }, fc.jsonValue()),
    data_offsets: fc.oneof(fc.array(sizes, { minLength: 2, maxLength: 2 }), fc.jsonValue()),
  },
  { requiredKeys: [] },
);

describe('safetensors headers, fuzzed', () => {
  it('reads or refuses any mutation of a valid file', async () => {
    const edit = fc.tuple(fc.nat({ max: HEADER_END - 1 }), fc.nat({ max: 255 }));
    const edits = fc.array(edit, { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        edits,
        fc.nat({ max: VALID.length }),
        fc.boolean(),
        async (all, cut, cuts) => {
          const bytes = Buffer.from(VALID);
          for (const [at, value] of all) bytes[at] = value;
          await holds(cuts ? bytes.subarray(0, cut) : bytes);
        },
      ),
      { numRuns: fuzzRuns(2000) },
    );
  });

  it('reads or refuses any table of contents', async () => {
    const tables = fc.dictionary(fc.oneof(fc.string(), fc.constant('__metadata__')), entries);
    await fc.assert(
      fc.asyncProperty(tables, fc.nat({ max: 64 }), async (table, data) => {
        const bytes = Buffer.concat([encodeHeader(JSON.stringify(table)), new Uint8Array(data)]);
        await holds(bytes);
      }),
      { numRuns: fuzzRuns(2000) },
    );
  });

  it('reads or refuses any bytes and any JSON', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        await holds(bytes);
      }),
      { numRuns: fuzzRuns(1000) },
    );
    await fc.assert(
      fc.asyncProperty(fc.json(), async (text) => {
        await holds(encodeHeader(text));
      }),
      { numRuns: fuzzRuns(1000) },
    );
  });

  it('reads every table that is right, whatever its names and shapes', async () => {
    const tensor = fc.record({
      name: fc.string({ unit: 'grapheme' }).filter((name) => name !== '__metadata__'),
      dtype: fc.constantFrom('F32', 'F16', 'BF16', 'I64', 'U8', 'BOOL'),
      shape: fc.array(fc.nat({ max: 5 }), { maxLength: 4 }),
    });
    const tables = fc.uniqueArray(tensor, { selector: ({ name }) => name, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(tables, async (table) => {
        const tensors = table.map(({ name, dtype, shape }) => {
          const width = DTYPE_BYTES[dtype as keyof typeof DTYPE_BYTES];
          const length = shape.reduce((product, size) => product * size, width);
          return { name, dtype, shape, bytes: new Uint8Array(length) };
        });
        assert.equal(await holds(encodeSafetensors(tensors)), 'read');
      }),
      { numRuns: fuzzRuns(500) },
    );
  });
});
