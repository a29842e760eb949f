import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { parseRequest } from '../../../src/core/request/request';
import { readEmbeddingFile } from '../../../src/engine/embedding/embedding-file';
import { openLayout, openModel } from '../../../src/engine/model/open';
import { singleFileLayout } from '../../../src/engine/model/layouts/single-file/layout';
import { SessionCache } from '../../../src/engine/runtime/session-cache';
import { drawModel, type Drawn } from '../../support/drawing';
import { materialise, type PipelineCall } from '../../support/fixture';
import { differences, readPixels } from '../../support/pictures';
import { randomTensors, type TensorShapes, type WeightDType } from '../../support/random-weights';
import { writeSafetensors, type TensorToWrite } from '../../support/safetensors-file';
import { tempFolder } from '../../support/temp-folder';
import { LoraCase } from '../lora/lora-case';
import { FIXTURES } from '../../support/paths';

const FOLDER = path.join(FIXTURES, 'adapted');

interface Run extends PipelineCall {
  readonly scheduler?: string;
}

interface SingleFile {
  readonly dtype: WeightDType;
  readonly configs: Readonly<Record<'unet' | 'vae' | 'text_encoder', Record<string, unknown>>>;
  readonly scheduler: Readonly<Record<string, unknown>>;
  readonly tensors: TensorShapes;
}

const readJson = (name: string): unknown =>
  JSON.parse(readFileSync(path.join(FOLDER, name), 'utf8'));
interface Runs {
  readonly lora: Run;
  readonly 'lcm-lora': Run;
  readonly 'xl-embedding': Run & { readonly embedding: TensorShapes };
  readonly 'single-file': Run;
}

const RUNS = readJson('runs.json') as Runs;

/** A safetensors file with more tensors. Returns the new file. */
function withTensors(file: string, more: readonly TensorToWrite[]): string {
  const whole = readFileSync(file);
  const start = 8 + Number(whole.readBigUInt64LE());
  const header = JSON.parse(whole.subarray(8, start).toString()) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  const own = Object.entries(header).flatMap(([name, { dtype, shape, data_offsets: places }]) => {
    if (name === '__metadata__') return [];
    const [from, to] = places.map((place) => start + place);
    return [{ name, dtype, shape, bytes: whole.subarray(from, to) }];
  });
  const bundle = path.join(tempFolder(), 'bundle.safetensors');
  writeSafetensors(bundle, [...own, ...more]);
  return bundle;
}

async function difference(name: string, { pictures }: Drawn): Promise<number> {
  assert.equal(pictures.length, 1);
  return differences(pictures[0]!, await readPixels(path.join(FOLDER, `${name}.png`))).largest;
}

