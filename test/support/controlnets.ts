import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { GenerationRequestInput } from '../../src/core/request/request';
import { pictureBytes, type PipelineCall } from './fixture';
import { FIXTURES } from './paths';
import { randomTensors, type TensorShapes, type WeightDType } from './random-weights';
import { writeSafetensors } from './safetensors-file';
import { tempFolder } from './temp-folder';
import { encodeTorchCheckpoint } from './torch-file';

const FOLDER = path.join(FIXTURES, 'controlnets');

/** A ControlNet or a T2I-Adapter of scripts/reference/controlnets.py. */
export interface ControlNetwork {
  /** Absent: a single file in the original layout. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly tensors: TensorShapes;
  /** What the values of some tensors are multiplied by. */
  readonly gains: Readonly<Record<string, number>>;
}

/** A call of diffusers' pipelines with ControlNets and T2I-Adapters. */
export interface ControlRun extends Omit<PipelineCall, 'width' | 'height'> {
  /** A case of pipelines/. */
  readonly model: string;
  readonly networks: readonly string[];
  readonly controlImages: readonly string[];
  /** Empty: the pipeline's own. */
  readonly scales: number[];
  readonly starts: number[];
  readonly ends: number[];
  readonly scheduler?: string;
  readonly initImage?: string;
  readonly strength?: number;
  readonly mask?: string;
  /** Absent: what the images say. */
  readonly width?: number;
  readonly height?: number;
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

/**
 * Writes a network once, as diffusers saves it or as one file. Returns the folder or the file.
 * @param ending of a single file; a `.pth` file is a PyTorch checkpoint
 */
export function materialiseControl(
  name: string,
  ending: '.safetensors' | '.pth' = '.safetensors',
): string {
  const key = name + ending;
  const known = written.get(key);
  if (known !== undefined) return known;
  const { config } = CONTROL_NETWORKS[name]!;
  const folder = path.join(tempFolder(), name);
  mkdirSync(folder, { recursive: true });
  const base = config ? 'diffusion_pytorch_model' : 'control_v11p_sd15_canny';
  const file = path.join(folder, base + ending);
  const tensors = controlTensors(name);
  if (ending === '.pth') writeFileSync(file, encodeTorchCheckpoint(tensors));
  else writeSafetensors(file, tensors);
  if (config) writeFileSync(path.join(folder, 'config.json'), JSON.stringify(config));
  const place = config ? folder : file;
  written.set(key, place);
  return place;
}

/**
 * Writes a ControlNet or a T2I-Adapter for the UNet of `materialiseWide` with `times` the channels, and the same text features.
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
    const keepsInputs = /^(adapter\.)?conv_in|cond_embedding|attn2\.to_[kv]/.test(tensor);
    const wide = isOfImage
      ? shape
      : [
          outputs * times,
          ...(inputs === undefined ? [] : [inputs * (keepsInputs ? 1 : times)]),
          ...kernel,
        ];
    return [tensor, wide] as const;
  });
  const field = config?._class_name === 'T2IAdapter' ? 'channels' : 'block_out_channels';
  const channels = (config?.[field] as number[]).map((count) => count * times);
  writeFileSync(path.join(folder, 'config.json'), JSON.stringify({ ...config, [field]: channels }));
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
    controlnets: run.networks.map((name) => materialiseControl(name)),
    controlImages: run.controlImages.map(pictureBytes),
    controlnetConditioningScale: run.scales,
    controlGuidanceStart: run.starts,
    controlGuidanceEnd: run.ends,
  };
}
