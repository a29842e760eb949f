import { EaselError } from '../../../../core/errors';
import type { TensorRef } from '../../../weights/source';
import path from 'node:path';
import type { JsonObject } from '../../../../core/json';
import { FUSED, UNET_PREFIX } from '../../../weights/original-names';
import { FileReader } from '../../../io/file-reader';
import { readNumber } from '../../../weights/read-number';
import { readOptionalText } from '../../../store/model-folder';
import { otherWholeModel, partOfModel } from './other-file';
import type { SingleFileKind } from './published-configs';

type Tensors = ReadonlyMap<string, TensorRef>;

const FIRST = `${UNET_PREFIX}input_blocks.0.0.weight`;
/** A text attention. Which block has the first one depends on the family, and on what was pruned. */
const ATTENTION = /^input_blocks\.\d+\.1\.transformer_blocks\.0\.attn2\.to_k\.weight$/;

/** The noise levels between which CosXL was trained, by which ComfyUI knows its files, too (supported_models.py). */
const EDM_V = { min: 'edm_vpred.sigma_min', max: 'edm_vpred.sigma_max' };

/** The means of Playground 2.5's latents, by which diffusers knows its files. */
const PLAYGROUND = 'edm_mean';

/**
 * The second text encoder as stable-diffusion.cpp named it until 2025, and still names it with `--convert-name`. Whether
 * its projection is transposed depends on what the file was made of: only where queries, keys and values are fused, as in
 * original checkpoints, the file tells it.
 */
const OLD_CPP_TEXT = 'cond_stage_model.1.transformer.';

/** The embedding of the noise levels of Stable Diffusion x4 Upscaler. */
const NOISE_LEVELS = `${UNET_PREFIX}label_emb.weight`;

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
  const attention = [...tensors.values()].find(
    ({ name }) => name.startsWith(UNET_PREFIX) && ATTENTION.test(name.slice(UNET_PREFIX.length)),
  );
  if (first === undefined || attention === undefined) throw otherFile(tensors, path);
  const other = otherWholeModel(tensors);
  if (other !== undefined) throw unsupported(path, other);
  const textWidth = attention.shape.at(-1) ?? 0;
  const family = TEXT_WIDTHS[textWidth];
  if (family === undefined) {
    const what = `made for text features ${textWidth} wide, which Easel does not support`;
    throw unsupported(path, what);
  }
  const oldNames = [...tensors.keys()].flatMap((name) =>
    name.startsWith(OLD_CPP_TEXT) ? [name.slice(OLD_CPP_TEXT.length)] : [],
  );
  if (family === 'sdxl' && oldNames.length > 0 && !oldNames.some((name) => FUSED.test(name))) {
    throw unsupported(
      path,
      'an SDXL model that an older version of stable-diffusion.cpp converted, or that was made of a diffusers folder with --convert-name. Use what it was made of, or convert that again with a newer version and without --convert-name',
    );
  }
  const channels = first.shape[1] ?? 0;
  const isCos = family === 'sdxl' && tensors.has(EDM_V.max);
  if (channels === 4 && family === 'sdxl' && tensors.has(PLAYGROUND)) return 'playground';
  if (channels === 4) return isCos ? 'cosxl' : family;
  if (family === 'sdxl-refiner') {
    throw unsupported(path, `a refiner with ${channels} input channels; Easel supports 4`);
  }
  if (channels === 9) return `${family}-inpainting`;
  if (channels === 8 && family !== 'sd2') return isCos ? 'cosxl-edit' : `${family}-edit`;
  if (channels === 7 && family === 'sd2' && tensors.has(NOISE_LEVELS)) return 'sd2-upscaling';
  throw unsupported(
    path,
    `a model with ${channels} input channels; Easel supports 4, 8 and 9, and 7 of Stable Diffusion x4 Upscaler`,
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
  readonly tensors: Tensors;
  /** The number of training steps, in `.ckpt` files. */
  readonly globalStep: number | undefined;
}

/** What is known of a checkpoint when its scheduler is chosen. */
interface SchedulerFacts extends TrainingFacts {
  /** Whether its UNet has fewer blocks than the published one. */
  readonly isPruned: boolean;
}

/** Training steps of Stable Diffusion 2.0 base; diffusers recognises it by them (`_legacy_load_scheduler`). */
const BASE_2_STEPS = 875000;

/**
 * Adds the prediction type to the scheduler's config. It is only unknown for Stable Diffusion 2: models for 768
 * pixels predict v (diffusers assumes this for all of them), models for 512 pixels predict the noise. Their
 * weights have the same shapes. CosXL's file has its noise levels. For Stable Diffusion 2, these are tried in order: the file's metadata, a config file with the same
 * name (AUTOMATIC1111's `.yaml`), the number of training steps, whether the UNet is pruned (BK-SDM v2 was made of the
 * model for 512 pixels), the file's name. SDXL models that predict v have a tensor named `v_pred`.
 */
export async function schedulerOf(
  kind: SingleFileKind,
  config: JsonObject,
  facts: SchedulerFacts,
): Promise<JsonObject> {
  const { tensors } = facts;
  if (kind === 'cosxl' || kind === 'cosxl-edit') {
    return { ...config, ...(await readNoiseLevels(facts)) };
  }
  if (kind === 'sdxl' && tensors.has('v_pred')) {
    const zeroSnr = tensors.has('ztsnr') ? { rescale_betas_zero_snr: true } : {};
    return { ...config, prediction_type: 'v_prediction', ...zeroSnr };
  }
  if (kind !== 'sd2') return config;
  return { ...config, prediction_type: await predictionOf(facts) };
}

/** @throws EaselError `bad-file` */
async function readNoiseLevels({ file, tensors }: TrainingFacts): Promise<JsonObject> {
  const levels = { sigma_min: tensors.get(EDM_V.min), sigma_max: tensors.get(EDM_V.max) };
  return FileReader.use(file, async (reader) => {
    const found: Record<string, number> = {};
    for (const [field, tensor] of Object.entries(levels)) {
      if (tensor) found[field] = await readNumber(reader, tensor, tensor.name);
    }
    return found;
  });
}

async function predictionOf(facts: SchedulerFacts): Promise<'epsilon' | 'v_prediction'> {
  const { metadata, file, globalStep, isPruned } = facts;
  const stated = metadata.get('modelspec.prediction_type');
  if (stated !== undefined) return stated.startsWith('v') ? 'v_prediction' : 'epsilon';
  const config = file.replace(/\.[^.]*$/, '.yaml');
  const yaml = await readOptionalText(config, path.dirname(file)).catch(() => undefined);
  if (yaml !== undefined) {
    return /parameterization:\s*["']?v\b/.test(yaml) ? 'v_prediction' : 'epsilon';
  }
  if (globalStep === BASE_2_STEPS || isPruned) return 'epsilon';
  return /512|base/i.test(path.basename(file)) ? 'epsilon' : 'v_prediction';
}
