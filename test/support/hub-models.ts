import { materialise } from './fixture';
import { noise, readFolder, repoOf, type ServedRepo } from './hub-repository';

/**
 * A repository such as people publish: a small model that draws, with everything around it that a download
 * leaves out (pickles, a safety checker, other frameworks' weights, pictures, a checkpoint in one file).
 */
export function publishedModel(id = 'easel/tiny-sd'): ServedRepo {
  const single = readFolder(materialise('sd1', { dtype: 'F32' }));
  const half = readFolder(materialise('sd1', { dtype: 'F16', variant: 'fp16' }));
  const index = JSON.parse(String(single['model_index.json'])) as Record<string, unknown>;
  index.safety_checker = ['stable_diffusion', 'StableDiffusionSafetyChecker'];
  index.feature_extractor = ['transformers', 'CLIPImageProcessor'];
  const files = {
    ...single,
    ...half,
    'model_index.json': JSON.stringify(index),
    'README.md': '# A model',
    '.gitattributes': '*.safetensors filter=lfs',
    'example picture.png': noise(5000, 'picture'),
    'model-pruned.ckpt': noise(300_000, 'ckpt'),
    'unet/diffusion_pytorch_model.bin': noise(200_000, 'bin'),
    'unet/diffusion_pytorch_model.non_ema.safetensors': noise(200_000, 'non_ema'),
    'unet/diffusion_flax_model.msgpack': noise(200_000, 'flax'),
    'vae_decoder/config.json': '{}',
    'vae_decoder/model.onnx': noise(10_000, 'onnx'),
    'safety_checker/config.json': '{}',
    'safety_checker/model.safetensors': noise(100_000, 'checker'),
    'feature_extractor/preprocessor_config.json': '{}',
  };
  return repoOf(id, files, { licence: 'creativeml-openrail-m' });
}

/** A repository of noise in the shape of a model: for tests of the transfer alone. */
export function noiseModel(id: string, bytes: number, seed = id): ServedRepo {
  const index = {
    _class_name: 'StableDiffusionPipeline',
    unet: ['diffusers', 'UNet2DConditionModel'],
    vae: ['diffusers', 'AutoencoderKL'],
  };
  return repoOf(id, {
    'model_index.json': JSON.stringify(index),
    'unet/config.json': '{}',
    'unet/diffusion_pytorch_model.safetensors': noise(bytes, `${seed} unet`),
    'vae/config.json': '{"_class_name": "AutoencoderKL"}',
    'vae/diffusion_pytorch_model.safetensors': noise(Math.ceil(bytes / 3), `${seed} vae`),
  });
}

/** Two branches that share their largest file; nothing in it depends on other fixtures. */
export function branchedModel(id = 'easel/branched'): ServedRepo {
  const index = { _class_name: 'StableDiffusionPipeline', unet: ['diffusers', 'UNet'] };
  const shared = {
    'model_index.json': JSON.stringify(index),
    'unet/diffusion_pytorch_model.safetensors': noise(30_000, 'branched unet'),
  };
  const main = { ...shared, 'unet/config.json': '{"sample_size": 64}' };
  const second = { ...shared, 'unet/config.json': '{"sample_size": 96}' };
  return repoOf(id, main, { branches: { 'second/try': second } });
}

/** A repository of several IP-Adapters with their image encoders, laid out like that of the authors. */
export function ipAdapterModel(id = 'easel/ip-adapters'): ServedRepo {
  const names = [
    ...['models/ip-adapter_sd15', 'models/ip-adapter-plus_sd15', 'models/image_encoder/model'],
    ...['sdxl_models/ip-adapter_sdxl', 'sdxl_models/ip-adapter_sdxl_vit-h'],
    'sdxl_models/image_encoder/model',
  ].map((name) => `${name}.safetensors`);
  return repoOf(id, {
    ...Object.fromEntries(names.map((name) => [name, noise(5_000, name)])),
    'models/image_encoder/config.json': '{"hidden_size": 1280}',
    'sdxl_models/image_encoder/config.json': '{"hidden_size": 1664}',
  });
}
