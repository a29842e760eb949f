import * as assert from 'node:assert/strict';

import { selectFile, selectFiles } from '../../../src/engine/store/download/file-selection';
import type { HubFile } from '../../../src/engine/store/hub/hub-client';

const listing = (...files: readonly (string | readonly [string, number])[]): HubFile[] =>
  files.map((file) => {
    const [path, bytes] = typeof file === 'string' ? [file, 1000] : file;
    return { path, bytes, hash: { kind: 'sha256', hex: '0'.repeat(64) } };
  });

const index = (...components: readonly string[]) => ({
  _class_name: 'StableDiffusionPipeline',
  ...Object.fromEntries(components.map((name) => [name, ['library', 'Class']])),
});

const pathsOf = (files: readonly HubFile[]) => files.map(({ path }) => path).sort();

describe('choosing what to fetch', () => {
  it('takes half precision, then the plain file, never averages or other frameworks', () => {
    const files = listing(
      'model_index.json',
      'unet/config.json',
      'unet/diffusion_pytorch_model.safetensors',
      'unet/diffusion_pytorch_model.fp16.safetensors',
      'unet/diffusion_pytorch_model.non_ema.safetensors',
      'unet/diffusion_pytorch_model.bin',
      'unet/model.onnx',
      'unet/model.onnx_data',
      'unet/openvino_model.bin',
      'vae/config.json',
      'vae/diffusion_pytorch_model.safetensors',
      'vae_1_0/config.json',
      'vae_1_0/diffusion_pytorch_model.safetensors',
      'sd_xl_base_1.0.safetensors',
    );
    const { files: chosen, variant, warnings } = selectFiles('a/b', files, index('unet', 'vae'));
    assert.deepEqual(pathsOf(chosen), [
      'model_index.json',
      'unet/config.json',
      'unet/diffusion_pytorch_model.fp16.safetensors',
      'vae/config.json',
      'vae/diffusion_pytorch_model.safetensors',
    ]);
    assert.equal(variant, 'fp16');
    assert.deepEqual(warnings, []);
  });

  it('leaves the safety checker out and says so, unless it is wanted or there in part', () => {
    const checker = ['safety_checker/config.json', 'safety_checker/model.fp16.safetensors'];
    const files = listing(
      ...['model_index.json', 'unet/config.json', 'unet/diffusion_pytorch_model.safetensors'],
      [checker[0]!, 5000] as const,
      [checker[1]!, 608_000_000] as const,
      ['safety_checker/model.safetensors', 1_216_000_000] as const,
    );
    const named = index('unet', 'safety_checker');
    const without = selectFiles('a/b', files, named);
    assert.deepEqual(without.skipped, ['safety_checker']);
    assert.ok(!pathsOf(without.files).some((path) => path.startsWith('safety_checker')));
    assert.match(without.warnings.join(), /safety checker \(608\.0 MB\) is left out.*--complete/);
    const has = (component: string) => component === 'safety_checker';
    for (const options of [{ complete: true }, { has }]) {
      const whole = selectFiles('a/b', files, named, options);
      const own = pathsOf(whole.files).filter((path) => path.startsWith('safety_checker'));
      assert.deepEqual([own, whole.skipped, whole.warnings], [checker, [], []]);
    }
  });

  it('takes shards with their index, in both namings of a variant', () => {
    for (const [name, shard] of [
      ['diffusion_pytorch_model.safetensors.index.fp16.json', 'diffusion_pytorch_model.fp16-0000'],
      ['diffusion_pytorch_model.fp16.safetensors.index.json', 'diffusion_pytorch_model.fp16-0000'],
    ] as const) {
      const shards = [1, 2].map((n) => `unet/${shard}${n}-of-00002.safetensors`);
      const plain = 'unet/diffusion_pytorch_model-00001-of-00002.safetensors';
      const files = listing('model_index.json', `unet/${name}`, ...shards, plain);
      const { files: chosen } = selectFiles('a/b', files, index('unet'));
      assert.deepEqual(pathsOf(chosen), ['model_index.json', ...shards, `unet/${name}`].sort());
    }
  });

  it('takes pickles only where there is nothing else, and says so', () => {
    const files = listing(
      'model_index.json',
      'unet/config.json',
      'unet/diffusion_pytorch_model.bin',
      'unet/diffusion_pytorch_model.fp16.bin',
    );
    const { files: chosen, warnings } = selectFiles('a/b', files, index('unet'));
    assert.ok(pathsOf(chosen).includes('unet/diffusion_pytorch_model.fp16.bin'));
    assert.match(warnings[0] ?? '', /pickles/);
    const flax = listing('model_index.json', 'unet/diffusion_flax_model.msgpack');
    assert.throws(() => selectFiles('a/b', flax, index('unet')), { code: 'unsupported-model' });
  });

  it('takes ready-made ONNX folders with their weights', () => {
    const files = listing(
      'model_index.json',
      'unet/model.onnx',
      'unet/weights.pb',
      'vae_decoder/model.onnx',
      'vae_decoder/config.json',
      'vae_encoder/model.onnx',
    );
    const legacy = { ...index('unet', 'vae_decoder'), _class_name: 'OnnxStableDiffusionPipeline' };
    assert.deepEqual(pathsOf(selectFiles('a/b', files, legacy).files), [
      'model_index.json',
      'unet/model.onnx',
      'unet/weights.pb',
      'vae_decoder/config.json',
      'vae_decoder/model.onnx',
    ]);
    const optimum = selectFiles('a/b', files, index('unet', 'vae'));
    assert.ok(pathsOf(optimum.files).includes('vae_encoder/model.onnx'));
  });

  it('takes of several LoRAs the one that the catalogue names', () => {
    const names = [
      'sdxl_lightning_2step_lora',
      'sdxl_lightning_4step_lora',
      'sdxl_lightning_4step',
    ];
    const files = listing(...names.map((name) => `${name}.safetensors`));
    const chosen = selectFiles('ByteDance/SDXL-Lightning', files, undefined);
    assert.deepEqual(pathsOf(chosen.files), ['sdxl_lightning_4step_lora.safetensors']);
    // Where that is gone, as of any other repository.
    const rest = selectFiles('ByteDance/SDXL-Lightning', files.slice(0, 1), undefined);
    assert.deepEqual(pathsOf(rest.files), ['sdxl_lightning_2step_lora.safetensors']);
  });

  it('takes parts and single files as they are', () => {
    const vae = listing('config.json', 'README.md', 'diffusion_pytorch_model.safetensors', 'a.pth');
    assert.deepEqual(pathsOf(selectFiles('a/b', vae, undefined).files), [
      'config.json',
      'diffusion_pytorch_model.safetensors',
    ]);
    const learned = listing('learned_embeds.bin', 'token_identifier.txt');
    assert.deepEqual(pathsOf(selectFiles('a/b', learned, undefined).files), ['learned_embeds.bin']);
    const lora = listing('pytorch_lora_weights.safetensors', ['other.safetensors', 10]);
    assert.deepEqual(pathsOf(selectFiles('a/b', lora, undefined).files), [
      'pytorch_lora_weights.safetensors',
    ]);
    const single = listing(['full.safetensors', 4000], ['pruned.safetensors', 2000], 'x.ckpt');
    assert.deepEqual(pathsOf(selectFiles('a/b', single, undefined).files), ['pruned.safetensors']);
    const refuse = (files: HubFile[], message: RegExp) =>
      assert.throws(() => selectFiles('a/b', files, undefined), { message });
    refuse(listing('model.ckpt'), /pickles/);
    refuse(listing('README.md'), /no image model/);
  });

  it('takes upscalers that are published as PyTorch files, and says so', () => {
    const files = listing('README.md', 'RealESRGAN_x2.pth', 'RealESRGAN_x4.pth', 'other/a.pth');
    const { files: chosen, warnings } = selectFiles('a/b', files, undefined);
    assert.deepEqual(pathsOf(chosen), ['RealESRGAN_x2.pth', 'RealESRGAN_x4.pth']);
    assert.match(warnings[0] ?? '', /Only pickles are published/);
    const unknown = listing('model.pth');
    assert.throws(() => selectFiles('a/b', unknown, undefined), { code: 'unsupported-model' });
  });

  it('takes one file where it is named, and with an IP-Adapter its image encoder', () => {
    const encoder = (folder: string) => ['config.json', 'model.safetensors', 'pytorch_model.bin'].map((name) => `${folder}/image_encoder/${name}`); // prettier-ignore
    const files = listing(
      'README.md',
      ...['sd15', 'sd15_vit-G', '-plus_sd15'].map(
        (name) => `models/ip-adapter_${name}.safetensors`,
      ),
      'models/ip-adapter_sd15.bin',
      ...['sdxl', 'sdxl_vit-h'].map((name) => `sdxl_models/ip-adapter_${name}.safetensors`),
      ...encoder('models'),
      ...encoder('sdxl_models'),
    );
    const [huge, giant] = ['models/image_encoder', 'sdxl_models/image_encoder'];
    for (const [path, folder] of [
      ['models/ip-adapter_sd15.safetensors', huge],
      ['models/ip-adapter_sd15_vit-G.safetensors', giant],
      ['sdxl_models/ip-adapter_sdxl_vit-h.safetensors', huge],
      ['sdxl_models/ip-adapter_sdxl.safetensors', giant],
    ] as const) {
      const { files: chosen, warnings } = selectFile('h94/IP-Adapter', files, path);
      const expected = [path, `${folder}/config.json`, `${folder}/model.safetensors`];
      assert.deepEqual(pathsOf(chosen), expected.sort());
      assert.deepEqual(warnings, []);
    }
    const usual = selectFiles('h94/IP-Adapter', files, undefined);
    const named = selectFile('h94/IP-Adapter', files, 'models/ip-adapter_sd15.safetensors');
    assert.deepEqual(usual, named);
    const pickle = selectFile('h94/IP-Adapter', files, 'models/ip-adapter_sd15.bin');
    assert.match(pickle.warnings.join(), /models\/ip-adapter_sd15\.bin/);
    const alone = selectFile(
      'a/b',
      listing('one.safetensors', 'two.safetensors'),
      'two.safetensors',
    );
    assert.deepEqual(pathsOf(alone.files), ['two.safetensors']);
    assert.throws(() => selectFile('a/b', listing('one.safetensors'), 'none.bin'), {
      code: 'model-not-found',
      message: /no file none\.bin.*one\.safetensors/,
    });
  });
});
