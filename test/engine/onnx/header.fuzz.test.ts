import * as assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';

import { EaselError } from '../../../src/core/errors';
import { readOnnxHeader } from '../../../src/engine/onnx/header';
import { fuzzRuns } from '../../support/fuzz';
import { materialiseOnnx } from '../../support/onnx-folder';
import { tempFolder } from '../../support/temp-folder';

const path = join(tempFolder(), 'fuzz.onnx');

async function holds(bytes: Uint8Array): Promise<void> {
  writeFileSync(path, bytes);
  try {
    const { inputs, outputs, externalFiles, madeBytes, fileBytes } = await readOnnxHeader(path);
    assert.equal(fileBytes, bytes.length);
    assert.ok(madeBytes >= 0);
    assert.ok(inputs.length + outputs.length + externalFiles.length <= bytes.length);
  } catch (thrown) {
    assert.ok(thrown instanceof EaselError, String(thrown));
  }
}

/** A field of a message: its number, its wire type, and its bytes. */
const field = fc.letrec((tie) => ({
  message: fc.array(tie('field'), { maxLength: 5 }).map((parts) => (parts as number[][]).flat()),
  field: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc
      .tuple(fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 9, 11, 12, 13, 20, 25), fc.nat({ max: 127 }))
      .map(([number, value]) => [...tag(number, 0), value]),
    fc
      .tuple(fc.constantFrom(1, 2, 4, 5, 7, 8, 9, 11, 12, 13, 25), fc.string({ maxLength: 12 }))
      .map(([number, text]) => delimited(number, [...Buffer.from(text)])),
    fc
      .tuple(fc.constantFrom(1, 2, 5, 7, 11, 12, 13, 25), tie('message'))
      .map(([number, bytes]) => delimited(number, bytes as number[])),
  ),
})).message;

function tag(number: number, wire: number): number[] {
  const value = number * 8 + wire;
  return value < 128 ? [value] : [(value & 127) | 128, value >> 7];
}

function delimited(number: number, bytes: readonly number[]): number[] {
  const short = bytes.slice(0, 127);
  return [...tag(number, 2), short.length, ...short];
}

describe('ONNX headers, fuzzed', () => {
  it('reads or refuses any mutation of a real graph', async () => {
    const file = readFileSync(join(materialiseOnnx('optimum'), 'vae_decoder', 'model.onnx'));
    const edit = fc.tuple(fc.nat({ max: file.length - 1 }), fc.nat({ max: 255 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(edit, { minLength: 1, maxLength: 6 }),
        fc.option(fc.nat({ max: file.length })),
        async (edits, cut) => {
          const bytes = Buffer.from(file);
          for (const [at, value] of edits) bytes[at] = value;
          await holds(bytes.subarray(0, cut ?? bytes.length));
        },
      ),
      { numRuns: fuzzRuns(300) },
    );
  });

  it('reads or refuses any message and any bytes', async () => {
    const graph = field.map((bytes) => Buffer.from(delimited(7, bytes)));
    await fc.assert(
      fc.asyncProperty(graph, async (bytes) => holds(bytes)),
      { numRuns: fuzzRuns(1500) },
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => holds(bytes)),
      { numRuns: fuzzRuns(1000) },
    );
  });
});
