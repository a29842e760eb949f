import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseUNetConfig } from '../../../../src/engine/graph/unet-config';
import { crossAttentions } from '../../../../src/engine/graph/image-prompts';
import { openIpAdapter } from '../../../../src/engine/model/components/ip-adapter/ip-adapter';
import { openModel } from '../../../../src/engine/model/open';
import { describeModel } from '../../../../src/engine/models/describe';
import { materialise } from '../../../support/fixture';
import {
  ADAPTER_NETWORKS,
  adapterFile,
  adapterFolder,
  adapterTensors,
  writeEncoder,
} from '../../../support/ip-adapters';
import { materialiseOnnx } from '../../../support/onnx-folder';
import { randomTensors, type TensorShapes } from '../../../support/random-weights';
import { writeSafetensors } from '../../../support/safetensors-file';
import { tempFolder } from '../../../support/temp-folder';

const SMALL = {
  attention_head_dim: 4,
  block_out_channels: [16, 32],
  cross_attention_dim: 32,
  down_block_types: ['CrossAttnDownBlock2D', 'DownBlock2D'],
  layers_per_block: 1,
  norm_num_groups: 8,
  up_block_types: ['UpBlock2D', 'CrossAttnUpBlock2D'],
};

const base = (unet: object = SMALL, places: { folder?: string; encoder?: string } = {}) => ({
  ...{ id: 'base', unet: parseUNetConfig(unet, 'base') },
  ...{ folder: places.folder, encoder: places.encoder },
});

/** A file of an adapter, alone in a folder. */
function writeFile(tensors: TensorShapes, name = 'ip-adapter.safetensors'): string {
  const file = path.join(tempFolder(), name);
  writeSafetensors(file, randomTensors(tensors, 'F16'));
  return file;
}

/** The layers of an adapter for a UNet of a published size, whose values are not read. */
function layersFor(unet: object, width: number): TensorShapes {
  const places = [...crossAttentions(parseUNetConfig(unet, 'unet')).values()];
  return Object.fromEntries(
    places.flatMap(({ number }) =>
      ['to_k_ip', 'to_v_ip'].map((name) => [`ip_adapter.${number}.${name}.weight`, [1, width]]),
    ),
  );
}

const SD1 = { cross_attention_dim: 768 };
const XL = {
  cross_attention_dim: 2048,
  attention_head_dim: [5, 10, 20],
  block_out_channels: [320, 640, 1280],
  down_block_types: ['DownBlock2D', 'CrossAttnDownBlock2D', 'CrossAttnDownBlock2D'],
  up_block_types: ['CrossAttnUpBlock2D', 'CrossAttnUpBlock2D', 'UpBlock2D'],
  transformer_layers_per_block: [1, 2, 10],
  addition_embed_type: 'text_time',
  addition_time_embed_dim: 256,
  projection_class_embeddings_input_dim: 2816,
};
const NONE = { ipAdapters: [], ipAdapterBlocks: [], ipAdapterImageEncoder: undefined };
const plain = (width: number): TensorShapes => ({
  'image_proj.norm.weight': [width],
  'image_proj.proj.weight': [4 * width, 2],
});

