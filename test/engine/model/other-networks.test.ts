import assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { EaselError, type ErrorCode } from '../../../src/core/errors';
import type { OtherNetworks } from '../../../src/core/request/other-networks';
import type { ModelLayout } from '../../../src/engine/model/layouts/layout';
import { withOtherNetworks } from '../../../src/engine/model/replaced/other-networks';
import { diffusersFolder } from '../../../src/engine/model/layouts/diffusers-folder';
import type { SingleFileConfigs } from '../../../src/engine/model/layouts/single-file/published-configs';
import { singleFileLayout } from '../../../src/engine/model/layouts/single-file/layout';
import type { Model } from '../../../src/engine/model/model';
import { openLayout, openModel } from '../../../src/engine/model/open';
import { readModelIndex } from '../../../src/engine/store/model-folder';
import { SessionCache } from '../../../src/engine/runtime/session-cache';
import { writeSnapshot } from '../../support/cached-repository';
import { drawModel } from '../../support/drawing';
import { materialise, tensorShapes } from '../../support/fixture';
import { gguf } from '../../support/gguf-file';
import { materialiseOnnx } from '../../support/onnx-folder';
import { FIXTURES } from '../../support/paths';
import { randomTensors, type TensorShapes } from '../../support/random-weights';
import {
  encodeSafetensors,
  writeSafetensors,
  type TensorToWrite,
} from '../../support/safetensors-file';
import { tempFolder } from '../../support/temp-folder';
import { encodeTorchCheckpoint } from '../../support/torch-file';

const WEIGHTS = 'diffusion_pytorch_model.safetensors';

/** Other values than those of the case's own weights. */
function otherTensors(caseName: string, component: string): TensorToWrite[] {
  return randomTensors(tensorShapes(caseName)[component]!, 'F32', 'other.');
}

/** A case's model with other weights in one of its folders: what is drawn with it is held to. */
function withWeights(caseName: string, component: string): string {
  const folder = materialise(caseName);
  writeSafetensors(path.join(folder, component, WEIGHTS), otherTensors(caseName, component));
  return folder;
}

function write(name: string, bytes: Uint8Array): string {
  const file = path.join(tempFolder(), name);
  writeFileSync(file, bytes);
  return file;
}

async function refused(
  opening: Promise<unknown>,
  code: ErrorCode,
  ...words: (string | RegExp)[]
): Promise<void> {
  await assert.rejects(opening, (error) => {
    assert.ok(error instanceof EaselError, String(error));
    assert.equal(error.code, code, error.message);
    for (const word of words) assert.match(error.message, new RegExp(word));
    return true;
  });
}

