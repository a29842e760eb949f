import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseUNetConfig } from '../../../../src/engine/graph/unet-config';
import { parseControlNetConfig } from '../../../../src/engine/graph/controlnet-config';
import { openControl } from '../../../../src/engine/model/controls/open';
import type { ControlBase } from '../../../../src/engine/model/components/control/base';
import { openModel } from '../../../../src/engine/model/open';
import { describeModel } from '../../../../src/engine/models/describe';
import { CONTROL_NETWORKS, controlTensors, materialiseControl } from '../../../support/controlnets';
import { materialise } from '../../../support/fixture';
import { materialiseOnnx } from '../../../support/onnx-folder';
import { randomTensors, type TensorShapes } from '../../../support/random-weights';
import { writeSafetensors } from '../../../support/safetensors-file';
import { tempFolder } from '../../../support/temp-folder';

/** UNets of published sizes; only what a ControlNet is compared with. */
const SD1 = { cross_attention_dim: 768 };
const SD2 = { cross_attention_dim: 1024, attention_head_dim: [5, 10, 20, 20] };
const XL_LEVELS = {
  block_out_channels: [320, 640, 1280],
  down_block_types: ['DownBlock2D', 'CrossAttnDownBlock2D', 'CrossAttnDownBlock2D'],
};
const XL_CONTROL = {
  ...XL_LEVELS,
  cross_attention_dim: 2048,
  attention_head_dim: [5, 10, 20],
  addition_embed_type: 'text_time',
  addition_time_embed_dim: 256,
  projection_class_embeddings_input_dim: 2816,
};
const XL = {
  ...XL_CONTROL,
  up_block_types: ['CrossAttnUpBlock2D', 'CrossAttnUpBlock2D', 'UpBlock2D'],
};

const base = (id: string, unet: object) => ({
  id,
  unet: parseUNetConfig(unet, id),
  factor: 8,
});
/** @throws AssertionError where it is no ControlNet */
async function openControlNet(id: string, pair: ControlBase) {
  const opened = await openControl(id, pair);
  assert.equal(opened.kind, 'controlnet');
  return opened;
}

const SOME: TensorShapes = { 'conv_in.weight': [320, 4, 1, 1] };

function writeFolder(config: object): string {
  const folder = path.join(tempFolder(), 'control');
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'config.json'), JSON.stringify(config));
  const file = path.join(folder, 'diffusion_pytorch_model.safetensors');
  writeSafetensors(file, randomTensors(SOME, 'F16'));
  return folder;
}

function writeFile(tensors: TensorShapes): string {
  const file = path.join(tempFolder(), 'control.safetensors');
  writeSafetensors(file, randomTensors(tensors, 'F16'));
  return file;
}

