import { EaselError } from '../../../../core/errors';
import type { TensorRef } from '../../../weights/source';
import path from 'node:path';
import type { JsonObject } from '../../../../core/json';
import { UNET_PREFIX } from '../../../weights/original-names';
import { readOptionalText } from '../../../store/model-folder';
import { partOfModel } from './other-file';
import type { SingleFileKind } from './published-configs';

type Tensors = ReadonlyMap<string, TensorRef>;

const FIRST = `${UNET_PREFIX}input_blocks.0.0.weight`;
/** The first text attention of Stable Diffusion 1 and 2, and of SDXL (whose first level has no attention). */
const ATTENTION = `${UNET_PREFIX}input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight`;
const XL_ATTENTION = `${UNET_PREFIX}input_blocks.4.1.transformer_blocks.0.attn2.to_k.weight`;

/** CosXL's files have the noise levels that it was trained with. */
const EDM_V = 'edm_vpred.sigma_max';

/** Widths of the text features: CLIP ViT-L, OpenCLIP ViT-H, OpenCLIP ViT-bigG, both encoders of SDXL. */
const TEXT_WIDTHS: Readonly<Record<number, 'sd1' | 'sd2' | 'sdxl-refiner' | 'sdxl'>> = {
  768: 'sd1',
  1024: 'sd2',
  1280: 'sdxl-refiner',
  2048: 'sdxl',
};

/**
 * Recognises the kind of a single file in the original layout by its tensor names and shapes
 * (`infer_diffusers_model_type`, diffusers, loaders/single_file_utils.py).
 *
 * @throws EaselError `unsupported-model`; the message says what the file is, if that is known
 */
export function recogniseKind(tensors: Tensors, path: string): SingleFileKind {
  const first = tensors.get(FIRST);
  const attention = tensors.get(ATTENTION) ?? tensors.get(XL_ATTENTION);
  if (first === undefined || attention === undefined) throw otherFile(tensors, path);
  if (tensors.has('edm_mean'))
    throw unsupported(path, 'Playground 2.5, which Easel does not support');
  const textWidth = attention.shape.at(-1) ?? 0;
  const family = TEXT_WIDTHS[textWidth];
  if (family === undefined) {
    const what = `made for text features ${textWidth} wide, which Easel does not support`;
    throw unsupported(path, what);
  }
  const channels = first.shape[1] ?? 0;
  if (channels === 4) return family;
  if (family === 'sdxl-refiner') {
    throw unsupported(path, `a refiner with ${channels} input channels; Easel supports 4`);
  }
  if (channels === 9) return `${family}-inpainting`;
  if (channels === 8 && tensors.has(EDM_V)) {
    throw unsupported(
      path,
      'CosXL Edit in one file, which Easel does not support. Use it as a diffusers folder',
    );
  }
  if (channels === 8 && family !== 'sd2') return `${family}-edit`;
  throw unsupported(
    path,
    `a model with ${channels} input channels (such as an upscaler); Easel supports 4, 8 and 9`,
  );
}

function otherFile(tensors: Tensors, path: string): EaselError {
  if (tensors.size === 0) {
    const message = `${path} has no tensors where a model has them. Give the file of a whole model.`;
    return new EaselError('unsupported-model', message, { path });
  }
  const known = partOfModel(tensors);
  if (known !== undefined) return unsupported(path, known);
  const example = [...tensors.keys()][0]?.slice(0, 120) ?? '';
  const what = `not a checkpoint of Stable Diffusion 1, 2 or XL (it has a tensor ${JSON.stringify(example)})`;
  return unsupported(path, what);
}

function unsupported(path: string, what: string): EaselError {
  return new EaselError('unsupported-model', `${path} is ${what}.`, { path });
}

/** What is known about the training of a checkpoint. */
export interface TrainingFacts {
  readonly file: string;
  /** A safetensors header's `__metadata__`. */
  readonly metadata: ReadonlyMap<string, string>;
  readonly names: ReadonlyMap<string, unknown>;
  /** The number of training steps, in `.ckpt` files. */
  readonly globalStep: number | undefined;
}

/** Training steps of Stable Diffusion 2.0 base; diffusers recognises it by them (`_legacy_load_scheduler`). */
const BASE_2_STEPS = 875000;

/**
 * Adds the prediction type to the scheduler's config. It is only unknown for Stable Diffusion 2: models for 768
 * pixels predict v (diffusers assumes this for all of them), models for 512 pixels predict the noise. Their
 * weights have the same shapes. So these are tried in order: the file's metadata, a config file with the same
 * name (AUTOMATIC1111's `.yaml`), the number of training steps, the file's name. SDXL models that predict v
 * have a tensor named `v_pred`.
 */
export async function schedulerOf(
  kind: SingleFileKind,
  config: JsonObject,
  facts: TrainingFacts,
): Promise<JsonObject> {
  if (kind === 'sdxl' && facts.names.has('v_pred')) {
    const zeroSnr = facts.names.has('ztsnr') ? { rescale_betas_zero_snr: true } : {};
    return { ...config, prediction_type: 'v_prediction', ...zeroSnr };
  }
  if (kind !== 'sd2') return config;
  return { ...config, prediction_type: await predictionOf(facts) };
}

async function predictionOf(facts: TrainingFacts): Promise<'epsilon' | 'v_prediction'> {
  const { metadata, file, globalStep } = facts;
  const stated = metadata.get('modelspec.prediction_type');
  if (stated !== undefined) return stated.startsWith('v') ? 'v_prediction' : 'epsilon';
  const config = file.replace(/\.[^.]*$/, '.yaml');
  const yaml = await readOptionalText(config, path.dirname(file)).catch(() => undefined);
  if (yaml !== undefined) {
    return /parameterization:\s*["']?v\b/.test(yaml) ? 'v_prediction' : 'epsilon';
  }
  if (globalStep === BASE_2_STEPS) return 'epsilon';
  return /512|base/i.test(path.basename(file)) ? 'epsilon' : 'v_prediction';
}
