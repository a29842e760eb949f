import * as assert from 'node:assert/strict';
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { buildClipText } from '../../../src/engine/graph/clip-text';
import { buildUNet } from '../../../src/engine/graph/unet';
import { buildVaeDecoder, buildVaeEncoder } from '../../../src/engine/graph/vae';
import { openSingleFileModel } from '../../../src/engine/pipeline/single-file-model';
import type { TensorShapes } from '../../support/random-weights';
import { encodeHeader } from '../../support/safetensors-file';
import { tempFolder } from '../../support/temp-folder';

const FOLDER = join(import.meta.dirname, '..', '..', 'fixtures', 'single-files-published');
const TARGET = { device: 'cpu' } as const;

/** A whole checkpoint in float16 whose values are a hole in the file. */
function writeHollow(tensors: TensorShapes): string {
  const header: Record<string, unknown> = {};
  let end = 0;
  for (const [name, shape] of Object.entries(tensors)) {
    const start = end;
    end += shape.reduce((product, size) => product * size, 2);
    header[name] = { dtype: 'F16', shape, data_offsets: [start, end] };
  }
  const file = join(tempFolder(), 'model.safetensors');
  const bytes = encodeHeader(JSON.stringify(header));
  writeFileSync(file, bytes);
  truncateSync(file, bytes.length + end);
  return file;
}

describe('whole checkpoints by their names and shapes', function () {
  this.timeout(120_000);

  const cases = [
    ['sd1', { encoders: 1, pipeline: 'Stable Diffusion', gigabytes: 2.1, size: 64 }],
    ['sd2', { encoders: 1, pipeline: 'Stable Diffusion', gigabytes: 2.5, size: 96 }],
    ['sdxl', { encoders: 2, pipeline: 'Stable Diffusion XL', gigabytes: 6.9, size: 128 }],
  ] as const;
  for (const [name, expected] of cases) {
    it(`${name}: every weight that the published configs ask for is there`, async function () {
      // NTFS would write out the gigabytes.
      if (process.platform === 'win32') this.skip();
      const bytes = gunzipSync(readFileSync(join(FOLDER, `${name}.json.gz`)));
      const file = writeHollow(JSON.parse(bytes.toString('utf8')) as TensorShapes);
      const model = await openSingleFileModel({ id: name, folder: dirname(file), file });
      assert.equal(model.family.name, expected.pipeline);
      assert.equal(model.textEncoders.length, expected.encoders);
      assert.deepEqual(model.unet.config.sampleSize, [expected.size, expected.size]);

      const sizes = { batch: 1, height: 8, width: 8, target: TARGET };
      const { unet, vae, textEncoders } = model;
      assert.ok(vae.kind === 'full');
      const graphs = [
        buildUNet(unet.config, unet.weights, sizes),
        buildVaeDecoder(vae.config, vae.weights, sizes),
        buildVaeEncoder(vae.config, vae.weights, { ...sizes, height: 64, width: 64 }),
        ...textEncoders.map(({ config, weights }) =>
          buildClipText(config, weights, { batch: 1, target: TARGET }),
        ),
      ];
      // Everything in the file is used: SD 2's last text layer and projection apart.
      const used = graphs.reduce((total, { weightBytes }) => total + weightBytes, 0) / 1e9;
      assert.ok(Math.abs(used - expected.gigabytes) < 0.1, `${used} GB are used`);
      rmSync(file);
    });
  }
});
