import assert from 'node:assert/strict';
import path from 'node:path';
import { parseRequest } from '../../../src/core/request/request';
import { readEmbeddingFile } from '../../../src/engine/embedding/embedding-file';
import { readLoraFile } from '../../../src/engine/lora/lora-file';
import { openUpscaler } from '../../../src/engine/model/components/upscaler/upscaler';
import { openModel } from '../../../src/engine/model/open';
import { openRefiner } from '../../../src/engine/pipeline/refining';
import { materialise } from '../../support/fixture';
import { randomTensors, type TensorShapes } from '../../support/random-weights';
import { writeSafetensors } from '../../support/safetensors-file';
import { tempFolder } from '../../support/temp-folder';

interface Kind {
  readonly tensors: TensorShapes;
  /** What a message about the file says that it is. */
  readonly name: RegExp;
  /** The options that take it. Of others, a message names these. */
  readonly options: readonly string[];
  /** Takes such a file where it has what the option is for. */
  readonly alsoTakenBy?: readonly string[];
}

const NONE = /Easel does not support/;

const KINDS: Readonly<Record<string, Kind>> = {
  'a LoRA': {
    tensors: {
      'lora_unet_mid_block_attentions_0_proj_in.lora_down.weight': [4, 16],
      'lora_unet_mid_block_attentions_0_proj_in.lora_up.weight': [16, 4],
    },
    name: /a LoRA/,
    options: ['lora'],
  },
  'a ControlNet': {
    tensors: {
      'controlnet_cond_embedding.conv_in.weight': [16, 3, 3, 3],
      'conv_in.weight': [16, 4, 3, 3],
      'down_blocks.0.resnets.0.conv1.weight': [16, 16, 3, 3],
      'controlnet_down_blocks.0.weight': [16, 16, 1, 1],
    },
    name: /a ControlNet/,
    options: ['controlnet'],
  },
  'a ControlNet in the original layout': {
    tensors: {
      'control_model.input_hint_block.0.weight': [16, 3, 3, 3],
      'control_model.input_blocks.0.0.weight': [16, 4, 3, 3],
    },
    name: /a ControlNet/,
    options: ['controlnet'],
  },
  'a T2I-Adapter': {
    tensors: {
      'adapter.conv_in.weight': [16, 192, 3, 3],
      'adapter.body.0.resnets.0.block1.weight': [16, 16, 3, 3],
    },
    name: /a T2I-Adapter/,
    options: ['controlnet'],
  },
  'an IP-Adapter': {
    tensors: {
      'image_proj.proj.weight': [64, 32],
      'image_proj.norm.weight': [16],
      'ip_adapter.1.to_k_ip.weight': [16, 16],
      'ip_adapter.1.to_v_ip.weight': [16, 16],
    },
    name: /an IP-Adapter/,
    options: ['ip-adapter'],
  },
  'a textual inversion': {
    tensors: { emb_params: [2, 32] },
    name: /a textual inversion/,
    options: ['embedding'],
  },
  'an autoencoder': {
    tensors: {
      'encoder.conv_in.weight': [16, 3, 3, 3],
      'decoder.conv_in.weight': [16, 4, 3, 3],
      'decoder.mid_block.resnets.0.conv1.weight': [16, 16, 3, 3],
    },
    name: /an autoencoder/,
    options: ['vae'],
  },
  'a UNet': {
    tensors: {
      'conv_in.weight': [16, 4, 3, 3],
      'down_blocks.0.resnets.0.conv1.weight': [16, 16, 3, 3],
      'mid_block.resnets.0.conv1.weight': [16, 16, 3, 3],
    },
    name: /a UNet/,
    options: ['unet'],
  },
  'an upscaler': {
    tensors: {
      'conv_first.weight': [64, 3, 3, 3],
      'body.0.rdb1.conv1.weight': [32, 64, 3, 3],
      'conv_last.weight': [3, 64, 3, 3],
    },
    name: /an upscaler/,
    options: ['upscale'],
  },
  'a whole model': {
    tensors: {
      'model.diffusion_model.input_blocks.0.0.weight': [16, 4, 3, 3],
      'model.diffusion_model.input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight': [16, 768],
      'first_stage_model.encoder.conv_in.weight': [16, 3, 3, 3],
    },
    name: /a whole model/,
    options: ['model'],
    alsoTakenBy: ['unet', 'vae', 'refiner'],
  },
  'a text encoder': {
    tensors: {
      'text_model.embeddings.token_embedding.weight': [99, 32],
      'text_model.encoder.layers.0.self_attn.q_proj.weight': [32, 32],
    },
    name: /a text encoder alone: give the folder/,
    options: [],
  },
  'an image encoder': {
    tensors: {
      'vision_model.embeddings.class_embedding': [32],
      'vision_model.encoder.layers.0.self_attn.q_proj.weight': [32, 32],
    },
    name: /an image encoder/,
    options: ['ip-adapter-image-encoder'],
  },
  'a motion module': {
    tensors: {
      'down_blocks.0.motion_modules.0.temporal_transformer.proj_in.weight': [16, 16],
      'down_blocks.0.motion_modules.0.temporal_transformer.norm.weight': [16],
    },
    name: NONE,
    options: [],
  },
  'a hypernetwork': {
    tensors: { '768.linear.0.weight': [8, 8], '320.linear.0.weight': [8, 8] },
    name: NONE,
    options: [],
  },
};

describe('a file that is given with the wrong option', () => {
  let folder = '';
  let base = '';
  before(() => {
    folder = materialise('sd1');
    base = materialise('sdxl');
  });
  const open = (more: { readonly unet?: string; readonly vae?: string } = {}) =>
    openModel({ id: 'base', folder }, more);
  const single = (file: string) => openModel({ id: file, folder: path.dirname(file), file });
  const OPTIONS: Readonly<Record<string, (file: string) => Promise<unknown>>> = {
    model: single,
    refiner: async (file) =>
      openRefiner(
        parseRequest({ prompt: '', refiner: file }),
        await openModel({ id: 'sdxl', folder: base }),
        single,
      ),
    unet: (unet) => open({ unet }),
    vae: (vae) => open({ vae }),
    lora: readLoraFile,
    embedding: readEmbeddingFile,
    controlnet: async (file) => (await open()).withControlNets([file]),
    'ip-adapter': async (file) => {
      const ipAdapters = [file];
      return (await open()).withIpAdapters({
        ...parseRequest({ prompt: '' }),
        ...{ ipAdapters, ipAdapterImages: [new Uint8Array(1)] },
      });
    },
    upscale: openUpscaler,
  };

  for (const [kind, { tensors, name, options, alsoTakenBy = [] }] of Object.entries(KINDS)) {
    it(`is named: ${kind}`, async () => {
      const file = path.join(tempFolder(), 'given.safetensors');
      writeSafetensors(file, randomTensors(tensors, 'F32'));
      for (const [option, take] of Object.entries(OPTIONS)) {
        if ([...options, ...alsoTakenBy].includes(option)) continue;
        await assert.rejects(take(file), (thrown) => {
          assert.ok(thrown instanceof Error);
          assert.match(thrown.message, name, `--${option}`);
          for (const right of options) assert.match(thrown.message, new RegExp(`--${right}\\b`));
          return true;
        });
      }
    });
  }
});
