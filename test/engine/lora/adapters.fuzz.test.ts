import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { EaselError } from '../../../src/core/errors';
import { readEmbeddingFile } from '../../../src/engine/embedding/embedding-file';
import { parseLoraKey } from '../../../src/engine/lora/lora-names';
import { openLoras } from '../../../src/engine/lora/lora-set';
import { fuzzRuns } from '../../support/fuzz';
import { encodeSafetensors } from '../../support/safetensors-file';
import { tempFolder } from '../../support/temp-folder';
import { LoraCase } from './lora-case';

const PATH = join(tempFolder(), 'fuzz.safetensors');
const WIDTHS = { F32: 4, F16: 2, I64: 8, U8: 1 } as const;

const prefixes = fc.constantFrom(
  ...['lora_unet_', 'lora_te_', 'lora_te2_', 'unet.', 'text_encoder.', 'base_model.model.', ''],
  ...[
    'diffusion_model.',
    'text_encoders.clip_l.transformer.',
    'clip_g.',
    'lycoris_',
    'transformer.',
  ],
);
const modules = fc.constantFrom(
  ...['down_blocks_0_attentions_0_proj_in', 'down_blocks.0.attentions.0.proj_in', 'conv_in'],
  ...['input_blocks_1_1_proj_in', 'middle_block_1_proj_in', 'mid_block.attentions.0.proj_in'],
  ...['text_model.encoder.layers.0.mlp.fc1', 'text_model_encoder_layers_0_mlp_fc1', 'x', '..', '_'],
);
const endings = fc.constantFrom(
  ...['.lora_down.weight', '.lora_up.weight', '.lora_mid.weight', '.alpha', '.scalar', '.diff'],
  ...['.diff_b', '.w_norm', '.lora_A.weight', '.lora_B.weight', '.lora_B.bias', '.dora_scale'],
  ...['.hada_w1_a', '.hada_w1_b', '.hada_w2_a', '.hada_w2_b', '.hada_t1', '.hada_t2', '.lokr_w1'],
  ...['.lokr_w2', '.lokr_w2_a', '.lokr_w2_b', '.lokr_t2', '.a1.weight', '.a2.weight', '.b1.weight'],
  ...['.b2.weight', '.on_input', '.ia3_l', '.lora_magnitude_vector', '.oft_blocks'],
  ...['.processor.to_q_lora.down.weight', '.weight', ''],
);
const names = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(prefixes, modules, endings).map((parts) => parts.join('')) },
  fc.constantFrom('emb_params', 'clip_l', 'clip_g', 'text_encoders_0', '<s0>', '*', 'bundle_emb.x'),
  fc.string({ unit: 'binary' }),
);
const tensor = fc
  .record({
    dtype: fc.constantFrom(...(Object.keys(WIDTHS) as (keyof typeof WIDTHS)[])),
    shape: fc.array(fc.constantFrom<number[]>(0, 1, 2, 4, 16, 32), { maxLength: 4 }),
  })
  .filter(({ shape }) => shape.reduce((product, size) => product * size, 1) <= 4096);
const file = fc.record({
  tensors: fc.dictionary(names, tensor, { maxKeys: 8 }),
  metadata: fc.dictionary(
    fc.constantFrom('lora_adapter_metadata', 'ss_base_model_version', 'modelspec.architecture'),
    fc.oneof(fc.string(), fc.json()),
  ),
});

function write({ tensors, metadata }: typeof file extends fc.Arbitrary<infer T> ? T : never): void {
  const all = Object.entries(tensors).map(([name, { dtype, shape }]) => {
    const count = shape.reduce((product, size) => product * size, 1);
    return { name, dtype, shape, bytes: new Uint8Array(count * WIDTHS[dtype]).fill(1) };
  });
  writeFileSync(PATH, encodeSafetensors(all, metadata));
}

async function holds(open: () => Promise<unknown>): Promise<void> {
  try {
    await open();
  } catch (thrown) {
    assert.ok(thrown instanceof EaselError, String(thrown));
    assert.ok(thrown.message.length < 1500);
  }
}

describe('adapters of any names, shapes and metadata', () => {
  it('are LoRAs that fit, or refused with a message', async () => {
    const targets = await new LoraCase('kohya').targets();
    await fc.assert(
      fc.asyncProperty(file, async (described) => {
        write(described);
        await holds(() => openLoras([{ path: PATH, scale: 1 }], targets));
      }),
      { numRuns: fuzzRuns(2000) },
    );
  });

  it('are textual inversions, or refused with a message', async () => {
    await fc.assert(
      fc.asyncProperty(file, async (described) => {
        write(described);
        await holds(async () => {
          const { words } = await readEmbeddingFile(PATH);
          assert.ok(words.length > 0 && words.every(({ vectors }) => vectors.length > 0));
        });
      }),
      { numRuns: fuzzRuns(2000) },
    );
  });

  it('have names that are parsed', () => {
    fc.assert(
      fc.property(names, (name) => {
        const { component, module } = parseLoraKey(name);
        assert.ok(['unet', 'text_encoder', 'text_encoder_2'].includes(component));
        assert.ok(module.length <= name.length + 2);
      }),
      { numRuns: fuzzRuns(5000) },
    );
  });
});
