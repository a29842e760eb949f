import { strict as assert } from 'node:assert';
import sharp from 'sharp';
import { EaselError } from '../../../src/core/errors';
import { convertMask } from '../../../src/engine/images/mask';
import { pixelsOf } from '../../support/starter-engine';

/** A PNG of one row. */
async function row(channels: 1 | 2 | 3 | 4, ...values: readonly number[]): Promise<Uint8Array> {
  const raw = { width: values.length / channels, height: 1, channels };
  return new Uint8Array(await sharp(Uint8Array.from(values), { raw }).png().toBuffer());
}

async function converted(file: Uint8Array, white: 'transparent' | 'dark'): Promise<number[]> {
  const mask = await convertMask({ file, white });
  assert.equal(mask.format, 'png');
  const { data, channels, width } = await pixelsOf(mask.bytes);
  assert.equal(width, mask.width);
  return Array.from({ length: width }, (_, x) => data[x * channels]!);
}

describe('masks of other conventions', () => {
  it('become white where they are transparent, whatever their colour', async () => {
    const file = await row(4, 255, 255, 255, 0, 0, 0, 0, 255, 9, 9, 9, 55);
    assert.deepEqual(await converted(file, 'transparent'), [255, 0, 200]);
    assert.deepEqual(await converted(await row(2, 0, 0, 0, 255), 'transparent'), [255, 0]);
  });

  it('become white where they are dark, in grey and in colours', async () => {
    assert.deepEqual(await converted(await row(1, 0, 255, 55), 'dark'), [255, 0, 200]);
    assert.deepEqual(await converted(await row(3, 0, 0, 0, 255, 255, 255), 'dark'), [255, 0]);
    assert.deepEqual(await converted(await row(4, 0, 0, 0, 0, 255, 255, 255, 0), 'dark'), [255, 0]);
  });

  it('are refused where nothing of them would be white, and where they are no images', async () => {
    const opaque = await row(3, 0, 0, 0, 255, 255, 255);
    const fails = (file: Uint8Array, white: 'transparent' | 'dark', code: string) =>
      assert.rejects(
        convertMask({ file, white }),
        (thrown: unknown) => thrown instanceof EaselError && thrown.code === code,
      );
    await fails(opaque, 'transparent', 'bad-request');
    await fails(await row(1, 255, 200), 'dark', 'bad-request');
    await fails(new Uint8Array([1, 2, 3]), 'dark', 'bad-file');
  });
});
