import * as assert from 'node:assert/strict';

import fc from 'fast-check';

import { EaselError } from '../../../src/core/errors';
import { parseConfigJson } from '../../../src/core/json';
import { parseClipTextConfig } from '../../../src/engine/graph/clip-text-config';
import { parseT2IAdapterConfig } from '../../../src/engine/graph/t2i-adapter-config';
import { parseTinyVaeConfig } from '../../../src/engine/graph/tiny-vae-config';
import { parseUNetConfig } from '../../../src/engine/graph/unet-config';
import { parseVaeConfig } from '../../../src/engine/graph/vae-config';
import { fuzzRuns } from '../../support/fuzz';

type Parse = (json: unknown, where: string) => unknown;

/** Each reader with the fields that it knows. */
const READERS: Readonly<Record<string, readonly [Parse, readonly string[]]>> = {
  UNet: [
    parseUNetConfig,
    [
      ...['block_out_channels', 'layers_per_block', 'down_block_types', 'up_block_types'],
      ...['mid_block_type', 'attention_head_dim', 'cross_attention_dim', 'sample_size'],
      ...['transformer_layers_per_block', 'reverse_transformer_layers_per_block', 'in_channels'],
      ...['norm_num_groups', 'norm_eps', 'time_cond_proj_dim', 'encoder_hid_dim', 'freq_shift'],
      ...['addition_embed_type', 'addition_time_embed_dim', 'only_cross_attention', 'act_fn'],
      ...['projection_class_embeddings_input_dim', 'mid_block_scale_factor', 'conv_in_kernel'],
    ],
  ],
  AutoencoderKL: [
    parseVaeConfig,
    [
      ...['block_out_channels', 'down_block_types', 'up_block_types', 'layers_per_block'],
      ...['latent_channels', 'latents_mean', 'latents_std', 'sample_size', 'scaling_factor'],
      ...['shift_factor', 'norm_num_groups', 'use_quant_conv', 'force_upcast'],
    ],
  ],
  AutoencoderTiny: [
    parseTinyVaeConfig,
    [
      ...['encoder_block_out_channels', 'decoder_block_out_channels', 'num_encoder_blocks'],
      ...['num_decoder_blocks', 'latent_channels', 'upsampling_scaling_factor', 'act_fn'],
    ],
  ],
  T2IAdapter: [
    parseT2IAdapterConfig,
    ['adapter_type', 'channels', 'num_res_blocks', 'downscale_factor', 'in_channels'],
  ],
  'CLIP text model': [
    parseClipTextConfig,
    [
      ...['hidden_size', 'num_attention_heads', 'num_hidden_layers', 'vocab_size', 'model_type'],
      ...['max_position_embeddings', 'eos_token_id', 'layer_norm_eps', 'pruned_heads'],
      ...['architectures', 'text_config', 'projection_dim', 'hidden_act'],
    ],
  ],
};

const number = fc.oneof(
  fc.integer({ min: 1, max: 64 }),
  fc.constantFrom(0, -1, 1e8, 4e9, 2 ** 31, 2 ** 53, 1e308, 0.5, 320, 1280, Infinity, -Infinity),
  fc.double(),
);
const word = fc.constantFrom(
  ...['CrossAttnDownBlock2D', 'DownBlock2D', 'UpBlock2D', 'CrossAttnUpBlock2D', 'silu', 'clip'],
  ...['KDownBlock2D', 'KCrossAttnDownBlock2D', 'KUpBlock2D', 'KCrossAttnUpBlock2D', 'fourier'],
  ...['DownEncoderBlock2D', 'UpDecoderBlock2D', 'UNetMidBlock2D', 'text_time', '__proto__'],
);
const value = fc.oneof(
  { weight: 6, arbitrary: number },
  { weight: 2, arbitrary: word },
  { weight: 4, arbitrary: fc.array(fc.oneof(number, word), { maxLength: 9 }) },
  { weight: 1, arbitrary: fc.array(fc.array(number, { maxLength: 4 }), { maxLength: 5 }) },
  { weight: 1, arbitrary: fc.constantFrom(null, true, false, {}, 'x'.repeat(5000)) },
  {
    weight: 1,
    arbitrary: fc.nat({ max: 100_000 }).map((length) => new Array<number>(length).fill(8)),
  },
  { weight: 1, arbitrary: fc.jsonValue() },
);

/** Runs a reader: what it refuses, it refuses with a short message. */
function holds(read: () => unknown): void {
  try {
    read();
  } catch (thrown) {
    assert.ok(thrown instanceof EaselError, String(thrown));
    assert.ok(['unsupported-config', 'bad-file'].includes(thrown.code), thrown.code);
    assert.ok(thrown.message.length < 600, thrown.message.slice(0, 2000));
  }
}

describe('configs of networks, fuzzed', () => {
  for (const [name, [parse, fields]] of Object.entries(READERS)) {
    it(`${name}: any values are read or refused`, () => {
      const names = fc.oneof(
        { weight: 9, arbitrary: fc.constantFrom(...fields) },
        { weight: 1, arbitrary: fc.string() },
      );
      fc.assert(
        fc.property(fc.dictionary(names, value, { maxKeys: 5 }), (config) => {
          holds(() => parse(config, 'c'));
        }),
        { numRuns: fuzzRuns(2000) },
      );
    });
  }

  it('any text is JSON as Python reads it, or is refused', () => {
    const piece = fc.oneof(
      fc.constantFrom(...['{', '}', '[', ']', '"', '\\"', '\\', ':', ',', 'NaN', '-Infinity', ' ']),
      fc.json(),
      fc.string(),
    );
    const texts = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(texts, (text) => {
        holds(() => parseConfigJson(text, 'c'));
      }),
      { numRuns: fuzzRuns(3000) },
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 6 })), (json) => {
        const text = JSON.stringify(json);
        assert.deepEqual(parseConfigJson(text, 'c'), JSON.parse(text));
      }),
      { numRuns: fuzzRuns(1000) },
    );
  });
});
