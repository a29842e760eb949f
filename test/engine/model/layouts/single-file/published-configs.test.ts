import * as assert from 'node:assert/strict';
import { rmSync } from 'node:fs';

import { buildClipText } from '../../../../../src/engine/graph/clip-text';
import { buildUNet } from '../../../../../src/engine/graph/unet';
import { buildVaeDecoder, buildVaeEncoder } from '../../../../../src/engine/graph/vae';
import { parseClipTextConfig } from '../../../../../src/engine/graph/clip-text-config';
import { parseUNetConfig } from '../../../../../src/engine/graph/unet-config';
import { parseVaeConfig } from '../../../../../src/engine/graph/vae-config';
import { openSingleFile } from '../../../../../src/engine/model/layouts/single-file/single-file';
import { writeHollow, writeRenamed } from '../../../../support/published-checkpoint';

const TARGET = { device: 'cpu' } as const;

describe('whole checkpoints by their names and shapes', function () {
  this.timeout(120_000);

  const cases = [
    ['sd1', { encoders: 1, pipeline: 'StableDiffusionPipeline', gigabytes: 2.1, size: 64 }],
    ['sd2', { encoders: 1, pipeline: 'StableDiffusionPipeline', gigabytes: 2.5, size: 96 }],
    ['sdxl', { encoders: 2, pipeline: 'StableDiffusionXLPipeline', gigabytes: 6.9, size: 128 }],
    [
      'x4-upscaler',
      { encoders: 1, pipeline: 'StableDiffusionUpscalePipeline', gigabytes: 1.74, size: 128 },
    ],
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

  /** Layers of the transformers that a pruned SDXL has left. */
  const pruned = {
    'SSD-1B': { down: [[2, 2], [4, 4]], up: [[4, 4, 10], [2, 1, 1]] },
    'Segmind-Vega': { down: [[1, 1], [2, 2]], up: [[2, 2, 2], [1, 1, 1]] },
  }; // prettier-ignore
  for (const [name, { down, up }] of Object.entries(pruned)) {
    it(`${name}: the layers that are in the file are drawn with`, async function () {
      if (process.platform === 'win32') this.skip();
      const depths: Readonly<Record<string, number>> = {
        ...Object.fromEntries([4, 5, 7, 8].map((at, i) => [`input_blocks.${at}`, down.flat()[i]!])),
        ...Object.fromEntries(up.flat().map((depth, at) => [`output_blocks.${at}`, depth])),
      };
      const isLeft = (tensor: string) => {
        if (/\bmiddle_block\.[12]\./.test(tensor)) return false;
        const [, block = '', layer] =
          /((?:in|out)put_blocks\.\d+)\.1\.transformer_blocks\.(\d+)/.exec(tensor) ?? [];
        return layer === undefined || Number(layer) < depths[block]!;
      };
      const file = writeRenamed('sdxl', (tensor) => (isLeft(tensor) ? tensor : undefined));
      const { unet } = await openSingleFile(file);
      const config = parseUNetConfig(unet.config, file);
      const layers = (levels: typeof config.down) =>
        levels.flatMap(({ transformers }) => (transformers ? [transformers.layers] : []));
      assert.deepEqual([layers(config.down), layers(config.up)], [down, up]);
      assert.equal(config.mid?.transformers, undefined);
      const sizes = { batch: 1, height: 8, width: 8, target: TARGET };
      const { weightBytes } = buildUNet(config, unet.weights, sizes);
      const inFile = [...unet.weights.names()].map((tensor) => unet.weights.get(tensor)!.length);
      assert.equal(
        weightBytes,
        inFile.reduce((total, bytes) => total + bytes, 0),
      );
      rmSync(file);
    });
  }
});
