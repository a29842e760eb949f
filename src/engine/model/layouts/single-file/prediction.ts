import { readFile } from 'node:fs/promises';
import path from 'node:path';

import type { JsonObject } from '../../../store/model-folder';
import type { SingleFileKind } from './published-configs';

/** What a checkpoint says about how it was trained. */
export interface TrainingFacts {
  readonly file: string;
  /** A safetensors header's `__metadata__`. */
  readonly metadata: ReadonlyMap<string, string>;
  readonly names: ReadonlyMap<string, unknown>;
  /** A trainer's count of steps, in `.ckpt` files. */
  readonly globalStep: number | undefined;
}

/** Steps of Stable Diffusion 2.0 base, which diffusers knows it by (`_legacy_load_scheduler`). */
const BASE_2_STEPS = 875000;

/**
 * The scheduler's config with what the model predicts. Only Stable Diffusion 2 leaves that open: its
 * 768-pixel models predict v (what diffusers takes for all of them), those for 512 pixels predict the noise.
 * Nothing in their weights tells them apart, so the file's metadata, a config of the same name beside it
 * (AUTOMATIC1111's `.yaml`), the count of steps and the file's name are asked in this order. SDXL models
 * trained to predict v are marked by a tensor called `v_pred`.
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
