import assert from 'node:assert/strict';
import path from 'node:path';
import type { Precision } from '../../../src/core/devices';
import { graphUNet } from '../../../src/engine/model/components/unet/unet';
import { singleFileLayout } from '../../../src/engine/model/layouts/single-file/layout';
import { openLayout } from '../../../src/engine/model/open';
import { UNetModel } from '../../../src/engine/model/unet-model';
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
  const models = new Map<PublishedCheckpoint, UNetModel>();

  before(async function () {
    // NTFS would write out the gigabytes.
    if (process.platform === 'win32') this.skip();
    for (const name of ['sd1', 'sd2', 'sdxl'] as const) {
      const file = writeHollow(name);
      const location = { id: name, folder: path.dirname(file), file };
      const model = await openLayout(await singleFileLayout(location));
      assert.ok(model instanceof UNetModel);
      models.set(name, model);
    }
  });

  const needed = (
    name: PublishedCheckpoint,
    side: number,
    steps: number,
    guidanceScale: number,
    changed?: ReadonlySet<string>,
    precision: Precision = 'full',
  ): number => {
    const { parts } = models.get(name)!;
    const { config, weights } = parts.unet;
    assert.ok(weights);
    const unet = graphUNet(
      { config, weights },
      changed && { wrapWeights: (same) => same, names: changed },
    );
    const model = new UNetModel({ ...parts, unet });
    const guided = model.isGuided({ guidanceScale });
    const use = {
      ...{ width: side, height: side, steps, guided, precision },
      vaeTiling: undefined,
    };
    return model.estimateMemory(use).bytes / 2 ** 30;
  };

  for (const [name, side, steps, guidance, measured] of MEASURED) {
    it(`is about what was measured: ${name}, ${side} pixels, ${steps} steps, guidance ${guidance}`, () => {
      const said = needed(name, side, steps, guidance);
      assert.ok(Math.abs(said / measured - 1) < 1 / 6, `${said} was said, ${measured} taken`);
    });
  }

  it('is less in float16, of whose weights there is one copy', () => {
    const half = (name: PublishedCheckpoint, side: number, changed?: ReadonlySet<string>) =>
      needed(name, side, 30, 7.5, changed, 'half');
    assert.ok(half('sd1', 512) < needed('sd1', 512, 30, 7.5));
    assert.ok(half('sd1', 512) < needed('sd1', 512, 100_000, 7.5) / 2);
    // Stable Diffusion XL's decoder computes in float32 all the same.
    assert.ok(half('sdxl', 1024) < needed('sdxl', 1024, 30, 7.5));
    const { weights } = models.get('sd1')!.parts.unet;
    const changed = new Set(weights!.names());
    assert.ok(half('sd1', 512, changed) > half('sd1', 512) + 1.5);
  });

  it('counts what LoRAs change in float32, as often as it is used', () => {
    const { weights } = models.get('sd1')!.parts.unet;
    assert.ok(weights);
    const plain = needed('sd1', 512, 1, 0);
    assert.equal(needed('sd1', 512, 1, 0, new Set()), plain);
    const all = needed('sd1', 512, 1, 0, new Set(weights.names()));
    assert.ok(Math.abs(all - needed('sd1', 512, 1_000_000, 0)) < 0.05);
    assert.ok(all > plain + 2.5);
  });

  it('is less on a card in half precision, and more where all networks stay on it', () => {
    const model = models.get('sdxl')!;
    const use = { width: 1024, height: 1024, steps: 20, guided: true, vaeTiling: undefined };
    const on = (memoryBytes: number, precision: Precision, attention: 'plain' | 'fused') =>
      model.estimateMemory({ ...use, precision, card: { memoryBytes, attention } });
    const half = on(24e9, 'half', 'fused');
    assert.ok(half.bytes < on(24e9, 'full', 'fused').bytes * 0.65);
    assert.ok(half.bytes < on(24e9, 'half', 'plain').bytes);
    assert.ok(half.bytesTogether > half.bytes + 1e9);
    // The weights of the denoiser alone are 5.1 GB in float16, and twice that in float32.
    assert.ok(half.bytes > 5.1e9 && half.bytes < 7.5e9, `${half.bytes}`);
    assert.ok(on(24e9, 'full', 'fused').bytes > 10.2e9);
    // Decoding at once takes more than half of a small card.
    assert.equal(half.vaeTiling, false);
    assert.equal(on(8e9, 'half', 'fused').vaeTiling, true);
  });

  it('counts the text encoder: one too large for the machine is refused before it is loaded', () => {
    const { parts } = models.get('sd1')!;
    const [encoder] = parts.textEncoders;
    assert.ok(encoder);
    // Stored in float16. The processor has no copy of it.
    const bytes = encoder.memoryBytes('float32', 'processor');
    assert.ok(bytes > 0.2e9 && bytes < 0.3e9, `${bytes}`);
    const onCard = encoder.memoryBytes('float32', 'card');
    assert.ok(onCard > bytes * 1.3 && onCard < bytes * 2, `${onCard}`);
    const textEncoders = [encoder, { ...encoder, memoryBytes: () => 93e9 }];
    const use = { width: 512, height: 512, steps: 3, guided: true, vaeTiling: undefined };
    assert.ok(new UNetModel({ ...parts, textEncoders }).estimateMemory(use).bytes > 93e9);
  });
});
