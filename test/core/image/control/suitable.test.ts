import { strict as assert } from 'node:assert';
import { CATALOGUE } from '../../../../src/core/catalogue/catalogue';
import {
  byLines,
  followsLines,
  suitablePreprocessor,
} from '../../../../src/core/image/control/suitable';

describe('what a ControlNet follows', () => {
  it('is read from its name', () => {
    const names = [
      ['lllyasviel/control_v11p_sd15_scribble', 'scribble'],
      ['lllyasviel/sd-controlnet-hed', 'softedge'],
      ['/models/control_v11p_sd15s2_lineart_anime.safetensors', 'lineart'],
      ['C:\\models\\t2i-adapter-sketch-sdxl-1.0', 'scribble'],
      ['TencentARC/t2iadapter_color_sd14v1', 'color'],
      ['lllyasviel/control_v11f1e_sd15_tile', 'tile'],
      ['monster-labs/control_v1p_sd15_qrcode_monster', 'qr'],
      ['lllyasviel/control_v11p_sd15_openpose', 'none'],
    ] as const;
    for (const [name, made] of names) assert.equal(suitablePreprocessor(name), made, name);
  });

  it('is not read from the folder above it, nor from its owner', () => {
    assert.equal(suitablePreprocessor('/sketches/control_v11p_sd15_openpose'), 'none');
    assert.equal(suitablePreprocessor('canny/depth'), 'none');
  });

  it('decides which one is best for a sketch', () => {
    const names = ['a/depth', 'a/canny', 'a/lineart', 'a/scribble', 'a/softedge'];
    assert.deepEqual(names.sort(byLines), [
      ...['a/scribble', 'a/lineart', 'a/softedge', 'a/canny', 'a/depth'],
    ]);
    assert.deepEqual(names.filter(followsLines).length, 4);
  });

  it('is a sketch for some well-known ControlNet of each family', () => {
    for (const family of ['SD 1.x', 'SD 2.x', 'SDXL']) {
      const fitting = CATALOGUE.filter((one) => one.family === family && followsLines(one.id));
      const best = fitting.filter(({ kind }) => kind === 'controlnet').map(({ id }) => id);
      assert.equal(suitablePreprocessor(best.sort(byLines)[0] ?? ''), 'scribble', family);
    }
  });
});