describe('a ControlNet', () => {
  const own = { _class_name: 'ControlNetModel' };

  it('fits the model of its family', async () => {
    for (const [name, config, unet] of [
      ['SD1', SD1, SD1],
      ['SD2', SD2, SD2],
      ['XL', XL_CONTROL, XL],
    ] as const) {
      const opened = await openControlNet(writeFolder({ ...own, ...config }), base(name, unet));
      assert.equal(opened.config.crossAttentionDim, unet.cross_attention_dim);
      assert.deepEqual(opened.config.imageChannels, [16, 32, 96, 256]);
    }
  });

  it('of another family is refused with both', async () => {
    const pairs = [
      [SD2, SD1, /ControlNet for SD 2\.x.*base is a model for SD 1\.x/],
      [SD1, SD2, /ControlNet for SD 1\.x.*base is a model for SD 2\.x/],
      [SD1, XL, /ControlNet for SD 1\.x.*base is a model for SDXL/],
      [XL_CONTROL, SD1, /ControlNet for SDXL.*base is a model for SD 1\.x/],
    ] as const;
    for (const [config, unet, message] of pairs) {
      const opening = openControlNet(writeFolder({ ...own, ...config }), base('base', unet));
      await assert.rejects(opening, { code: 'unsupported-model', message });
    }
  });

  it('in one file of another family is refused with both', async () => {
    const attention = 'input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight';
    const file = writeFile({
      'control_model.input_hint_block.0.weight': [16, 3, 3, 3],
      'control_model.input_blocks.0.0.weight': [320, 4, 1, 1],
      'control_model.input_blocks.3.0.op.weight': [320, 320, 1, 1],
      [`control_model.${attention}`]: [320, 1024],
    });
    await assert.rejects(openControlNet(file, base('base', SD1)), {
      code: 'unsupported-model',
      message: /ControlNet for SD 2\.x.*base is a model for SD 1\.x/,
    });
    const xl = writeFile({
      'controlnet_cond_embedding.conv_in.weight': [16, 3, 3, 3],
      'conv_in.weight': [320, 4, 1, 1],
      'add_embedding.linear_1.weight': [1280, 8],
    });
    await assert.rejects(openControlNet(xl, base('base', SD1)), {
      code: 'unsupported-model',
      message: /ControlNet for SDXL.*base is a model for SD 1\.x/,
    });
  });

  it('of a family without a name is refused with what tells it apart', async () => {
    const small = { cross_attention_dim: 32 };
    const opening = openControlNet(writeFolder({ ...own, ...XL_CONTROL }), base('base', small));
    await assert.rejects(opening, {
      code: 'unsupported-model',
      message:
        /ControlNet for SDXL, and base is a model for Stable Diffusion with text features 32 wide/,
    });
  });

  it('in one file has attention where a pruned model has none', async () => {
    const { config } = CONTROL_NETWORKS.lines!;
    const file = path.join(tempFolder(), 'lines.safetensors');
    writeSafetensors(file, controlTensors('lines'));
    const { attention_head_dim, block_out_channels, cross_attention_dim, layers_per_block } =
      config!;
    const pruned = base('base', {
      ...{ attention_head_dim, block_out_channels, cross_attention_dim, layers_per_block },
      down_block_types: ['DownBlock2D', 'DownBlock2D'],
      mid_block_type: null,
      norm_num_groups: 8,
      up_block_types: ['UpBlock2D', 'UpBlock2D'],
    });
    const [fromFile, fromFolder] = [
      await openControlNet(file, pruned),
      await openControlNet(materialiseControl('lines'), pruned),
    ].map((opened) => opened.config);
    assert.deepEqual(fromFile!.down, fromFolder!.down);
    assert.deepEqual(fromFile!.mid, fromFolder!.mid);
  });

  it('with other blocks than the model’s is refused', async () => {
    const small = { ...own, ...SD1, block_out_channels: [320, 640, 1280, 640] };
    await assert.rejects(openControlNet(writeFolder(small), base('base', SD1)), {
      code: 'unsupported-model',
      message: /2 × 640\) than those of base/,
    });
    const coarse = { ...own, ...SD1, conditioning_embedding_out_channels: [16, 32] };
    await assert.rejects(openControlNet(writeFolder(coarse), base('base', SD1)), {
      code: 'unsupported-model',
      message: /2 pixels for each cell/,
    });
  });

  it('is not another network that controls', async () => {
    const conv = [8, 8, 1, 1];
    const others: readonly (readonly [TensorShapes, RegExp])[] = [
      [{ 'control_model.task_embedding': [8], 'conv_in.weight': conv }, /ControlNet Union/],
      [{ task_embedding: [6, 320], 'controlnet_cond_embedding.conv_in.weight': conv }, /Union/],
      [{ lora_controlnet: [1], 'input_hint_block.0.weight': conv }, /Control-LoRA/],
      [{ 'lllite_unet_input_blocks_4_1.conditioning1.0.weight': conv }, /LLLite/],
      [{ style_embedding: [1, 8, 8] }, /T2I-Adapter for styles/],
      [{ 'image_proj.proj.weight': [8, 8] }, /IP-Adapter/],
      [{ 'body.0.weight': conv }, /is an upscaler.*--upscale/],
      [{ 'lora_unet_mid_block.lora_down.weight': conv }, /is a LoRA: give it with --lora/],
      [{ 'unet.conv_in.weight': conv }, /not a ControlNet/],
      [{ 'control_to_base_for_conv_in.weight': conv, 'conv_in.weight': conv }, /ControlNet-XS/],
      [{ 'down_blocks.0.resnets.0.ctrl_to_base.weight': conv }, /ControlNet-XS/],
    ];
    for (const [tensors, message] of others) {
      await assert.rejects(openControlNet(writeFile(tensors), base('base', SD1)), {
        code: 'unsupported-model',
        message,
      });
    }
    const union = writeFolder({ _class_name: 'ControlNetUnionModel', ...SD1 });
    await assert.rejects(openControlNet(union, base('base', SD1)), {
      code: 'unsupported-model',
      message: /ControlNetUnionModel/,
    });
    const promax = writeFolder({ ...own, ...SD1, num_control_type: 8 });
    await assert.rejects(openControlNet(promax, base('base', SD1)), {
      code: 'unsupported-model',
      message: /ControlNet Union/,
    });
    const classes = writeFolder({ ...own, ...SD1, class_embed_type: 'timestep' });
    await assert.rejects(openControlNet(classes, base('base', SD1)), {
      code: 'unsupported-config',
      message: /class_embed_type/,
    });
  });

  it('that is not there says how to get it', async () => {
    await assert.rejects(openControlNet('nobody/no-controlnet', base('base', SD1)), {
      code: 'model-not-found',
      message: /ControlNet or T2I-Adapter nobody\/no-controlnet.*models download/,
    });
    const gone = path.join(tempFolder(), 'gone.safetensors');
    await assert.rejects(openControlNet(gone, base('base', SD1)), { code: 'model-incomplete' });
  });

  it('in one file is read as its folder is', async () => {
    const model = await openModel({ id: 'sd1', folder: materialise('sd1') });
    const { config } = CONTROL_NETWORKS.lines!;
    const unet = parseUNetConfig(
      {
        ...config,
        _class_name: 'UNet2DConditionModel',
        up_block_types: ['UpBlock2D', 'CrossAttnUpBlock2D'],
        conditioning_embedding_out_channels: null,
        controlnet_conditioning_channel_order: null,
      },
      'unet',
    );
    const file = path.join(tempFolder(), 'lines.safetensors');
    writeSafetensors(file, controlTensors('lines'));
    const pair = { id: 'sd1', unet, factor: model.latents.factor };
    const parsed = parseControlNetConfig(config, 'config.json');
    for (const place of [file, materialiseControl('original')]) {
      const { config: found } = await openControlNet(place, pair);
      assert.deepEqual(found.down, parsed.down);
      assert.deepEqual(found.mid, parsed.mid);
      assert.deepEqual(found.imageChannels, parsed.imageChannels);
    }
    const shuffle = path.join(tempFolder(), 'control_v11e_sd15_shuffle.safetensors');
    writeSafetensors(shuffle, controlTensors('lines'));
    assert.equal((await openControlNet(shuffle, pair)).config.globalPool, true);
  });

  it('counts in the memory that a job needs', async () => {
    const model = await openModel({ id: 'sd1', folder: materialise('sd1') });
    const lines = materialiseControl('lines');
    const use = { width: 64, height: 64, guided: true, steps: 4, vaeTiling: false } as const;
    const bytes = async (controls: readonly string[]) =>
      (await model.withControlNets(controls)).estimateMemory(use).bytesTogether;
    const [none, one, two] = [await bytes([]), await bytes([lines]), await bytes([lines, lines])];
    const weights = controlTensors('lines').reduce((sum, tensor) => sum + tensor.bytes.length, 0);
    assert.ok(one - none > weights, `${one - none} bytes more for ${weights} bytes of weights`);
    assert.ok(two - one > weights, `${two - one} bytes for the second`);
  });

  it('is listed as what it is', async () => {
    const folder = materialiseControl('lines');
    const original = materialiseControl('original');
    const xl = path.join(tempFolder(), 'xl.safetensors');
    writeSafetensors(xl, controlTensors('sdxl'));
    for (const [location, family] of [
      [{ id: 'lines', folder }, ''],
      [{ id: 'original', folder: path.dirname(original), file: original }, ''],
      [{ id: 'xl', folder: path.dirname(xl), file: xl }, 'SDXL'],
    ] as const) {
      const entry = await describeModel(location, 'path');
      assert.deepEqual([entry.kind, entry.runnable, entry.family], ['controlnet', false, family]);
      assert.match(entry.reason, /A ControlNet or T2I-Adapter: .*--controlnet/);
      await assert.rejects(openModel(location), {
        code: 'unsupported-model',
        message: /ControlNet: give it with --controlnet/,
      });
    }
  });

  it('cannot be added to exported graphs', async () => {
    const folder = materialiseOnnx('optimum');
    const model = await openModel({ id: 'exported', folder });
    await assert.rejects(model.withControlNets(['any']), {
      code: 'unsupported-model',
      message: /exported ONNX graphs.*ControlNet/,
    });
  });
});
