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
  ['num_class_embeds', parseUNetConfig, { num_class_embeds: 0 }],
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
  ['norm_num_groups', parseUNetConfig, { norm_num_groups: null }],
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

/** The blocks of k-diffusion's UNet, and what would make one that cannot be computed. */
const K_UNET = {
  act_fn: 'gelu',
  block_out_channels: [32, 64, 64],
  down_block_types: ['KDownBlock2D', 'KCrossAttnDownBlock2D', 'KCrossAttnDownBlock2D'],
  mid_block_type: null,
  norm_num_groups: null,
  time_embedding_type: 'fourier',
  up_block_types: ['KCrossAttnUpBlock2D', 'KCrossAttnUpBlock2D', 'KUpBlock2D'],
};
const K_REFUSED: readonly (readonly [string, Record<string, unknown>])[] = [
  ['down_block_types', { down_block_types: ['KDownBlock2D', 'DownBlock2D', 'KDownBlock2D'] }],
  ['down_block_types', { down_block_types: ['KDownBlock2D'] }],
  ['up_block_types', { up_block_types: ['KUpBlock2D', 'KCrossAttnUpBlock2D', 'KUpBlock2D'] }],
  ['up_block_types', { time_embedding_dim: 96 }],
  ['mid_block_type', { mid_block_type: 'UNetMidBlock2D' }],
  ['block_out_channels', { block_out_channels: [32, 48, 48] }],
  [
    'block_out_channels',
    {
      block_out_channels: [64, 96, 128],
      down_block_types: ['KDownBlock2D', 'KDownBlock2D', 'KDownBlock2D'],
      up_block_types: ['KUpBlock2D', 'KUpBlock2D', 'KUpBlock2D'],
    },
  ],
  ['attention_head_dim', { attention_head_dim: 24 }],
  ['attention_head_dim', { attention_head_dim: [8, 64, 8] }],
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

  it("accept k-diffusion's blocks, of which some have channels and heads of their own", () => {
    const { k, crossAttentionDim, mid } = parseUNetConfig(
      { ...K_UNET, cross_attention_dim: 7 },
      '',
    );
    assert.deepEqual([k?.down.length, crossAttentionDim, mid], [3, 7, undefined]);
    assert.deepEqual(k?.down[0], { channels: 32, resnets: 2 });
    assert.deepEqual(k.up[0]!.attention, { headSize: 8, self: true });
    assert.deepEqual(k.up[1]!.attention, { headSize: 8, self: false });
  });

  for (const [field, changed] of K_REFUSED) {
    it(`refuse ${field} of k-diffusion's blocks where ${JSON.stringify(changed)}`, () => {
      assert.throws(
        () => parseUNetConfig({ ...K_UNET, ...changed }, 'c'),
        (error) => error instanceof EaselError && error.data.field === field,
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

  it('take underscore fields for metadata, and what _use_default_values lists for absent', () => {
    const metadata = {
      ...{ _commit_hash: 'abc', _use_default_values: ['norm_eps'], _anything: [1] },
      ...{ torch_dtype: 'float16', auto_map: { AutoModel: 'x' }, transformers_version: '4.0' },
    };
    for (const parse of [
      parseUNetConfig,
      parseVaeConfig,
      parseTinyVaeConfig,
      parseClipTextConfig,
    ]) {
      assert.deepEqual(parse(metadata, ''), parse({}, ''));
    }
    // As in diffusers' `extract_init_dict`: the class has another default than the file says.
    const defaulted = { norm_eps: 0.5, _use_default_values: ['norm_eps', 'sample_size'] };
    assert.equal(parseUNetConfig(defaulted, '').normEps, 1e-5);
  });

  it('take a null for a switch that is off, as Python does', () => {
    assert.equal(parseUNetConfig({ flip_sin_to_cos: null }, '').flipSinToCos, false);
    assert.equal(parseVaeConfig({ use_quant_conv: null }, '').quantConv, false);
    assert.equal(parseVaeConfig({ mid_block_add_attention: null }, '').midAttention, false);
  });

  it("accept transformers' full dump of a text encoder", () => {
    const dump = {
      ...{ chunk_size_feed_forward: 0, num_beams: 1, num_beam_groups: 1, top_k: 50, top_p: 1.0 },
      ...{ temperature: 1.0, typical_p: 1.0, max_length: 20, length_penalty: 1.0, prefix: null },
      ...{ do_sample: false, diversity_penalty: 0.0, repetition_penalty: 1.0, pruned_heads: {} },
      ...{ num_return_sequences: 1, output_hidden_states: true, return_dict: true },
      ...{ tie_word_embeddings: true, is_decoder: false, bad_words_ids: null, use_cache: true },
      ...{ no_repeat_ngram_size: 0, encoder_no_repeat_ngram_size: 0, torchscript: false },
      ...{ id2label: { '0': 'LABEL_0' }, label2id: { LABEL_0: 0 }, early_stopping: false },
      ...{ begin_suppress_tokens: null, use_bfloat16: false, remove_invalid_values: false },
    };
    assert.deepEqual(parseClipTextConfig(dump, ''), parseClipTextConfig({}, ''));
    assert.throws(() => parseClipTextConfig({ pruned_heads: { '0': [1] } }, 'c'), /pruned_heads/);
    assert.throws(() => parseClipTextConfig({ is_decoder: true }, 'c'), /is_decoder/);
  });

  it('read the text model out of the config of a whole CLIP model', () => {
    const text = { hidden_size: 64, num_attention_heads: 4, eos_token_id: 2 };
    const whole = { model_type: 'clip', projection_dim: 7, vision_config: {}, text_config: text };
    assert.deepEqual(parseClipTextConfig(whole, ''), parseClipTextConfig(text, ''));
  });

  it('bound every number', () => {
    const numbers = [
      1e8,
      4e9,
      2 ** 53,
      1e308,
      -1,
      -1e8,
      0.5,
      '8',
      [],
      [1e8],
      new Array(1e5).fill(1),
    ];
    const fields: readonly (readonly [Parse, readonly string[]])[] = [
      [
        parseUNetConfig,
        [
          ...['layers_per_block', 'transformer_layers_per_block', 'block_out_channels'],
          ...['attention_head_dim', 'cross_attention_dim', 'in_channels', 'out_channels'],
          ...['norm_num_groups', 'sample_size', 'conv_in_kernel', 'conv_out_kernel'],
          ...['time_cond_proj_dim', 'time_embedding_dim', 'encoder_hid_dim'],
        ],
      ],
      [
        parseVaeConfig,
        ['layers_per_block', 'block_out_channels', 'latent_channels', 'sample_size', 'in_channels'],
      ],
      [
        parseTinyVaeConfig,
        ['num_decoder_blocks', 'decoder_block_out_channels', 'latent_channels', 'upsampling_scaling_factor'], // prettier-ignore
      ],
      [
        parseClipTextConfig,
        ['num_hidden_layers', 'hidden_size', 'intermediate_size', 'vocab_size', 'max_position_embeddings'], // prettier-ignore
      ],
    ];
    for (const [parse, names] of fields) {
      for (const name of names) {
        for (const value of numbers) {
          assert.throws(
            () => parse({ [name]: value }, 'c'),
            (error: unknown) =>
              error instanceof EaselError &&
              error.code === 'unsupported-config' &&
              error.message.length < 400,
            `${name} = ${JSON.stringify(value).slice(0, 40)}`,
          );
        }
      }
    }
    const zero = [
      [parseVaeConfig, { scaling_factor: 0 }],
      [parseVaeConfig, { latents_mean: [0, 0, 0, 0], latents_std: [1, 0, 1, 1] }],
      [parseTinyVaeConfig, { scaling_factor: 0 }],
      [parseUNetConfig, { mid_block_scale_factor: 0 }],
      [parseUNetConfig, { norm_eps: -1 }],
      [parseClipTextConfig, { layer_norm_eps: -1e-5 }],
    ] as const;
    for (const [parse, json] of zero) {
      assert.throws(() => parse(json, 'c'), { code: 'unsupported-config' });
    }
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
