import * as assert from 'node:assert/strict';

import { EaselError } from '../../../src/core/errors';
import { parseClipTextConfig } from '../../../src/engine/graph/clip-text-config';
import { parseTinyVaeConfig } from '../../../src/engine/graph/tiny-vae-config';
import { parseUNetConfig } from '../../../src/engine/graph/unet-config';
import { parseVaeConfig } from '../../../src/engine/graph/vae-config';

type Parse = (json: unknown, where: string) => unknown;

/** Fields that make a model compute something Easel does not, each with the parser that must say so. */
const REFUSED: readonly (readonly [string, Parse, Record<string, unknown>])[] = [
  ['class_embed_type', parseUNetConfig, { class_embed_type: 'timestep' }],
  ['num_class_embeds', parseUNetConfig, { num_class_embeds: 1000 }],
  ['class_embeddings_concat', parseUNetConfig, { class_embeddings_concat: true }],
  ['dual_cross_attention', parseUNetConfig, { dual_cross_attention: true }],
  ['attention_type', parseUNetConfig, { attention_type: 'gated' }],
  ['addition_embed_type', parseUNetConfig, { addition_embed_type: 'text_image' }],
  ['encoder_hid_dim_type', parseUNetConfig, { encoder_hid_dim: 8, encoder_hid_dim_type: 'image_proj' }], // prettier-ignore
  ['num_attention_heads', parseUNetConfig, { num_attention_heads: 8 }],
  ['down_block_types', parseUNetConfig, { down_block_types: ['SimpleCrossAttnDownBlock2D'] }],
  ['up_block_types', parseUNetConfig, { up_block_types: ['UpBlock2D'] }],
  ['mid_block_type', parseUNetConfig, { mid_block_type: 'UNetMidBlock2DSimpleCrossAttn' }],
  ['act_fn', parseUNetConfig, { act_fn: 'tanh' }],
  ['norm_num_groups', parseUNetConfig, { norm_num_groups: 7.5 }],
  ['norm_num_groups', parseUNetConfig, { norm_num_groups: 30 }],
  ['attention_head_dim', parseUNetConfig, { attention_head_dim: [8, 8] }],
  ['attention_head_dim', parseUNetConfig, { attention_head_dim: 7 }],
  ['cross_attention_dim', parseUNetConfig, { cross_attention_dim: [8, 8, 8, 16] }],
  ['resnet_time_scale_shift', parseUNetConfig, { resnet_time_scale_shift: 'ada_group' }],
  ['time_embedding_type', parseUNetConfig, { time_embedding_type: 'learned' }],
  ['transformer_layers_per_block', parseUNetConfig, { transformer_layers_per_block: [[1, 2], 1, 1, 1] }], // prettier-ignore
  ['_class_name', parseUNetConfig, { _class_name: 'UNet2DModel' }],
  ['a_field_of_the_future', parseUNetConfig, { a_field_of_the_future: 'on' }],
  ['block_out_channels', parseUNetConfig, { block_out_channels: [] }],
  ['in_channels', parseUNetConfig, { in_channels: '4' }],
  ['act_fn', parseVaeConfig, { act_fn: 'none' }],
  ['down_block_types', parseVaeConfig, { down_block_types: ['AttnDownEncoderBlock2D'] }],
  ['up_block_types', parseVaeConfig, { block_out_channels: [64, 64], down_block_types: ['DownEncoderBlock2D', 'DownEncoderBlock2D'] }], // prettier-ignore
  ['latents_mean', parseVaeConfig, { latents_mean: [0, 0] }],
  ['_class_name', parseVaeConfig, { _class_name: 'AsymmetricAutoencoderKL' }],
  ['upsample_fn', parseTinyVaeConfig, { upsample_fn: 'bilinear' }],
  ['num_decoder_blocks', parseTinyVaeConfig, { num_decoder_blocks: [3, 3, 1] }],
  ['hidden_act', parseClipTextConfig, { hidden_act: 'gelu_new' }],
  ['num_attention_heads', parseClipTextConfig, { num_attention_heads: 7 }],
  ['model_type', parseClipTextConfig, { model_type: 't5' }],
  ['rope_theta', parseClipTextConfig, { rope_theta: 10000 }],
];

describe('configs', () => {
  for (const [field, parse, json] of REFUSED) {
    it(`refuse ${field} = ${JSON.stringify(json[field])} by name`, () => {
      assert.throws(
        () => parse(json, 'folder/config.json'),
        (error: unknown) => {
          assert.ok(error instanceof EaselError);
          assert.equal(error.code, 'unsupported-config');
          assert.equal(error.data.field, field);
          assert.match(error.message, new RegExp(`folder/config.json.*${field}`));
          return true;
        },
      );
    });
  }

  it('accept what changes nothing', () => {
    const harmless = {
      _name_or_path: 'x',
      decay: 0.9999,
      a_field_of_the_future: false,
      other: null,
    };
    assert.deepEqual(parseUNetConfig(harmless, ''), parseUNetConfig({}, ''));
  });

  it('have the defaults of diffusers', () => {
    const unet = parseUNetConfig({}, '');
    assert.deepEqual(unet.down.map(({ channels }) => channels), [320, 640, 1280, 1280]); // prettier-ignore
    assert.deepEqual(unet.up.map(({ resnets }) => resnets), [3, 3, 3, 3]); // prettier-ignore
    assert.equal(unet.crossAttentionDim, 1280);
    assert.equal(unet.timeEmbedding.dim, 1280);
    assert.equal(parseVaeConfig({}, '').scalingFactor, 0.18215);
    assert.equal(parseTinyVaeConfig({}, '').spatialFactor, 8);
    assert.equal(parseClipTextConfig({}, '').eosTokenId, 49407);
  });

  it('must be JSON objects', () => {
    for (const json of [null, [], 'text', 4]) {
      assert.throws(
        () => parseUNetConfig(json, 'c'),
        (error: unknown) => error instanceof EaselError && error.code === 'bad-file',
      );
    }
  });
});
