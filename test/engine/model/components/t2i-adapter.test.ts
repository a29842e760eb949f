import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseT2IAdapterConfig } from '../../../../src/engine/graph/t2i-adapter-config';
import { parseUNetConfig } from '../../../../src/engine/graph/unet-config';
import { openControl } from '../../../../src/engine/model/controls/open';
import { openModel } from '../../../../src/engine/model/open';
import { describeModel } from '../../../../src/engine/models/describe';
import { CONTROL_NETWORKS, controlTensors, materialiseControl } from '../../../support/controlnets';
import { materialise } from '../../../support/fixture';
import { randomTensors, type TensorShapes } from '../../../support/random-weights';
import { writeSafetensors } from '../../../support/safetensors-file';
import { tempFolder } from '../../../support/temp-folder';

/** UNets of published levels; only what an adapter is compared with. */
const SD1 = { cross_attention_dim: 768 };
const SD2 = { cross_attention_dim: 1024, attention_head_dim: [5, 10, 20, 20] };
const XL = {
  block_out_channels: [320, 640, 1280],
  down_block_types: ['DownBlock2D', 'CrossAttnDownBlock2D', 'CrossAttnDownBlock2D'],
  up_block_types: ['CrossAttnUpBlock2D', 'CrossAttnUpBlock2D', 'UpBlock2D'],
  cross_attention_dim: 2048,
  attention_head_dim: [5, 10, 20],
  addition_embed_type: 'text_time',
  addition_time_embed_dim: 256,
  projection_class_embeddings_input_dim: 2816,
};
/** KOALA and others have no middle, whose feature is then left out. */
const WITHOUT_MIDDLE = { ...XL, mid_block_type: null };

/** Configs as they are published. */
const FULL = { _class_name: 'T2IAdapter', adapter_type: 'full_adapter', in_channels: 1 };
const LIGHT = {
  ...{ _class_name: 'T2IAdapter', adapter_type: 'light_adapter', num_res_blocks: 4 },
  channels: [320, 640, 1280],
};
const FULL_XL = { ...FULL, adapter_type: 'full_adapter_xl', downscale_factor: 16, in_channels: 3 };

const base = (id: string, unet: object) => ({ id, unet: parseUNetConfig(unet, id), factor: 8 });

function writeFolder(config: object): string {
  const folder = path.join(tempFolder(), 'adapter');
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'config.json'), JSON.stringify(config));
  const file = path.join(folder, 'diffusion_pytorch_model.safetensors');
  writeSafetensors(file, randomTensors({ 'adapter.conv_in.bias': [320] }, 'F16'));
  return folder;
}

function writeFile(tensors: TensorShapes): string {
  const file = path.join(tempFolder(), 'adapter.safetensors');
  writeSafetensors(file, randomTensors(tensors, 'F16'));
  return file;
}