describe('pictures with LoRAs, textual inversions and single files, against diffusers', () => {
  const sessions = new SessionCache();
  after(() => sessions.clear());

  it('a LoRA on the UNet and the text encoder, with a textual inversion', async () => {
    const folder = materialise('sd1');
    const [lora] = new LoraCase('kohya').loras();
    const request = {
      ...RUNS.lora,
      loras: [{ path: lora!.path, scale: 0.6 }],
      embeddings: [{ path: path.join(FIXTURES, 'embeddings', 'bad_hands.pt') }],
    };
    const own = await openModel({ id: 'sd1', folder });
    const { model, warnings } = await own.withAdapters(parseRequest(request));
    assert.deepEqual(warnings, []);
    const adapted = await difference('lora', await drawModel(request, model, sessions));
    assert.ok(adapted <= 1, `differs by up to ${adapted}`);
    // The plain model's sessions are not taken for those with the LoRA, nor the other way round.
    const plain = await difference('lora', await drawModel(request, own, sessions));
    assert.ok(plain > 20, `the plain model differs by ${plain} only`);
  });

  it('latent consistency by a LoRA', async () => {
    const folder = materialise('sd1');
    const own = await openModel({ id: 'sd1', folder });
    const [lora] = new LoraCase('kohya-ranks').loras();
    const request = { ...RUNS['lcm-lora'], loras: [{ path: lora!.path }] };
    const { model, warnings } = await own.withAdapters(parseRequest(request));
    assert.deepEqual(warnings, []);
    const adapted = await difference('lcm-lora', await drawModel(request, model, sessions));
    assert.ok(adapted <= 1, `differs by up to ${adapted}`);
    const plain = await difference('lcm-lora', await drawModel(request, own, sessions));
    assert.ok(plain > 20, `the plain model differs by ${plain} only`);
  });

  it('latent consistency by a LoRA whose name says so, with its scheduler, steps and guidance', async () => {
    const own = await openModel({ id: 'sd1', folder: materialise('sd1') });
    const [lora] = new LoraCase('kohya-ranks').loras();
    const file = path.join(tempFolder(), 'lcm-lora-sdv1-5.safetensors');
    copyFileSync(lora!.path, file);
    const { prompt, negativePrompt, seed, steps, guidanceScale, width, height } = RUNS['lcm-lora'];
    const run = { prompt, negativePrompt, seed, steps, guidanceScale, width, height };
    const request = { ...run, loras: [{ path: file }] };
    const { model } = await own.withAdapters(parseRequest(request));
    const adapted = await difference('lcm-lora', await drawModel(request, model, sessions));
    assert.ok(adapted <= 1, `differs by up to ${adapted}`);
    assert.deepEqual([model.defaults.steps, model.defaults.guidanceScale], [4, 1]);
    // The request comes first, and a LoRA without effect changes nothing.
    assert.equal(model.createScheduler('euler').name, 'EulerDiscreteScheduler');
    const off = await own.withAdapters(
      parseRequest({ prompt: '', loras: [{ path: file, scale: 0 }] }),
    );
    assert.equal(off.model.defaults.steps, own.defaults.steps);
    assert.equal(off.model.createScheduler().name, own.createScheduler().name);
  });

  it('few-step LoRAs take the timesteps that their model cards name', async () => {
    const own = await openModel({ id: 'sd1', folder: materialise('sd1') });
    const [lora] = new LoraCase('kohya-ranks').loras();
    const cards = [
      ['dmd2_sdxl_4step_lora_fp16', 'LCMScheduler', [999, 749, 499, 249]],
      ['sdxl_lightning_4step_lora', 'EulerDiscreteScheduler', [999, 749, 499, 249]],
      ['Hyper-SD15-2steps-lora', 'DDIMScheduler', [999, 499]],
    ] as const;
    for (const [name, scheduler, timesteps] of cards) {
      const file = path.join(tempFolder(), `${name}.safetensors`);
      copyFileSync(lora!.path, file);
      const loras = [{ path: file }];
      const { model } = await own.withAdapters(parseRequest({ prompt: '', loras }));
      const made = model.createScheduler();
      made.setTimesteps(model.defaults.steps);
      assert.equal(made.name, scheduler);
      assert.deepEqual([...made.timesteps], timesteps);
    }
  });

  it('a textual inversion for both text encoders of SDXL', async () => {
    const { embedding, ...run } = RUNS['xl-embedding'];
    const file = path.join(tempFolder(), 'house-style.safetensors');
    writeSafetensors(file, randomTensors(embedding, 'F32'));
    const own = await openModel({ id: 'sdxl', folder: materialise('sdxl') });
    const request = { ...run, embeddings: [{ path: file }] };
    const { model } = await own.withAdapters(parseRequest(request));
    const adapted = await difference('xl-embedding', await drawModel(request, model, sessions));
    assert.ok(adapted <= 1, `differs by up to ${adapted}`);
    const plain = await difference('xl-embedding', await drawModel(run, own, sessions));
    assert.ok(plain > 20, `the plain model differs by ${plain} only`);
  });

  it('textual inversions that are bundled with a LoRA', async () => {
    const [lora] = new LoraCase('kohya').loras();
    const { whole } = await readEmbeddingFile(path.join(FIXTURES, 'embeddings', 'bad_hands.pt'));
    const { file, offset, length, dtype, shape } = whole!.vectors[0]!;
    const bytes = readFileSync(file).subarray(offset, offset + length);
    const own = await openModel({ id: 'sd1', folder: materialise('sd1') });
    for (const name of ['string_to_param.*', 'emb_params', 'clip_l']) {
      const vectors = { name: `bundle_emb.bad_hands.${name}`, dtype, shape, bytes };
      const bundle = withTensors(lora!.path, [vectors]);
      const request = { ...RUNS.lora, loras: [{ path: bundle, scale: 0.6 }] };
      const { model, warnings } = await own.withAdapters(parseRequest(request));
      assert.deepEqual(warnings, []);
      const adapted = await difference('lora', await drawModel(request, model, sessions));
      assert.ok(adapted <= 1, `${name} differs by up to ${adapted}`);
      // As in ComfyUI, the file is also taken as a textual inversion alone.
      const both = {
        ...RUNS.lora,
        loras: [{ path: lora!.path, scale: 0.6 }],
        embeddings: [{ path: bundle }],
      };
      const apart = await own.withAdapters(parseRequest(both));
      const drawn = await difference('lora', await drawModel(both, apart.model, sessions));
      assert.ok(drawn <= 1, `${name} alone differs by up to ${drawn}`);
    }
  });

  it('textual inversions that are bundled with a LoRA, for both text encoders of SDXL', async () => {
    const { embedding, ...run } = RUNS['xl-embedding'];
    const file = path.join(tempFolder(), 'house.safetensors');
    const module = 'lora_te1_text_model_encoder_layers_0_self_attn_q_proj';
    const names = {
      [`${module}.lora_down.weight`]: [2, 32],
      [`${module}.lora_up.weight`]: [32, 2],
    };
    writeSafetensors(file, [
      ...randomTensors(names, 'F32'),
      ...randomTensors(embedding, 'F32').map((one) => ({
        ...one,
        name: `bundle_emb.house-style.${one.name}`,
      })),
    ]);
    const own = await openModel({ id: 'sdxl', folder: materialise('sdxl') });
    // Its scale is that of the LoRA alone.
    const request = { ...run, loras: [{ path: file, scale: 0 }] };
    const { model } = await own.withAdapters(parseRequest(request));
    const adapted = await difference('xl-embedding', await drawModel(request, model, sessions));
    assert.ok(adapted <= 1, `differs by up to ${adapted}`);
  });

  it('say which bundled textual inversions are not used', async () => {
    const [lora] = new LoraCase('kohya').loras();
    const own = await openModel({ id: 'sd1', folder: materialise('sd1') });
    const shapes = {
      'bundle_emb.bad_hands.string_to_param.*': [3, 32],
      'bundle_emb.a.emb_params': [1, 32],
      'bundle_emb.v1.5.clip_l': [32],
      'bundle_emb.wide.clip_g': [2, 1280],
      'bundle_emb.v1.5.clip_l_out': [32],
    };
    const bundle = withTensors(lora!.path, randomTensors(shapes, 'F32'));
    const embeddings = [{ path: path.join(FIXTURES, 'embeddings', 'bad_hands.pt') }];
    const asked = parseRequest({ prompt: 'a v1.5', loras: [{ path: bundle }], embeddings });
    const { warnings } = await own.withAdapters(asked);
    assert.equal(warnings.length, 4);
    assert.match(warnings[0]!, /1 of its parts do not fit.*bundle_emb\.v1\.5\.clip_l_out/);
    assert.match(warnings[1]!, /"bad_hands" of a LoRA is not used.*another textual inversion/);
    assert.match(warnings[2]!, /"a" of a LoRA is not used.*vocabulary.*--embedding .*:my-word/);
    assert.match(warnings[3]!, /"wide" of a LoRA is not used.*1280 wide/);
  });

  it('a checkpoint in a single file', async () => {
    const { configs, scheduler, tensors, dtype } = readJson('single-file.json') as SingleFile;
    const folder = tempFolder();
    const file = path.join(folder, 'model.safetensors');
    writeSafetensors(file, randomTensors(tensors, dtype));
    const layout = await singleFileLayout(
      { id: 'tiny', folder, file },
      {
        pipeline: 'StableDiffusionPipeline',
        unet: configs.unet,
        vae: configs.vae,
        textEncoder: configs.text_encoder,
        scheduler,
      },
    );
    const model = await openLayout(layout);
    const found = await difference(
      'single-file',
      await drawModel(RUNS['single-file'], model, sessions),
    );
    assert.ok(found <= 1, `differs by up to ${found}`);
  });

  it('come through the engine’s own way to models', async () => {
    const file = path.join(tempFolder(), 'lora.safetensors');
    writeFileSync(file, readFileSync(new LoraCase('kohya').loras()[0]!.path));
    const opened = openModel({ id: file, folder: path.dirname(file), file });
    await assert.rejects(opened, { code: 'unsupported-model', message: /is a LoRA.*--lora/ });
  });
});
