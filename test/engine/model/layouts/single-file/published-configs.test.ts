import * as assert from 'node:assert/strict';
import { rmSync } from 'node:fs';

import { buildClipText } from '../../../../../src/engine/graph/clip-text';
import { buildUNet } from '../../../../../src/engine/graph/unet';
import { buildVaeDecoder, buildVaeEncoder } from '../../../../../src/engine/graph/vae';
import { parseClipTextConfig } from '../../../../../src/engine/graph/clip-text-config';
import { parseUNetConfig } from '../../../../../src/engine/graph/unet-config';
import { parseVaeConfig } from '../../../../../src/engine/graph/vae-config';
import { openSingleFile } from '../../../../../src/engine/model/layouts/single-file/single-file';
import { writeHollow } from '../../../../support/published-checkpoint';

const TARGET = { device: 'cpu' } as const;

describe('whole checkpoints by their names and shapes', function () {
  this.timeout(120_000);

  const cases = [
    ['sd1', { encoders: 1, pipeline: 'StableDiffusionPipeline', gigabytes: 2.1, size: 64 }],
    ['sd2', { encoders: 1, pipeline: 'StableDiffusionPipeline', gigabytes: 2.5, size: 96 }],
    ['sdxl', { encoders: 2, pipeline: 'StableDiffusionXLPipeline', gigabytes: 6.9, size: 128 }],
  ] as const;
  for (const [name, expected] of cases) {
    it(`${name}: every weight that the published configs ask for is there`, async function () {
      // NTFS would write out the gigabytes.
      if (process.platform === 'win32') this.skip();
      const file = writeHollow(name);
      const { pipeline, unet, vae, textEncoders } = await openSingleFile(file);
      assert.equal(pipeline, expected.pipeline);
      assert.equal(textEncoders.length, expected.encoders);
      const unetConfig = parseUNetConfig(unet.config, file);
      const vaeConfig = parseVaeConfig(vae.config, file);
      assert.deepEqual(unetConfig.sampleSize, [expected.size, expected.size]);

      const sizes = { batch: 1, height: 8, width: 8, target: TARGET };
      const graphs = [
        buildUNet(unetConfig, unet.weights, sizes),
        buildVaeDecoder(vaeConfig, vae.weights, sizes),
        buildVaeEncoder(vaeConfig, vae.weights, { ...sizes, height: 64, width: 64 }),
        ...textEncoders.map(({ config, weights }) =>
          buildClipText(parseClipTextConfig(config, file), weights, { batch: 1, target: TARGET }),
        ),
      ];
      // Everything in the file is used: SD 2's last text layer and projection apart.
      const used = graphs.reduce((total, { weightBytes }) => total + weightBytes, 0) / 1e9;
      assert.ok(Math.abs(used - expected.gigabytes) < 0.1, `${used} GB are used`);
      rmSync(file);
    });
  }
});