describe('another UNet or autoencoder in the place of a model’s own', () => {
  const sessions = new SessionCache();
  after(() => sessions.clear());

  const draw = async (model: Model): Promise<Uint8Array> => {
    const { nativeSize, id } = model;
    const request = { prompt: 'a red apple', seed: 5, steps: 2, ...nativeSize, model: id };
    const { pictures } = await drawModel(request, model, sessions);
    return Uint8Array.from(pictures[0]!.data);
  };
  const drawFolder = async (folder: string, others: OtherNetworks = {}) =>
    draw(await openModel({ id: folder, folder }, others));

  for (const component of ['unet', 'vae'] as const) {
    it(`draws as the model with these weights does (${component})`, async () => {
      const base = materialise('sd1');
      const whole = withWeights('sd1', component);
      const expected = await drawFolder(whole);
      const tensors = otherTensors('sd1', component);
      const alone = path.join(tempFolder(), 'alone');
      cpSync(path.join(whole, component), alone, { recursive: true });
      const places = {
        file: write('network.safetensors', encodeSafetensors(tensors)),
        'PyTorch file': write('network.bin', encodeTorchCheckpoint(tensors)),
        'whole model': whole,
        folder: alone,
      };
      for (const [what, place] of Object.entries(places)) {
        assert.deepEqual(await drawFolder(base, { [component]: place }), expected, what);
      }
      // The sessions of the model's own network are not taken for the other one's, nor the other way.
      assert.notDeepEqual(await drawFolder(base), expected);
    });
  }

  it('takes both at once', async () => {
    const whole = withWeights('sd1', 'unet');
    writeSafetensors(path.join(whole, 'vae', WEIGHTS), otherTensors('sd1', 'vae'));
    const base = materialise('sd1');
    assert.deepEqual(await drawFolder(base, { unet: whole, vae: whole }), await drawFolder(whole));
  });

  it('is taken from the cache by a repository’s id, and by the name of a file in it', async () => {
    const cache = tempFolder();
    const tensors = encodeSafetensors(otherTensors('sd1', 'unet'));
    writeSnapshot(cache, 'org/unets', { 'tiny_4step_unet.safetensors': tensors });
    const expected = await drawFolder(withWeights('sd1', 'unet'));
    const before = process.env.HF_HUB_CACHE;
    process.env.HF_HUB_CACHE = cache;
    try {
      for (const unet of ['org/unets', 'org/unets/tiny_4step_unet.safetensors']) {
        assert.deepEqual(await drawFolder(materialise('sd1'), { unet }), expected);
      }
      const model = materialise('sd1');
      const missing = openModel({ id: model, folder: model }, { unet: 'org/nothing' });
      await refused(missing, 'model-not-found', 'easel models download org/nothing');
    } finally {
      if (before === undefined) delete process.env.HF_HUB_CACHE;
      else process.env.HF_HUB_CACHE = before;
    }
  });

  describe('by the original names', () => {
    const file = JSON.parse(
      readFileSync(path.join(FIXTURES, 'single-files/sd1/case.json'), 'utf8'),
    ) as { configs: Record<string, Record<string, unknown>>; tensors: TensorShapes };
    const { unet = {}, vae = {}, text_encoder: textEncoder = {} } = file.configs;
    const configs: SingleFileConfigs = {
      pipeline: 'StableDiffusionPipeline',
      ...{ unet, vae, textEncoder, scheduler: { _class_name: 'DDIMScheduler' } },
    };
    const own = randomTensors(file.tensors, 'F16');
    const others = randomTensors(file.tensors, 'F16', 'other.');
    const layoutOf = async (tensors: readonly TensorToWrite[]): Promise<ModelLayout> => {
      const place = write('model.safetensors', encodeSafetensors(tensors));
      const folder = materialise('sd1');
      const single = { id: 'whole', folder: path.dirname(place), file: place };
      const layout = await singleFileLayout(single, configs);
      // Of a small vocabulary, not the published one.
      const text = diffusersFolder({ id: folder, folder }, await readModelIndex(folder));
      return {
        ...layout,
        component: (name, kind) => (name === 'text_encoder' ? text : layout).component(name, kind),
        tokenizer: (name, kind) => text.tokenizer(name, kind),
      };
    };
    const drawLayout = async (layout: ModelLayout) => draw(await openLayout(layout));

    for (const [component, prefix] of [
      ['unet', 'model.diffusion_model.'],
      ['vae', 'first_stage_model.'],
    ] as const) {
      it(`draws as the single file with these weights does (${component})`, async () => {
        const isPart = ({ name }: TensorToWrite) => name.startsWith(prefix);
        const whole = [...own.filter((one) => !isPart(one)), ...others.filter(isPart)];
        const expected = await drawLayout(await layoutOf(whole));
        const part = others
          .filter(isPart)
          .map((one) => ({ ...one, name: one.name.slice(prefix.length) }));
        // As city96/ComfyUI-GGUF writes a UNet.
        const inGguf = gguf(
          part.map(({ name, shape, bytes }) => ({
            ...{ name, sizes: [...shape].reverse(), type: 1, bytes },
          })),
        );
        const places = {
          'a whole checkpoint': write('other.safetensors', encodeSafetensors(others)),
          'a part': write('part.safetensors', encodeSafetensors(part)),
          GGUF: write('part.gguf', inGguf),
        };
        const base = await layoutOf(own);
        for (const [what, place] of Object.entries(places)) {
          const layout = await withOtherNetworks(base, { [component]: place });
          assert.deepEqual(await drawLayout(layout), expected, what);
        }
        assert.notDeepEqual(await drawLayout(base), expected);
      });
    }

    it('draws with a checkpoint that has no autoencoder, and says what it needs without one', async () => {
      const isVae = ({ name }: TensorToWrite) => name.startsWith('first_stage_model.');
      const without = await layoutOf(own.filter((one) => !isVae(one)));
      await refused(openLayout(without), 'model-incomplete', 'no autoencoder', '--vae');
      const vae = write('vae.safetensors', encodeSafetensors(own.filter(isVae)));
      const expected = await drawLayout(await layoutOf(own));
      assert.deepEqual(await drawLayout(await withOtherNetworks(without, { vae })), expected);
      // Of another shape.
      const wide = own.filter(isVae).map((one) => ({ ...one, shape: [...one.shape].reverse() }));
      const wrong = write('wide.safetensors', encodeSafetensors(wide));
      const opened = withOtherNetworks(without, { vae: wrong }).then(drawLayout);
      await refused(opened, 'bad-file', 'wide');
    });
  });

  it('brings the steps, the guidance and the scheduler that its name says', async () => {
    const folder = materialise('sdxl');
    const tensors = encodeSafetensors(otherTensors('sdxl', 'unet'));
    const opened = async (name: string) =>
      openModel({ id: folder, folder }, { unet: write(name, tensors) });
    const lightning = await opened('sdxl_lightning_2step_unet.safetensors');
    assert.equal(lightning.defaults.steps, 2);
    assert.equal(lightning.defaults.guidanceScale, 1);
    assert.equal(lightning.createScheduler().name, 'EulerDiscreteScheduler');
    const oneStep = await opened('dmd2_sdxl_1step_unet_fp16.safetensors');
    assert.deepEqual([oneStep.defaults.steps, oneStep.defaults.guidanceScale], [1, 1]);
    const scheduler = oneStep.createScheduler();
    scheduler.setTimesteps(1);
    assert.deepEqual([scheduler.name, ...scheduler.timesteps], ['LCMScheduler', 399]);
    const plain = await opened('other.safetensors');
    const own = await openModel({ id: folder, folder });
    assert.deepEqual(plain.defaults, own.defaults);
    assert.equal(plain.createScheduler().name, own.createScheduler().name);
  });

  it('is a latent consistency model where its UNet takes the guidance scale', async () => {
    const folder = materialise('sd1');
    const lcm = path.join(tempFolder(), 'lcm');
    cpSync(path.join(materialise('lcm'), 'unet'), lcm, { recursive: true });
    for (const unet of [lcm, path.join(lcm, WEIGHTS)]) {
      const model = await openModel({ id: folder, folder }, { unet });
      assert.equal(model.createScheduler().name, 'LCMScheduler');
      assert.equal(model.defaults.steps, 4);
      assert.equal(model.isGuided({ guidanceScale: 8 }), false);
      await draw(model);
      // Without a config beside it, the file's tensors say it.
      rmSync(path.join(lcm, 'config.json'), { force: true });
    }
  });

  it('is refused for another family, with both named', async () => {
    const folder = materialise('sd1');
    const at = { id: 'my model', folder };
    const xl = materialise('sdxl');
    await refused(
      openModel(at, { unet: xl }),
      'unsupported-model',
      'for SDXL, and my model has one for',
    );
    const file = path.join(xl, 'unet', WEIGHTS);
    await refused(openModel(at, { unet: file }), 'unsupported-model', 'my model', WEIGHTS);
    const inpainting = path.join(materialise('sd-inpaint'), 'unet');
    await refused(openModel(at, { unet: inpainting }), 'unsupported-model', '9 and not 4');
    const wide = path.join(materialise('vae16'), 'vae');
    await refused(openModel(at, { vae: wide }), 'unsupported-model', '16 latent channels', 'has 4');
    const tiny = path.join(FIXTURES, 'tiny-vaes');
    await refused(openModel(at, { vae: tiny }), 'model-not-found', 'autoencoder');
  });

  it('is refused where it is something else, which is named', async () => {
    const folder = materialise('sd1');
    const at = { id: 'my model', folder };
    const tensor = (name: string) => ({ name, dtype: 'F32', shape: [1], bytes: Buffer.alloc(4) });
    const lora = write('l.safetensors', encodeSafetensors([tensor('lora_unet_x.lora_up.weight')]));
    await refused(openModel(at, { unet: lora }), 'unsupported-model', 'is a LoRA.*--lora');
    await refused(openModel(at, { vae: lora }), 'unsupported-model', 'is a LoRA.*--lora');
    const vae = path.join(folder, 'vae', WEIGHTS);
    await refused(openModel(at, { unet: vae }), 'unsupported-model', 'an autoencoder alone.*--vae');
    const unet = path.join(folder, 'unet', WEIGHTS);
    await refused(openModel(at, { vae: unet }), 'unsupported-model', 'a UNet alone.*--unet');
    const half = otherTensors('sd1', 'unet').filter(({ name }) => !name.includes('mid_block'));
    const pruned = write('pruned.safetensors', encodeSafetensors(half));
    await refused(
      openModel(at, { unet: pruned }),
      'unsupported-model',
      'has no mid_block',
      'pruned',
    );
    const text = path.join(folder, 'text_encoder');
    await refused(openModel(at, { unet: text }), 'unsupported-model', 'no UNet|no network');
  });

  it('is refused for exported graphs', async () => {
    const folder = materialiseOnnx('optimum');
    const unet = path.join(materialise('sd1'), 'unet');
    await refused(
      openModel({ id: 'exported', folder }, { unet }),
      'unsupported-model',
      'exported consists of exported ONNX graphs, whose UNet cannot be replaced',
    );
  });
});
