import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { openSingleFile } from '../../../../../src/engine/model/layouts/single-file/single-file';
import { withAveragedUNet } from '../../../../../src/engine/model/layouts/single-file/moving-average';
import type { TensorRef } from '../../../../../src/engine/weights/source';
import { FIXTURES } from '../../../../support/paths';
import { writeRenamed } from '../../../../support/published-checkpoint';

const ref = (name: string, offset: number): TensorRef => ({
  ...{ name, offset, dtype: 'F16', shape: [1], file: 'x', length: 2 },
});

/** The name in LitEma: without `model.`, and without dots. */
function averaged(name: string): string {
  if (!name.startsWith('model.diffusion_model.')) return name;
  return `model_ema.${name.slice('model.'.length).replaceAll('.', '')}`;
}

function published(name: string): readonly string[] {
  const packed = readFileSync(join(FIXTURES, 'single-files-published', `${name}.json.gz`));
  return Object.keys(JSON.parse(gunzipSync(packed).toString('utf8')) as object);
}

describe('checkpoints with the moving average alone', () => {
  for (const model of ['sd1', 'sd2', 'sdxl']) {
    it(`${model}: every weight of the UNet gets its name back`, () => {
      const names = published(model);
      const only = new Map(names.map((name, at) => [averaged(name), ref(averaged(name), at)]));
      const found = withAveragedUNet(new Map([...only, ['model_ema.decay', ref('d', 0)]]));
      for (const [at, name] of names.entries()) {
        assert.equal(found.get(name)?.offset, at, name);
        assert.equal(found.get(name)?.name, name);
      }
    });
  }

  it('are left alone where the UNet itself is there', () => {
    const both = new Map(
      published('sd1').flatMap((name): [string, TensorRef][] => [
        [name, ref(name, 1)],
        [averaged(name), ref(averaged(name), 2)],
      ]),
    );
    assert.equal(withAveragedUNet(both), both);
  });

  it('open as the model', async function () {
    // NTFS would write out the gigabytes.
    if (process.platform === 'win32') this.skip();
    const file = writeRenamed('sd1', averaged);
    const { pipeline, unet } = await openSingleFile(file);
    assert.equal(pipeline, 'StableDiffusionPipeline');
    assert.deepEqual(unet.weights.get('conv_in.weight')?.shape, [320, 4, 3, 3]);
    assert.ok(unet.weights.get('up_blocks.3.attentions.2.proj_out.weight'));
  });
});
