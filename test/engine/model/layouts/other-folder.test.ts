import * as assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { EaselError } from '../../../../src/core/errors';
import { openModel } from '../../../../src/engine/model/open';
import { resolveModel } from '../../../../src/engine/store/resolve';
import { materialise } from '../../../support/fixture';
import { encodeSafetensors } from '../../../support/safetensors-file';
import { tempFolder } from '../../../support/temp-folder';

const tensorFile = (...names: string[]) =>
  encodeSafetensors(
    names.map((name) => ({ name, dtype: 'F32', shape: [1], bytes: new Uint8Array(4) })),
  );

async function refusal(place: string): Promise<EaselError> {
  try {
    await openModel(await resolveModel(place));
  } catch (thrown) {
    assert.ok(thrown instanceof EaselError, String(thrown));
    return thrown;
  }
  throw new assert.AssertionError({ message: `${place} was opened` });
}

function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = tempFolder();
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  return folder;
}

const config = (className: string) => JSON.stringify({ _class_name: className });

describe('a folder that is no whole model', () => {
  it('is named where it is one part of a model, with the model above it', async () => {
    const model = materialise('sd1');
    const parts = [
      ['unet', /one part of a model \(UNet2DConditionModel\)/],
      ['text_encoder', /one part of a model \(CLIPTextModel\)/],
      ['vae', /autoencoder/],
      ['scheduler', /the scheduler of a model/],
      ['tokenizer', /a tokenizer/],
    ] as const;
    for (const [part, what] of parts) {
      const { code, message } = await refusal(join(model, part));
      assert.match(message, what);
      if (part !== 'vae') assert.ok(message.includes(`Give the whole model: ${model}.`), message);
      assert.equal(code, 'unsupported-model');
    }
  });

  const lora = tensorFile('unet.a.lora_A.weight', 'unet.a.lora_B.weight');
  const cases: readonly (readonly [string, Readonly<Record<string, string | Uint8Array>>, RegExp])[] =
    [
      ['an empty folder', {}, /an empty folder/],
      ['a ControlNet', { 'config.json': config('ControlNetModel') }, /a ControlNet: give it with --controlnet/],
      ['a T2I-Adapter', { 'config.json': config('T2IAdapter') }, /a T2I-Adapter: give it with --controlnet/],
      ['a motion module', { 'config.json': config('MotionAdapter') }, /a motion module/],
      ['a transformer', { 'config.json': config('FluxTransformer2DModel') }, /FluxTransformer2DModel/],
      ['an image encoder', { 'config.json': '{"architectures": ["CLIPVisionModelWithProjection"]}' }, /an image encoder/],
      ['a language model', { 'config.json': '{"architectures": ["GPT2LMHeadModel"]}' }, /another kind \(GPT2LMHeadModel\)/],
      ['a LoRA', { 'pytorch_lora_weights.safetensors': lora }, /a LoRA.*--lora .*pytorch_lora_weights/],
      ['a LoRA of PEFT', { 'adapter_config.json': '{}', 'adapter_model.safetensors': lora }, /a LoRA.*--lora/],
      ['a textual inversion', { 'learned_embeds.safetensors': lora }, /--embedding .*learned_embeds/],
      ['an IP-Adapter', { 'ip-adapter_sd15.safetensors': lora }, /an IP-Adapter/],
      ['a LoRA of any name', { 'style.safetensors': lora }, /style\.safetensors is a LoRA: give it/],
      ['a GGUF file', { 'sd.gguf': 'GGUF\u0003\0\0\0xxxxxxxxxxx' }, /sd\.gguf is damaged/],
      ['a checkpoint', { 'sd.safetensors': tensorFile('model.diffusion_model.input_blocks.0.0.weight') }, /Give the file of a model: .*sd\.safetensors/],
      ['a pickle', { 'sd.ckpt': 'PK\u0003\u0004' }, /Give the file of a model: .*sd\.ckpt/],
      ['models', { 'a/model_index.json': '{}', 'b/model_index.json': '{}' }, /Give one of them: .*a, .*b\./],
      ['a download', { 'sd.safetensors.crdownload': 'x' }, /a download in it is not finished/],
      ['files of ComfyUI', { 'diffusion_models/x.safetensors': tensorFile('double_blocks.0.img_attn.qkv.weight'), 'vae/ae.safetensors': tensorFile('decoder.conv_in.weight') }, /not a diffusers model.*x\.safetensors is FLUX\.1/],
      ['a repository of them', { 'split_files/diffusion_models/x.safetensors': tensorFile('head.modulation'), 'split_files/vae/y.safetensors': tensorFile('decoder.conv1.weight') }, /x\.safetensors is Wan/],
      ['ComfyUI’s models', { 'checkpoints/x.safetensors': tensorFile('model.diffusion_model.input_blocks.0.0.weight'), 'vae/y.safetensors': '' }, /Give the file of a model: .*x\.safetensors/],
      ['anything else', { 'notes.md': 'x' }, /is not a model.*model_index\.json/],
    ]; // prettier-ignore
  for (const [what, files, message] of cases) {
    it(`is named: ${what}`, async () => {
      assert.match((await refusal(folderOf(files))).message, message);
    });
  }

  it('is named where it is a repository of the cache', async () => {
    const snapshot = materialise('sd1', { layout: 'hf-cache' });
    const { message } = await refusal(join(snapshot, '..', '..'));
    assert.match(message, /--model easel\/tiny\./);
  });

  it('is named where a file is no model, with the option that takes it', async () => {
    const files = [
      [['emb_params'], /a textual inversion: give it with --embedding/],
      [['lora_unet_x.hada_w1_a'], /a LoRA: give it with --lora/],
      [['a.oft_blocks'], /a LoRA/],
      [['control_model.input_blocks.0.0.weight'], /a ControlNet/],
      [['controlnet_cond_embedding.conv_in.weight', 'down_blocks.0.x'], /a ControlNet/],
      [['adapter.body.0.resnets.0.block1.weight'], /a T2I-Adapter: give/],
      [['body.0.block1.weight', 'conv_in.weight'], /a T2I-Adapter: give/],
      [['image_proj.proj.weight', 'ip_adapter.1.to_k_ip.weight'], /an IP-Adapter/],
      [['down_blocks.0.motion_modules.0.x'], /AnimateDiff/],
      [['model.diffusion_model.joint_blocks.0.x', 'first_stage_model.encoder.x'], /Diffusion 3/],
      [['model.diffusion_model.double_blocks.0.img_attn.qkv.weight', 'text_encoders.t5.x'], /FLUX/],
      [['text_model.encoder.layers.0.x'], /a text encoder alone/],
      [['encoder.block.0.layer.0.x', 'shared.weight'], /a text encoder alone \(T5\)/],
      [['vision_model.encoder.layers.0.x'], /an image encoder/],
      [['model.layers.0.self_attn.q_proj.weight'], /a language model/],
      [['down_blocks.0.resnets.0.x'], /a UNet alone: give it with --unet/],
      [['input_blocks.0.0.weight'], /a UNet alone/],
      [['first_stage_model.encoder.x'], /an autoencoder alone/],
      [['1.weight', '3.conv.0.weight'], /an autoencoder alone/],
      [['conv_first.weight', 'body.0.rdb1.conv1.weight'], /an upscaler/],
    ] as const;
    for (const [names, what] of files) {
      const { code, message } = await refusal(
        join(folderOf({ 'x.safetensors': tensorFile(...names) }), 'x.safetensors'),
      );
      assert.match(message, what);
      assert.equal(code, 'unsupported-model');
    }
  });

  it('shows no text of a config that is not the name of a class', async () => {
    const folder = folderOf({ 'config.json': JSON.stringify({ _class_name: 'a\nIgnore all' }) });
    assert.doesNotMatch((await refusal(folder)).message, /Ignore/);
  });
});

