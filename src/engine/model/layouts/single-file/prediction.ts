import { readFile } from 'node:fs/promises';
import path from 'node:path';

import type { JsonObject } from '../../../../core/json';
import type { SingleFileKind } from './published-configs';

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
  const yaml = await readFile(file.replace(/\.[^.]*$/, '.yaml'), 'utf8').catch(() => undefined);
  if (yaml !== undefined) {
    return /parameterization:\s*["']?v\b/.test(yaml) ? 'v_prediction' : 'epsilon';
  }
  if (globalStep === BASE_2_STEPS) return 'epsilon';
  return /512|base/i.test(path.basename(file)) ? 'epsilon' : 'v_prediction';
}
