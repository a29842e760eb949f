import assert from 'node:assert/strict';
import path from 'node:path';
import { planMemory } from '../../../src/engine/pipeline/job-memory';
import type { Model } from '../../../src/engine/model/model';
import { openSingleFileModel } from '../../../src/engine/model/single-file/model';
import { writeHollow, type PublishedCheckpoint } from '../../support/published-checkpoint';

/** Model, side in pixels, steps, guidance, and the largest resident set that was measured, in 2^30 bytes. */
type Measured = readonly [PublishedCheckpoint, number, number, number, number];

/** Whole runs of the command line on models of published sizes (npm run bench:families). */
const MEASURED: readonly Measured[] = [
  ['sd1', 512, 3, 7.5, 2.45],
  ['sd1', 512, 4, 0, 2.4],
  ['sd1', 512, 16, 0, 2.6],
  ['sd1', 512, 64, 0, 3.2],
  ['sd1', 512, 100_000, 0, 5.9],
  ['sd2', 768, 1, 0, 4.17],
  ['sdxl', 512, 1, 0, 5.4],
  ['sdxl', 1024, 1, 5, 6.2],
];

describe('the memory said before a job starts', function () {
  this.timeout(60_000);
  const models = new Map<PublishedCheckpoint, Model>();

  before(async function () {
    // NTFS would write out the gigabytes.
    if (process.platform === 'win32') this.skip();
    for (const name of ['sd1', 'sd2', 'sdxl'] as const) {
      const file = writeHollow(name);
      const location = { id: name, folder: path.dirname(file), file };
      models.set(name, await openSingleFileModel(location));
    }
  });

  const needed = (
    name: PublishedCheckpoint,
    side: number,
    steps: number,
    guidanceScale: number,
    merged?: ReadonlySet<string>,
  ): number => {
    const model = models.get(name)!;
    const unet = merged ? { ...model.unet, merged } : model.unet;
    const settings = { width: side, height: side, steps, guidanceScale, seed: 0, strength: 1 };
    const request = { numImages: 1, vaeTiling: undefined };
    return planMemory({ ...model, unet }, settings, request).bytes / 2 ** 30;
  };

  for (const [name, side, steps, guidance, measured] of MEASURED) {
    it(`is about what was measured: ${name}, ${side} pixels, ${steps} steps, guidance ${guidance}`, () => {
      const said = needed(name, side, steps, guidance);
      assert.ok(Math.abs(said / measured - 1) < 1 / 6, `${said} was said, ${measured} taken`);
    });
  }

  it('counts what LoRAs change in float32, as often as it is used', () => {
    const { weights } = models.get('sd1')!.unet;
    const plain = needed('sd1', 512, 1, 0);
    assert.equal(needed('sd1', 512, 1, 0, new Set()), plain);
    const all = needed('sd1', 512, 1, 0, new Set(weights.names()));
    assert.ok(Math.abs(all - needed('sd1', 512, 1_000_000, 0)) < 0.05);
    assert.ok(all > plain + 2.5);
  });
});
