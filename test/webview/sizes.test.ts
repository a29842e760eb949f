import assert from 'node:assert/strict';
import { nearest, sizeChoices } from '../../webview/settings/sizes';

describe('image sizes', () => {
  it('keep about the area of the model, in multiples that it supports', () => {
    for (const own of [
      { width: 256, height: 256, multiple: 32 },
      { width: 512, height: 512, multiple: 8 },
      { width: 768, height: 768, multiple: 8 },
      { width: 1024, height: 1024, multiple: 8 },
    ]) {
      const area = own.width * own.height;
      const choices = sizeChoices(own);
      assert.ok(choices.length >= 6, `${own.width}: ${choices.length} sizes`);
      assert.deepEqual(choices[0], { width: own.width, height: own.height, ratio: '1:1' });
      for (const { width, height } of choices) {
        assert.equal(width % own.multiple, 0);
        assert.equal(height % own.multiple, 0);
        assert.ok(Math.abs((width * height) / area - 1) < 0.16, `${width} × ${height} of ${area}`);
      }
    }
  });

  it('are all different', () => {
    const keys = sizeChoices({ width: 64, height: 64, multiple: 32 }).map(
      ({ width, height }) => `${width}x${height}`,
    );
    assert.equal(new Set(keys).size, keys.length);
  });

  it('round to the nearest, never to zero', () => {
    assert.equal(nearest(500, 64), 512);
    assert.equal(nearest(1, 64), 64);
  });
});
