import * as assert from 'node:assert/strict';

import { parseUNetConfig } from '../../../../src/engine/graph/unet-config';
import { graphUNet, unetLabel } from '../../../../src/engine/model/components/unet/unet';

const NO_WEIGHTS = { description: 'none', get: () => undefined, names: () => [], totalBytes: 0 };

describe('the networks of a UNet', () => {
  it('have one key for each shape and number of keys, since sessions are kept by it', () => {
    const unet = graphUNet({ config: parseUNetConfig({}, 'config.json'), weights: NO_WEIGHTS });
    const shape = { batch: 1, tokens: 77, size: { width: 64, height: 64 } };
    const networks = [
      shape,
      { ...shape, batch: 2 },
      { ...shape, tokens: 154 },
      { ...shape, size: { width: 64, height: 96 } },
      { ...shape, size: { width: 96, height: 64 } },
      { ...shape, tokenDownsampling: 2 },
      { ...shape, tokenDownsampling: 3 },
    ].map((changed) => unet.network(changed));
    assert.equal(new Set(networks.map(({ key }) => key)).size, networks.length);
    assert.equal(unet.network({ ...shape, tokenDownsampling: 1 }).key, networks[0]!.key);
  });
});

describe('the name of a UNet’s family', () => {
  it('says what it is for', () => {
    const sd1 = { cross_attention_dim: 768 };
    assert.equal(unetLabel(sd1), 'SD 1.x');
    assert.equal(unetLabel({ ...sd1, time_cond_proj_dim: 256 }), 'LCM');
    assert.equal(unetLabel({ ...sd1, in_channels: 9 }), 'SD 1.x inpainting');
    assert.equal(unetLabel({ ...sd1, in_channels: 8 }), 'SD 1.x editing');
    const blocks = ['KDownBlock2D', 'KCrossAttnDownBlock2D'];
    const upscaler = { ...sd1, in_channels: 8, time_cond_proj_dim: 896, down_block_types: blocks };
    assert.equal(unetLabel(upscaler), 'SD 1.x upscaling');
  });
});
