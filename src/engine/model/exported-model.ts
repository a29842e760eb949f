import { readdir } from 'node:fs/promises';
import path from 'node:path';

import { EaselError } from '../../core/errors';
import { parseClipTextConfig } from '../graph/clip-text-config';
import { parseUNetConfig, type UNetConfig } from '../graph/unet-config';
import { parseVaeConfig, type VaeConfig } from '../graph/vae-config';
import { readDefaults } from './defaults';
import type { Family } from './families';
import type { Model, TextEncoder, Vae } from './model';
import { readJsonObject, readOptionalJsonObject } from '../store/model-folder';
import type { JsonObject } from '../../core/json';
import type { ModelIndex } from '../store/model-folder';
import { loadTokenizer } from './tokenizer';
import { MODEL_FILE, onnxWeights, openOnnxComponent } from '../exported/component';
import type { OnnxHeader } from '../onnx/header';

/**
 * Whether a diffusers folder holds finished ONNX graphs and no weights to write graphs for: what
 * diffusers' conversion script and optimum leave. A folder with both is drawn with by its weights.
 */
export async function isOnnxFolder(folder: string): Promise<boolean> {
  const names = await readdir(path.join(folder, 'unet')).catch((): string[] => []);
  return names.includes(MODEL_FILE) && !names.some((name) => /\.(safetensors|bin)$/.test(name));
}

/**
 * Reads a folder of finished ONNX graphs: the layout of diffusers' conversion script, which has no configs
 * of its components, and optimum's, which has. What the graphs themselves say comes first.
 * @throws EaselError `model-incomplete`, `bad-file` or `unsupported-config`
 */
export async function openOnnxModel(
  { id, folder }: { readonly id: string; readonly folder: string },
  index: ModelIndex,
  family: Family,
): Promise<Model> {
  const suffixes = family.textEncoders === 2 ? ['', '_2'] : [''];
  const textEncoders: TextEncoder[] = [];
  for (const suffix of suffixes) {
    const onnx = await openOnnxComponent(path.join(folder, `text_encoder${suffix}`));
    textEncoders.push({
      config: parseClipTextConfig({}, onnx.header.path),
      weights: onnxWeights(onnx),
      onnx,
      tokenizer: await loadTokenizer(path.join(folder, `tokenizer${suffix}`)),
    });
  }
  const unet = await openOnnxComponent(path.join(folder, 'unet'));
  const unetJson = await optionalConfig(path.join(folder, 'unet'));
  return {
    id,
    folder,
    family,
    textEncoders,
    unet: {
      config: unetConfig(unet.header, unetJson, index.pipeline),
      weights: onnxWeights(unet),
      onnx: unet,
    },
    vae: await openVae(folder),
    zeroEmptyNegative: index.raw.force_zeros_for_empty_prompt !== false,
    schedulerConfig: await readJsonObject(path.join(folder, 'scheduler', 'scheduler_config.json')),
    defaults: await readDefaults(folder, family.defaults),
  };
}

async function openVae(folder: string): Promise<Vae> {
  const decoder = await openOnnxComponent(path.join(folder, 'vae_decoder'));
  const encoderFolder = path.join(folder, 'vae_encoder');
  const present = await readdir(encoderFolder).catch((): string[] => []);
  const encoder = present.includes(MODEL_FILE) ? await openOnnxComponent(encoderFolder) : undefined;
  const json = await optionalConfig(path.join(folder, 'vae_decoder'));
  return {
    kind: 'full',
    config: vaeConfig(decoder.header, json),
    weights: onnxWeights(decoder),
    onnx: { decoder, encoder },
  };
}

async function optionalConfig(folder: string): Promise<JsonObject> {
  return (await readOptionalJsonObject(path.join(folder, 'config.json'))) ?? {};
}

/** What the pipeline has to know of a UNet; the rest of the config is the graph's own affair. */
function unetConfig(header: OnnxHeader, json: JsonObject, pipeline: string): UNetConfig {
  const shape = (name: string) => header.inputs.find((input) => input.name === name)?.shape;
  const has = (name: string) => header.inputs.some((input) => input.name === name);
  const [, channels, height, width] = shape('sample') ?? [];
  const base = parseUNetConfig({ sample_size: json.sample_size ?? 64 }, header.path);
  const [first] = numbers(json.block_out_channels) ?? [320];
  const fallback = pipeline.includes('Inpaint') ? 9 : 4;
  const condProjDim = shape('timestep_cond')?.[1] ?? number(json.time_cond_proj_dim) ?? 256;
  return {
    ...base,
    inChannels: channels ?? number(json.in_channels) ?? fallback,
    sampleSize: height && width ? [height, width] : base.sampleSize,
    textTime: has('time_ids') ? { timeDim: 0, inputDim: 0 } : undefined,
    timeEmbedding: {
      ...base.timeEmbedding,
      condProjDim: has('timestep_cond') ? condProjDim : undefined,
    },
    down: base.down.map((level, i) => (i === 0 ? { ...level, channels: first! } : level)),
  };
}

/** Without a config a folder is of Stable Diffusion 1.x or 2.x, all of which share one autoencoder. */
function vaeConfig({ inputs, path: where }: OnnxHeader, json: JsonObject): VaeConfig {
  const { scaling_factor, latents_mean, latents_std, force_upcast, sample_size = 512 } = json;
  const blockOutChannels = numbers(json.block_out_channels) ?? [128, 256, 512, 512];
  const channels = inputs[0]?.shape?.[1] ?? number(json.latent_channels) ?? 4;
  const picked = {
    ...{ scaling_factor, latents_mean, latents_std, force_upcast, sample_size },
    block_out_channels: blockOutChannels,
    down_block_types: blockOutChannels.map(() => 'DownEncoderBlock2D'),
    up_block_types: blockOutChannels.map(() => 'UpDecoderBlock2D'),
    latent_channels: channels,
    norm_num_groups: 1,
  };
  const given = Object.entries(picked).filter(([, value]) => value !== undefined);
  return parseVaeConfig(Object.fromEntries(given), where);
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined;
}

function numbers(value: unknown): readonly number[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.every((entry): entry is number => number(entry) !== undefined) ? value : undefined;
}

/** The error of an image to image request to a folder without an encoder. */
export function noEncoder(id: string): EaselError {
  return new EaselError(
    'model-incomplete',
    `${id} has no vae_encoder, so it cannot start from a picture. Use a folder that has one.`,
  );
}