describe('a T2I-Adapter', () => {
  it('fits the models whose levels it was made for', async () => {
    const pairs = [
      [FULL, SD1],
      [FULL, SD2],
      [LIGHT, SD1],
      [FULL_XL, XL],
      [FULL_XL, WITHOUT_MIDDLE],
    ] as const;
    for (const [config, unet] of pairs) {
      const opened = await openControl(writeFolder(config), base('base', unet));
      assert.equal(opened.kind, 't2i-adapter');
    }
  });

  it('for other models is refused with both', async () => {
    const pairs = [
      [FULL_XL, SD1, /T2I-Adapter for SDXL, and base is a model for SD 1\.x/],
      [FULL_XL, SD2, /T2I-Adapter for SDXL, and base is a model for SD 2\.x/],
      [FULL, XL, /T2I-Adapter for SD 1\.x, and base is a model for SDXL/],
      [LIGHT, XL, /T2I-Adapter for SD 1\.x, and base is a model for SDXL/],
    ] as const;
    for (const [config, unet, message] of pairs) {
      const opening = openControl(writeFolder(config), base('base', unet));
      await assert.rejects(opening, { code: 'unsupported-model', message });
    }
    const xl = materialiseControl('adapter-sdxl');
    const model = await openModel({ id: 'sd1', folder: materialise('sd1') });
    await assert.rejects(model.withControlNets([xl]), { code: 'unsupported-model' });
  });

  it('of another kind is refused by what its config says', async () => {
    for (const [field, value] of [
      ['adapter_type', 'heavy_adapter'],
      ['in_channels', 2],
      ['downscale_factor', 0],
      ['channels', []],
      ['gated', true],
    ] as const) {
      const opening = openControl(writeFolder({ ...FULL, [field]: value }), base('base', SD1));
      await assert.rejects(opening, {
        code: 'unsupported-config',
        message: new RegExp(`config\\.json has ${field} = `),
      });
    }
    const wider = { ...FULL_XL, channels: [320, 640, 1280, 1920] };
    await assert.rejects(openControl(writeFolder(wider), base('base', XL)), /channels/);
    const early = { 'conv_in.weight': [8, 64, 3, 3], 'body.0.block1.weight': [8, 8, 3, 3] };
    for (const name of ['body.0.skep.weight', 'body.1.down_opt.op.weight']) {
      await assert.rejects(openControl(writeFile({ ...early, [name]: [8] }), base('base', SD1)), {
        code: 'unsupported-model',
        message: /T2I-Adapter of another layout/,
      });
    }
  });

  it('in one file is read as its folder is', async () => {
    for (const [name, like] of [
      ['adapter', 'adapter'],
      ['adapter-grey', 'adapter-grey'],
      ['adapter-light', 'adapter-light'],
      ['adapter-sdxl', 'adapter-sdxl'],
      ['adapter-original', 'adapter'],
    ] as const) {
      const file = path.join(tempFolder(), 'adapter.safetensors');
      writeSafetensors(file, controlTensors(name));
      const config = parseT2IAdapterConfig(CONTROL_NETWORKS[like]!.config, 'config.json');
      const levels = { block_out_channels: [16, 32], cross_attention_dim: 32, norm_num_groups: 8 };
      const isXl = config.type === 'full_adapter_xl';
      const small = isXl
        ? { down_block_types: ['DownBlock2D', 'CrossAttnDownBlock2D'] }
        : { down_block_types: ['CrossAttnDownBlock2D', 'DownBlock2D'] };
      const up = { up_block_types: ['UpBlock2D', 'UpBlock2D'] };
      const pair = base('small', { ...levels, ...small, ...up });
      assert.deepEqual((await openControl(file, pair)).config, config);
    }
  });

  it('reads only whole blocks of pixels', async () => {
    const plain = await openModel({ id: 'sdxl', folder: materialise('sdxl') });
    const model = await plain.withControlNets([materialiseControl('adapter-sdxl')]);
    model.checkControlSize({ width: 64, height: 48 });
    plain.checkControlSize({ width: 72, height: 48 });
    assert.throws(() => model.checkControlSize({ width: 72, height: 48 }), {
      code: 'bad-size',
      message: /multiples of 16, and 72 × 48 is not/,
    });
  });

  it('counts in the memory that a job needs', async () => {
    const model = await openModel({ id: 'sd1', folder: materialise('sd1') });
    const use = { width: 64, height: 64, guided: true, steps: 4, vaeTiling: false } as const;
    const bytes = async (names: readonly string[]) => {
      const controlled = await model.withControlNets(names.map((name) => materialiseControl(name)));
      return controlled.estimateMemory(use).bytesTogether;
    };
    const weights = controlTensors('adapter').reduce((sum, { bytes: all }) => sum + all.length, 0);
    const more = (await bytes(['adapter'])) - (await bytes([]));
    assert.ok(more > weights, `${more} bytes more for ${weights} bytes of weights`);
  });

  it('is listed as what it is', async () => {
    const folder = materialiseControl('adapter');
    const xlFolder = materialiseControl('adapter-sdxl');
    const file = path.join(tempFolder(), 'xl.safetensors');
    writeSafetensors(file, controlTensors('adapter-sdxl', 'F16'));
    for (const [location, family, precision] of [
      [{ id: 'full', folder }, 'SD 1.x', 'F32'],
      [{ id: 'xl', folder: xlFolder }, 'SDXL', 'F32'],
      [{ id: 'file', folder: path.dirname(file), file }, 'SDXL', 'F16'],
    ] as const) {
      const entry = await describeModel(location, 'path');
      assert.deepEqual(
        [entry.kind, entry.runnable, entry.family, entry.precision],
        ['controlnet', false, family, precision],
      );
      assert.match(entry.reason, /T2I-Adapter: .*--controlnet/);
      await assert.rejects(openModel(location), {
        code: 'unsupported-model',
        message: /T2I-Adapter: give it with --controlnet/,
      });
    }
  });
});
