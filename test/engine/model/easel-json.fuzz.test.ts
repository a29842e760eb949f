import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { EaselError } from '../../../src/core/errors';
import { readDefaults } from '../../../src/engine/model/defaults';
import { fuzzRuns } from '../../support/fuzz';
import { tempFolder } from '../../support/temp-folder';

const FAMILY = { steps: 50, guidanceScale: 7.5, strength: 0.8, inpaintStrength: 1 };

describe("a model's easel.json, whatever is in it", () => {
  const folder = tempFolder();
  const file = path.join(folder, 'easel.json');

  const check = async () => {
    try {
      const { steps, guidanceScale, strength, width, height } = await readDefaults(folder, FAMILY);
      assert.ok(Number.isInteger(steps) && steps >= 1 && steps <= 1000);
      assert.ok(guidanceScale >= 0 && guidanceScale <= 100 && strength >= 0 && strength <= 1);
      for (const side of [width, height]) {
        assert.ok(side === undefined || (Number.isInteger(side) && side >= 8 && side <= 16384));
      }
    } catch (thrown) {
      assert.ok(thrown instanceof EaselError, String(thrown));
      assert.equal(thrown.code, 'bad-file');
      assert.ok(thrown.message.length < 1000);
    }
  };

  it('gives values in their limits, or an error that names the file', async () => {
    const value = fc.oneof(
      fc.integer(),
      fc.double(),
      fc.jsonValue(),
      fc.constantFrom(1e9, -1, 0.5, '8', null, 64),
    );
    const settings = fc.record(
      {
        ...{ num_inference_steps: value, guidance_scale: value, strength: value },
        ...{ width: value, height: value, other: value },
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(settings, fc.jsonValue()), async (content) => {
        writeFileSync(file, JSON.stringify(content));
        await check();
      }),
      { numRuns: fuzzRuns(500) },
    );
  });

  it('is not JSON of an object: an error too', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        writeFileSync(file, bytes);
        await check();
      }),
      { numRuns: fuzzRuns(300) },
    );
  });
});