describe('an IP-Adapter', () => {
  it('has the numbers of diffusers’ attention processors, the middle last', () => {
    const numbers = (unet: object) =>
      [...crossAttentions(parseUNetConfig(unet, 'unet'))].map(([name, { number, channels }]) => [
        name.replace('.transformer_blocks.', ' ').replace('.attn2', ''),
        number,
        channels,
      ]);
    assert.deepEqual(numbers(SMALL), [
      ['down_blocks.0.attentions.0 0', 1, 16],
      ['up_blocks.1.attentions.0 0', 3, 16],
      ['up_blocks.1.attentions.1 0', 5, 16],
      ['mid_block.attentions.0 0', 7, 32],
    ]);
    // As in ip-adapter_sd15 and ip-adapter_sdxl.
    const [sd1, xl] = [numbers(SD1), numbers(XL)];
    assert.deepEqual([sd1.length, sd1.at(-1)], [16, ['mid_block.attentions.0 0', 31, 1280]]);
    assert.deepEqual([xl.length, xl.at(-1)], [70, ['mid_block.attentions.0 9', 139, 1280]]);
  });

  it('of another family is refused with both', async () => {
    const pairs = [
      [2048, SD1, /IP-Adapter for SDXL, and base is a model for SD 1\.x/],
      [768, XL, /IP-Adapter for SD 1\.x, and base is a model for SDXL/],
      [1024, SD1, /IP-Adapter for SD 2\.x, and base is a model for SD 1\.x/],
    ] as const;
    for (const [width, unet, message] of pairs) {
      const file = writeFile({ ...plain(width), 'ip_adapter.1.to_k_ip.weight': [1, width] });
      await assert.rejects(openIpAdapter(file, base(unet)), { code: 'unsupported-model', message });
    }
  });

  it('for other blocks than the model’s is refused', async () => {
    const shapes = { ...plain(768), ...layersFor(SD1, 768) };
    await assert.rejects(openIpAdapter(writeFile(shapes), base(SD1)), {
      code: 'unsupported-model',
      message: /other blocks \(16 layers of cross-attention\) than those of base \(16\)/,
    });
    const { tensors } = ADAPTER_NETWORKS['sd1-plain']!;
    const few = Object.entries(tensors).filter(([name]) => !name.startsWith('ip_adapter.7.'));
    await assert.rejects(openIpAdapter(writeFile(Object.fromEntries(few)), base()), {
      code: 'unsupported-model',
      message: /\(3 layers of cross-attention\) than those of base \(4\)/,
    });
  });

  it('of a kind that needs faces is refused by name', async () => {
    const layer = { 'ip_adapter.1.to_k_ip.weight': [1, 32] };
    const files: readonly (readonly [TensorShapes, RegExp])[] = [
      [
        { 'image_proj.proj.0.weight': [8, 4], 'image_proj.norm.weight': [32], ...layer },
        /FaceID.*InsightFace.*ip-adapter-plus-face/,
      ],
      [{ 'image_proj.perceiver_resampler.proj_in.weight': [8, 4], ...layer }, /FaceID/],
      [{ ...plain(32), 'ip_adapter.0.to_q_lora.down.weight': [4, 32], ...layer }, /FaceID/],
    ];
    for (const [tensors, message] of files) {
      await assert.rejects(openIpAdapter(writeFile(tensors), base()), {
        code: 'unsupported-model',
        message,
      });
    }
  });

  it('is not another kind of file', async () => {
    const files: readonly (readonly [TensorShapes, string, RegExp])[] = [
      [{ 'unet.conv_in.weight': [1, 1] }, 'unsupported-model', /is no IP-Adapter/],
      [{ 'control_model.x.weight': [1, 1] }, 'unsupported-model', /a ControlNet.*--controlnet/],
      [{ 'a.lora_down.weight': [1, 1] }, 'unsupported-model', /a LoRA.*--lora/],
      [{ 'body.0.in_conv.weight': [1, 1] }, 'unsupported-model', /a T2I-Adapter/],
      [{ 'ip_adapter_proj_model.proj.weight': [1, 1] }, 'unsupported-model', /for FLUX/],
      [{ 'vision_model.x.weight': [1, 1] }, 'unsupported-model', /an image encoder/],
      [plain(32), 'model-incomplete', /no weights ip_adapter/],
      [{ 'ip_adapter.1.to_k_ip.weight': [1, 32] }, 'model-incomplete', /no weights image_proj/],
      [
        { 'image_proj.latents': [1, 4, 8], 'ip_adapter.1.to_k_ip.weight': [1, 32] },
        'model-incomplete',
        /image_proj\.proj_in\.weight/,
      ],
      [
        { 'image_proj.other.weight': [1, 4], 'ip_adapter.1.to_k_ip.weight': [1, 32] },
        'unsupported-model',
        /does not know/,
      ],
    ];
    for (const [tensors, code, message] of files) {
      await assert.rejects(openIpAdapter(writeFile(tensors), base()), { code, message });
    }
  });

  it('finds the image encoder that fits: asked for, beside it, or in the model', async () => {
    const beside = await openIpAdapter(adapterFile('sd1-plus'), base());
    assert.equal(beside.encoder.folder, path.join(adapterFolder(), 'image_encoder'));

    const alone = path.join(tempFolder(), 'models', 'ip-adapter.safetensors');
    mkdirSync(path.dirname(alone));
    writeSafetensors(alone, adapterTensors('sd1-plain'));
    await assert.rejects(openIpAdapter(alone, base()), {
      code: 'model-not-found',
      message: /24 wide.*--ip-adapter-image-encoder.*easel models download h94\/IP-Adapter\./,
    });
    // In the folder of the adapters for XL, as in the authors' repository; one of another width is passed over.
    const other = path.join(path.dirname(alone), 'image_encoder');
    writeEncoder(other, { projection_dim: 99 });
    await assert.rejects(openIpAdapter(alone, base()), {
      code: 'unsupported-model',
      message: /24 wide.*image_encoder \(99 wide\)/,
    });
    const xl = path.join(alone, '..', '..', 'sdxl_models', 'image_encoder');
    writeEncoder(xl);
    assert.equal((await openIpAdapter(alone, base())).encoder.folder, xl);
    rmSync(xl, { recursive: true });

    const model = tempFolder();
    writeEncoder(path.join(model, 'image_encoder'));
    const ofModel = await openIpAdapter(alone, base(SMALL, { folder: model }));
    assert.equal(ofModel.encoder.folder, path.join(model, 'image_encoder'));
    const asked = path.join(tempFolder(), 'encoder');
    writeEncoder(asked);
    const named = await openIpAdapter(alone, base(SMALL, { folder: model, encoder: asked }));
    assert.equal(named.encoder.folder, asked);
    const missing = base(SMALL, { encoder: path.join(asked, 'no') });
    await assert.rejects(openIpAdapter(alone, missing), {
      code: 'model-not-found',
      message: /neither a folder with a config\.json nor a repository/,
    });
  });

  it('refuses an image encoder that is asked for and fits none of the adapters', async () => {
    const model = await openModel({ id: 'sd1', folder: materialise('sd1') });
    const [wide, other] = [tempFolder(), tempFolder()];
    writeEncoder(wide, { projection_dim: 99, hidden_size: 64 });
    writeEncoder(other, { projection_dim: 99 });
    const asked = { ...NONE, ipAdapters: [adapterFile('sd1-plain'), adapterFile('sd1-plus')] };
    await assert.rejects(model.withIpAdapters({ ...asked, ipAdapterImageEncoder: wide }), {
      code: 'unsupported-model',
      message: /is none that the IP-Adapter was taught with.*--ip-adapter-image-encoder/,
    });
    // It fits the second one, which reads other features.
    assert.ok(await model.withIpAdapters({ ...asked, ipAdapterImageEncoder: other }));
  });

  it('refuses an image encoder whose config says more than is known', async () => {
    const folder = tempFolder();
    const file = path.join(folder, 'ip-adapter.safetensors');
    writeSafetensors(file, adapterTensors('sd1-plain'));
    writeEncoder(path.join(folder, 'image_encoder'), { rotary: true });
    await assert.rejects(openIpAdapter(file, base()), {
      code: 'unsupported-config',
      message: /rotary/,
    });
    writeFileSync(path.join(folder, 'image_encoder', 'config.json'), '{');
    await assert.rejects(openIpAdapter(file, base()), { code: 'bad-file' });
  });

  it('names the files to choose from', async () => {
    await assert.rejects(openIpAdapter(adapterFolder(), base()), {
      code: 'bad-request',
      message: /several files of weights: .*--ip-adapter/,
    });
    // The authors' repository has them in folders.
    await assert.rejects(openIpAdapter(path.dirname(adapterFolder()), base()), {
      code: 'bad-request',
      message: /models\/sd1-plain\.safetensors/,
    });
    const folder = tempFolder();
    writeSafetensors(path.join(folder, 'ip-adapter_x.safetensors'), adapterTensors('sd1-plain'));
    writeEncoder(path.join(folder, 'image_encoder'));
    assert.equal((await openIpAdapter(folder, base())).projection.kind, 'plain');
  });

  it('counts in the memory of a job, with its image encoder', async () => {
    const model = await openModel({ id: 'sd1', folder: materialise('sd1') });
    const use = { width: 64, height: 64, guided: true, steps: 4, vaeTiling: false } as const;
    const bytes = async (ipAdapters: string[]) => {
      const adapted = await model.withIpAdapters({ ...NONE, ipAdapters });
      return adapted.estimateMemory(use).bytesTogether;
    };
    const sizeOf = (name: string) =>
      adapterTensors(name).reduce((sum, tensor) => sum + tensor.bytes.length, 0);
    const file = adapterFile('sd1-plain');
    const [none, one, two] = [await bytes([]), await bytes([file]), await bytes([file, file])];
    const [adapter, encoder] = [sizeOf('sd1-plain'), sizeOf('encoder')];
    assert.ok(one - none >= adapter + encoder, `${one - none} bytes for ${adapter} + ${encoder}`);
    // The encoder is loaded once.
    assert.ok(two - one >= adapter && two - one < one - none, `${two - one} bytes for the second`);
  });

  it('is listed as what it is', async () => {
    const file = adapterFile('sdxl-plain');
    const xl = writeFile({ 'ip_adapter.1.to_k_ip.weight': [1, 2048], ...plain(2048) });
    const folder = tempFolder();
    mkdirSync(path.join(folder, 'models'));
    writeFileSync(path.join(folder, 'models', 'ip-adapter_sd15.safetensors'), '');
    for (const [location, family] of [
      [{ id: 'small', folder: path.dirname(file), file }, ''],
      [{ id: 'xl', folder: path.dirname(xl), file: xl }, 'SDXL'],
      [{ id: 'repository', folder }, ''],
    ] as const) {
      const entry = await describeModel(location, 'path');
      assert.deepEqual([entry.kind, entry.runnable, entry.family], ['ip-adapter', false, family]);
      assert.match(entry.reason, /An IP-Adapter: .*--ip-adapter/);
    }
    await assert.rejects(openModel({ id: 'xl', folder: path.dirname(xl), file: xl }), {
      code: 'unsupported-model',
      message: /IP-Adapter: give it with --ip-adapter/,
    });
  });

  it('cannot be added to exported graphs', async () => {
    const model = await openModel({ id: 'exported', folder: materialiseOnnx('optimum') });
    await assert.rejects(model.withIpAdapters({ ...NONE, ipAdapters: ['any'] }), {
      code: 'unsupported-model',
      message: /exported ONNX graphs.*IP-Adapter/,
    });
  });

  it('works in blocks for style and layout of SDXL alone', async () => {
    const model = await openModel({ id: 'sd1', folder: materialise('sd1') });
    const asked = { ...NONE, ipAdapters: [adapterFile('sd1-plain')] };
    await assert.rejects(model.withIpAdapters({ ...asked, ipAdapterBlocks: ['style'] }), {
      code: 'bad-request',
      message: /ipAdapterBlocks is for Stable Diffusion XL.*sd1/,
    });
    assert.ok(await model.withIpAdapters({ ...asked, ipAdapterBlocks: ['all'] }));
  });
});
