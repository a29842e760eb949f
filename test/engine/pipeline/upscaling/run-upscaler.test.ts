import assert from 'node:assert/strict';
import { TorchGenerator } from '../../../../src/core/diffusion/random';
import type { RgbImage } from '../../../../src/core/image/pixels';
import { openUpscaler } from '../../../../src/engine/model/components/upscaler/upscaler';
import { JobClock } from '../../../../src/engine/pipeline/job-clock';
import { JobNetworks } from '../../../../src/engine/pipeline/networks';
import { runUpscaler, tileGrid } from '../../../../src/engine/pipeline/upscaling/run-upscaler';
import { SessionCache } from '../../../../src/engine/runtime/session-cache';
import { differences, readPixels } from '../../../support/pictures';
import { materialiseUpscaler, UPSCALERS, upscalerPictures } from '../../../support/upscalers';

function noise(width: number, height: number): RgbImage {
  const values = new TorchGenerator(5).randn(width * height * 3);
  return { width, height, data: Uint8Array.from(values, (x) => Math.min(255, Math.max(0, 128 + 60 * x))) }; // prettier-ignore
}

describe('upscalers', function () {
  this.timeout(60_000);
  const sessions = new SessionCache();
  const networks = (precision: 'full' | 'half' = 'full') =>
    new JobNetworks({
      ...{ device: 'cpu', sessions, sessionKey: 'upscalers', keepLoaded: false, precision },
      clock: new JobClock(),
      signal: new AbortController().signal,
      onLoading: () => undefined,
      onWarning: () => undefined,
    });
  const onTile = () => Promise.resolve();
  after(() => sessions.clear());

  for (const [name, { scale }] of Object.entries(UPSCALERS)) {
    it(`${name} makes what spandrel makes`, async () => {
      const { input, made } = upscalerPictures(name);
      const expected = await readPixels(made);
      for (const file of [`${name}.safetensors`, `${name}.pth`]) {
        const upscaler = await openUpscaler(materialiseUpscaler(name, { file }));
        assert.equal(upscaler.scale, scale);
        const found = await runUpscaler(upscaler, await readPixels(input), { networks: networks(), onTile }); // prettier-ignore
        const { largest } = differences(found, expected);
        assert.ok(largest <= 1, `${file}: pixels differ by up to ${largest}`);
      }
    });
  }

  it('make nearly the same in float16', async () => {
    for (const name of ['new-x4', 'unshuffle-x2', 'compact-x4']) {
      const { input, made } = upscalerPictures(name);
      const upscaler = await openUpscaler(materialiseUpscaler(name));
      const options = { networks: networks('half'), onTile };
      const found = await runUpscaler(upscaler, await readPixels(input), options);
      const { largest, mean } = differences(found, await readPixels(made));
      assert.ok(largest <= 2 && mean < 0.2, `${name}: ${largest}, on average ${mean}`);
    }
  });

  it('make the whole image in tiles that share what the network sees', async () => {
    for (const [name, size, tile] of [
      ['compact-x4', [90, 70], 56],
      ['compact-x2', [61, 131], 48],
      // An RRDBNet of one block: 20 pixels, and 40 where two are one cell.
      ['bsrgan-x2', [150, 130], 120],
      ['unshuffle-x2', [251, 95], 224],
    ] as const) {
      const upscaler = await openUpscaler(materialiseUpscaler(name));
      const image = noise(size[0], size[1]);
      const { rows, columns } = tileGrid(upscaler, image, tile);
      assert.ok(rows.length * columns.length > 1, name);
      let tiles = 0;
      const counted = () => {
        tiles += 1;
        return Promise.resolve();
      };
      const whole = await runUpscaler(upscaler, image, { networks: networks(), onTile, tile: 512 });
      const tiled = await runUpscaler(upscaler, image, { networks: networks(), onTile: counted, tile }); // prettier-ignore
      assert.equal(tiles, rows.length * columns.length);
      const { largest } = differences(tiled, whole);
      assert.ok(largest <= 1, `${name}: tiles differ from the whole by up to ${largest}`);
    }
  });

  it('show no seam in tiles that share less: no step where they meet is larger than those within them', async () => {
    const upscaler = await openUpscaler(materialiseUpscaler('old-x4'));
    const image = { ...noise(160, 40), data: new Uint8Array(160 * 40 * 3).fill(120) };
    const tiled = await runUpscaler(upscaler, image, { networks: networks(), onTile, tile: 64 });
    const whole = await runUpscaler(upscaler, image, { networks: networks(), onTile, tile: 512 });
    const step = ({ width, height, data }: RgbImage) => {
      let largest = 0;
      // Without the borders, where every network sees the end of the image.
      for (let y = 60; y < height - 60; y++) {
        for (let x = 200; x < width - 200; x++) {
          const at = (y * width + x) * 3;
          for (let c = 0; c < 3; c++) {
            // Cells of the output repeat every 4 pixels where the image is flat.
            largest = Math.max(largest, Math.abs(data[at + c]! - data[at + c - 12]!));
          }
        }
      }
      return largest;
    };
    assert.ok(step(tiled) <= step(whole) + 1, `${step(tiled)} in tiles, ${step(whole)} whole`);
  });
});
