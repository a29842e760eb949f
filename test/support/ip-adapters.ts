import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { GenerationRequestInput } from '../../src/core/request/request';
import { materialiseControl } from './controlnets';
import { pictureBytes, type PipelineCall } from './fixture';
import { FIXTURES } from './paths';
import { randomTensors, type TensorShapes, type WeightDType } from './random-weights';
import { writeSafetensors } from './safetensors-file';
import { tempFolder } from './temp-folder';
import { encodeTorchDicts } from './torch-file';

const FOLDER = path.join(FIXTURES, 'ip-adapters');

/** A network of scripts/reference/ip_adapters.py. */
interface AdapterNetwork {
  readonly tensors: TensorShapes;
  /** Of an adapter's file. */
  readonly ending?: string;
  /** Of the image encoder. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** A call of diffusers' pipelines with IP-Adapters. */
export interface AdapterRun extends PipelineCall {
  /** A case of pipelines/. */
  readonly model: string;
  readonly adapters: readonly string[];
  /** Of each adapter. */
  readonly images: readonly (readonly string[])[];
  /** Numbers, or diffusers' dicts of them for some blocks. */
  readonly scales: readonly (number | object)[];
  readonly blocks?: GenerationRequestInput['ipAdapterBlocks'];
  readonly initImage?: string;
  readonly strength?: number;
  readonly mask?: string;
  readonly imageGuidanceScale?: number;
  readonly controlnet?: string;
  readonly controlImage?: string;
}

const read = (name: string): unknown => JSON.parse(readFileSync(path.join(FOLDER, name), 'utf8'));

export const ADAPTER_NETWORKS = read('networks.json') as Readonly<Record<string, AdapterNetwork>>;
export const ADAPTER_RUNS = read('runs.json') as Readonly<Record<string, AdapterRun>>;

/** The image that diffusers drew. */
export function adapterPicture(run: string): string {
  return path.join(FOLDER, `${run}.png`);
}

/** What CLIPImageProcessor makes of images, at a size: float32 [3, size, size] of each. */
export function clipReference(): {
  readonly size: number;
  readonly images: readonly string[];
  readonly pixels: readonly Float32Array[];
} {
  const { size, images } = read('pixels.json') as { size: number; images: string[] };
  const bytes = readFileSync(path.join(FOLDER, 'pixels.bin'));
  const all = new Float32Array(new Uint8Array(bytes).buffer);
  const each = all.length / images.length;
  const pixels = images.map((_, index) => all.slice(index * each, (index + 1) * each));
  return { size, images, pixels };
}

/** The tensors of a network as the reference has them. */
export function adapterTensors(name: string, dtype: WeightDType = 'F32') {
  return randomTensors(ADAPTER_NETWORKS[name]!.tensors, dtype, `${name}.`);
}

let repository: string | undefined;

/** The folder `models` of a repository with every adapter, as that of the authors has it, written once. */
export function adapterFolder(): string {
  if (repository !== undefined) return repository;
  const folder = path.join(tempFolder(), 'models');
  repository = folder;
  writeEncoder(path.join(folder, 'image_encoder'));
  for (const [name, { ending }] of Object.entries(ADAPTER_NETWORKS)) {
    if (ending === undefined) continue;
    const file = path.join(folder, name + ending);
    if (ending === '.safetensors') writeSafetensors(file, adapterTensors(name));
    else writeFileSync(file, encodeTorchDicts(nested(adapterTensors(name))));
  }
  return folder;
}

/** As `torch.save` of the authors has it: two dicts in a dict. */
function nested(tensors: ReturnType<typeof adapterTensors>) {
  const parts = ['image_proj', 'ip_adapter'];
  return Object.fromEntries(
    parts.map((part) => [
      part,
      tensors
        .filter(({ name }) => name.startsWith(`${part}.`))
        .map((tensor) => ({ ...tensor, name: tensor.name.slice(part.length + 1) })),
    ]),
  );
}

/** Writes the image encoder as transformers saves it. @param changes of its config */
export function writeEncoder(
  folder: string,
  changes: Readonly<Record<string, unknown>> = {},
): void {
  mkdirSync(folder, { recursive: true });
  const { config } = ADAPTER_NETWORKS.encoder!;
  writeFileSync(path.join(folder, 'config.json'), JSON.stringify({ ...config, ...changes }));
  writeSafetensors(path.join(folder, 'model.safetensors'), adapterTensors('encoder'));
}

/** The file of an adapter, beside the folder of its image encoder. */
export function adapterFile(name: string): string {
  return path.join(adapterFolder(), name + ADAPTER_NETWORKS[name]!.ending!);
}

/**
 * Writes a full-face adapter for the UNet of `materialiseWide` with `times` the channels and `textTimes` the width of
 * the text features. Returns its file.
 */
export function writeWideAdapter(name: string, times: number, textTimes: number): string {
  const widened = Object.entries(ADAPTER_NETWORKS[name]!.tensors).map(([tensor, shape]) => {
    const [outputs, inputs] = shape as [number, number?];
    const isLayer = tensor.startsWith('ip_adapter.');
    const makesTokens = /^image_proj\.proj\.[23]\./.test(tensor);
    const factor = isLayer ? times : makesTokens ? textTimes : 1;
    const wide = inputs === undefined ? [] : [inputs * (isLayer ? textTimes : 1)];
    return [tensor, [outputs * factor, ...wide]] as const;
  });
  const folder = tempFolder();
  writeEncoder(path.join(folder, 'image_encoder'));
  const file = path.join(folder, `${name}-${times}.safetensors`);
  writeSafetensors(file, randomTensors(Object.fromEntries(widened), 'F32', `${name}.`));
  return file;
}

/** The request that asks for a run, but for its model. */
export function adapterRequest(run: AdapterRun): GenerationRequestInput {
  const { prompt, negativePrompt, seed, steps, guidanceScale, width, height } = run;
  const { strength, imageGuidanceScale, controlnet, controlImage } = run;
  return {
    ...{ prompt, negativePrompt, seed, steps, guidanceScale, width, height },
    ...(strength !== undefined && { strength }),
    ...(imageGuidanceScale !== undefined && { imageGuidanceScale }),
    ...(run.initImage !== undefined && { initImage: pictureBytes(run.initImage) }),
    ...(run.mask !== undefined && { mask: pictureBytes(run.mask) }),
    ...(controlnet !== undefined && { controlnets: [materialiseControl(controlnet)] }),
    ...(controlImage !== undefined && { controlImages: [pictureBytes(controlImage)] }),
    ipAdapters: run.adapters.map(adapterFile),
    ipAdapterImages: run.images.flat().map(pictureBytes),
    ipAdapterScale: run.scales.map(scaleOf),
    ...(run.blocks && { ipAdapterBlocks: run.blocks }),
  };
}

/** The number in a scale of diffusers: all that are not 0 are the same. */
function scaleOf(scale: number | object): number {
  if (typeof scale === 'number') return scale;
  return Math.max(...(JSON.stringify(scale).match(/\d+\.\d+/g) ?? []).map(Number));
}
