import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { GenerationRequestInput } from '../../src/core/request/request';
import { pictureBytes, type PipelineCall } from './fixture';
import { FIXTURES } from './paths';
import { randomTensors, type TensorShapes, type WeightDType } from './random-weights';
import { writeSafetensors } from './safetensors-file';
import { tempFolder } from './temp-folder';

const FOLDER = path.join(FIXTURES, 'controlnets');

/** A ControlNet of scripts/reference/controlnets.py. */
export interface ControlNetwork {
  /** Absent: a single file in the original layout. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly tensors: TensorShapes;
  /** What the values of some tensors are multiplied by. */
  readonly gains: Readonly<Record<string, number>>;
}

/** A call of diffusers' pipelines with ControlNets. */
export interface ControlRun extends PipelineCall {
  /** A case of pipelines/. */
  readonly model: string;
  readonly networks: readonly string[];
  readonly controlImages: readonly string[];
  readonly scales: number[];
  readonly starts: number[];
  readonly ends: number[];
  readonly scheduler?: string;
  readonly initImage?: string;
  readonly strength?: number;
  readonly mask?: string;
}

const read = (name: string): unknown => JSON.parse(readFileSync(path.join(FOLDER, name), 'utf8'));

export const CONTROL_NETWORKS = read('networks.json') as Readonly<Record<string, ControlNetwork>>;
export const CONTROL_RUNS = read('runs.json') as Readonly<Record<string, ControlRun>>;

/** The image that diffusers drew. */
export function controlPicture(run: string): string {
  return path.join(FOLDER, `${run}.png`);
}

/** The tensors of a ControlNet as the reference has them. */
export function controlTensors(name: string, dtype: WeightDType = 'F32') {
  const { tensors, gains } = CONTROL_NETWORKS[name]!;
  return randomTensors(tensors, dtype, `${name}.`, gains);
}

const written = new Map<string, string>();

/** Writes a ControlNet once, as diffusers saves it or as one file. Returns the folder or the file. */
export function materialiseControl(name: string): string {
  const known = written.get(name);
  if (known !== undefined) return known;
  const { config } = CONTROL_NETWORKS[name]!;
  const folder = path.join(tempFolder(), name);
  mkdirSync(folder, { recursive: true });
  const file = config
    ? 'diffusion_pytorch_model.safetensors'
    : 'control_v11p_sd15_canny.safetensors';
  writeSafetensors(path.join(folder, file), controlTensors(name));
  if (config) writeFileSync(path.join(folder, 'config.json'), JSON.stringify(config));
  const place = config ? folder : path.join(folder, file);
  written.set(name, place);
  return place;
}

/**
 * Writes a ControlNet for the UNet of `materialiseWide` with `times` the channels, and the same text features.
 * Returns its folder.
 */
export function materialiseWideControl(name: string, times: number): string {
  const { config, tensors, gains } = CONTROL_NETWORKS[name]!;
  const folder = path.join(tempFolder(), `${name}-${times}`);
  mkdirSync(folder, { recursive: true });
  const widened = Object.entries(tensors).map(([tensor, shape]) => {
    const [outputs, inputs, ...kernel] = shape as [number, number?, ...number[]];
    // What reads the image stays, and so does what is read of it, of latents and of texts.
    const isOfImage = /^controlnet_cond_embedding\.(conv_in|blocks)/.test(tensor);
    const keepsInputs = /^conv_in|cond_embedding|attn2\.to_[kv]/.test(tensor);
    const wide = isOfImage
      ? shape
      : [
          outputs * times,
          ...(inputs === undefined ? [] : [inputs * (keepsInputs ? 1 : times)]),
          ...kernel,
        ];
    return [tensor, wide] as const;
  });
  const channels = (config?.block_out_channels as number[]).map((count) => count * times);
  writeFileSync(
    path.join(folder, 'config.json'),
    JSON.stringify({ ...config, block_out_channels: channels }),
  );
  const weights = randomTensors(Object.fromEntries(widened), 'F32', `${name}.`, gains);
  writeSafetensors(path.join(folder, 'diffusion_pytorch_model.safetensors'), weights);
  return folder;
}

/** The request that asks for a run, but for its model. */
export function controlRequest(run: ControlRun): GenerationRequestInput {
  const { prompt, negativePrompt, seed, steps, guidanceScale, width, height, scheduler } = run;
  return {
    ...{ prompt, negativePrompt, seed, steps, guidanceScale, width, height },
    ...(scheduler !== undefined && { scheduler }),
    ...(run.strength !== undefined && { strength: run.strength }),
    ...(run.initImage !== undefined && { initImage: pictureBytes(run.initImage) }),
    ...(run.mask !== undefined && { mask: pictureBytes(run.mask) }),
    controlnets: run.networks.map(materialiseControl),
    controlImages: run.controlImages.map(pictureBytes),
    controlnetConditioningScale: run.scales,
    controlGuidanceStart: run.starts,
    controlGuidanceEnd: run.ends,
  };
}