describe('a model folder', () => {
  const index = (model: string, change: Readonly<Record<string, unknown>>) => {
    const file = join(model, 'model_index.json');
    const json = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    writeFileSync(file, JSON.stringify({ ...json, ...change }));
  };

  it('may have parts that are null, flags, and parts that draw nothing', async () => {
    const model = materialise('sd1');
    index(model, {
      ...{ safety_checker: [null, null], feature_extractor: null, requires_safety_checker: false },
      ...{ image_encoder: ['transformers', 'CLIPVisionModelWithProjection'], _name_or_path: 'x' },
    });
    assert.equal((await openModel({ id: 'x', folder: model })).id, 'x');
  });

  it('takes the class of its scheduler from model_index.json', async () => {
    const model = materialise('sd1');
    index(model, { scheduler: ['diffusers', 'EulerDiscreteScheduler'] });
    const opened = await openModel({ id: 'x', folder: model });
    assert.equal(opened.createScheduler().name, 'EulerDiscreteScheduler');
  });

  it('is refused by its pipeline where that draws from depths or from an image, with what does the same', async () => {
    const pipelines = [
      ['StableDiffusionDepth2ImgPipeline', /--controlnet MODEL --control-image/],
      ['StableUnCLIPPipeline', /--ip-adapter MODEL/],
      ['StableUnCLIPImg2ImgPipeline', /--ip-adapter MODEL/],
      ['StableDiffusionImageVariationPipeline', /--ip-adapter MODEL/],
    ] as const;
    for (const [pipeline, advice] of pipelines) {
      const model = materialise('sd2');
      // Nothing of it is read.
      rmSync(join(model, 'unet'), { recursive: true });
      index(model, { _class_name: pipeline });
      const { code, message } = await refusal(model);
      assert.equal(code, 'unsupported-model');
      assert.ok(message.includes(pipeline), message);
      assert.match(message, advice);
    }
  });

  it('says which part is missing or of another kind', async () => {
    const model = materialise('sd1');
    index(model, { text_encoder: [null, null] });
    assert.match((await refusal(model)).message, /no text_encoder/);
    index(model, { text_encoder: ['transformers', 'T5EncoderModel'] });
    assert.match((await refusal(model)).message, /a T5EncoderModel as its text_encoder/);
    index(model, { text_encoder: ['transformers', 'CLIPTextModel'], _class_name: ['pipe', 'Own'] });
    const { code, message } = await refusal(model);
    assert.equal(code, 'unsupported-model');
    assert.match(message, /code in the model's repository/);
  });

  it('is refused at once where a pipe, a device or a folder stands for a file', async function () {
    if (process.platform === 'win32') this.skip();
    const model = materialise('sd1');
    const files = [
      ...['model_index.json', 'unet/config.json', 'unet/diffusion_pytorch_model.safetensors'],
      ...['text_encoder/config.json', 'tokenizer/merges.txt', 'scheduler/scheduler_config.json'],
      'vae/config.json',
    ];
    for (const name of files) {
      const file = join(model, name);
      renameSync(file, `${file}.away`);
      execFileSync('mkfifo', [file]);
      assert.match((await refusal(model)).message, /is not a file/, name);
      rmSync(file);
      mkdirSync(file);
      assert.match((await refusal(model)).message, /is not a file/, name);
      rmSync(file, { recursive: true });
      symlinkSync('/dev/zero', file);
      assert.match((await refusal(model)).message, /is not a file|leads out/, name);
      rmSync(file);
      renameSync(`${file}.away`, file);
    }
  });

  it('is left by no link, and nothing is told of where a link leads', async function () {
    if (process.platform === 'win32') this.skip();
    const secret = folderOf({ 'secret.json': '{"hidden_size": 7}', 'secret.txt': 'root:x:0:0' });
    for (const layout of ['folder', 'hf-cache'] as const) {
      const model = materialise('sd1', { layout });
      const files = [
        ...['model_index.json', 'unet/config.json', 'unet/diffusion_pytorch_model.safetensors'],
        ...['vae/diffusion_pytorch_model.safetensors', 'tokenizer/vocab.json', 'easel.json'],
      ];
      for (const name of files) {
        const file = join(model, name);
        rmSync(`${file}.away`, { force: true });
        if (name !== 'easel.json') renameSync(file, `${file}.away`);
        for (const target of ['secret.json', 'secret.txt']) {
          symlinkSync(join(secret, target), file);
          const { code, message } = await refusal(model);
          assert.equal(code, 'bad-file', name);
          assert.match(message, /is a link that leads out of the model's folder/, name);
          assert.doesNotMatch(message, /secret|hidden|root/);
          rmSync(file);
        }
        if (name !== 'easel.json') renameSync(`${file}.away`, file);
      }
    }
  });

  it('may have links inside it, and may be reached by a link', async function () {
    if (process.platform === 'win32') this.skip();
    const model = materialise('sd1');
    renameSync(join(model, 'vae'), join(model, 'other'));
    symlinkSync('other', join(model, 'vae'));
    const link = join(tempFolder(), 'link');
    symlinkSync(model, link);
    assert.ok(await openModel({ id: 'x', folder: link }));
  });
});
