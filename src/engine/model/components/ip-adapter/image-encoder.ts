import path from 'node:path';
import type { ComputeType } from '../../../../core/devices';
import { EaselError } from '../../../../core/errors';
import { splitRepositoryId, isRepoId } from '../../../../core/repository-id';
import { buildClipVision } from '../../../graph/clip-vision';
import {
  parseClipVisionConfig,
  positionsOf,
  type ClipVisionConfig,
} from '../../../graph/clip-vision-config';
import type { ImageProjection } from '../../../graph/image-projection';
import { findSnapshot, hubCacheFolder, isFile, isFolder } from '../../../store/hub-cache';
import { IP_ADAPTERS } from '../../../../core/catalogue/ip-adapters';
import { IMAGE_ENCODER_FOLDERS } from '../../../store/ip-adapter-repository';
import { readJsonObject } from '../../../store/model-folder';
import { openComponentWeights, weightMemory, type WeightPlace } from '../../../weights/source';
import { graphNetwork, type Network } from '../../network';

/** A CLIPVisionModelWithProjection. The weights are not loaded yet. */
export interface ImageEncoder {
  readonly folder: string;
  /** Whether it is the one that the user asked for. */
  readonly isAsked: boolean;
  readonly config: ClipVisionConfig;
  /** Input `pixel_values`; outputs `image_embeds` and `penultimate_hidden_state`. See `buildClipVision`. */
  readonly network: Network;
  readonly memoryBytes: (type: ComputeType, place: WeightPlace) => number;
}

/** Where an image encoder is looked for. */
export interface EncoderPlaces {
  /** What the user asked for: a folder, or a repository in the cache. */
  readonly asked: string | undefined;
  /** The file of the adapter. */
  readonly adapter: string;
  /** The model's folder; undefined for a single file. */
  readonly model: string | undefined;
}

/**
 * Finds the image encoder that an IP-Adapter was taught with: the first one whose features have the width that the
 * adapter reads, of the one that is asked for, those beside the adapter's file, that of the model, and those of the
 * authors' repository in the cache. No weights are loaded.
 * @throws EaselError `model-not-found` where none is there; `unsupported-model` where none fits; `model-incomplete`,
 *   `bad-file`, `unsupported-config` where the one that fits cannot be read
 */
export async function openImageEncoder(
  id: string,
  projection: ImageProjection,
  places: EncoderPlaces,
): Promise<ImageEncoder> {
  const others: string[] = [];
  const asked = places.asked === undefined ? [] : await askedFolder(places.asked);
  for (const folder of await encoderFolders(asked, places)) {
    const where = path.join(folder, 'config.json');
    const config = parseClipVisionConfig(await readJsonObject(where, folder), where);
    const width = featureWidth(projection, config);
    if (width === projection.inputDim) return openEncoder(folder, config, asked.includes(folder));
    others.push(`${folder} (${width} wide)`);
  }
  const field = { field: 'ipAdapterImageEncoder', ipAdapter: id };
  const needs = `needs the CLIP image encoder that it was taught with, whose features are ${projection.inputDim} wide`;
  const advice =
    'Give its folder with --ip-adapter-image-encoder, or fetch the one of the authors: ' +
    `easel models download ${IP_ADAPTERS}${isLarge(projection) ? `/${WITH_LARGE}` : ''}.`;
  if (others.length === 0) {
    throw new EaselError(
      'model-not-found',
      `${id} ${needs}, and there is none beside it. ${advice}`,
      field,
    );
  }
  throw new EaselError(
    'unsupported-model',
    `${id} ${needs}. Those that are there are others: ${others.join(', ')}. ${advice}`,
    field,
  );
}

/** An adapter that is downloaded together with the larger encoder. */
const WITH_LARGE = 'sdxl_models/ip-adapter_sdxl.safetensors';

/** Whether a projection reads features of the widths of OpenCLIP's ViT-bigG. */
function isLarge({ kind, inputDim }: ImageProjection): boolean {
  return inputDim === (kind === 'plain' ? 1280 : 1664);
}

/** Width of the features that a projection reads of an encoder. */
function featureWidth({ kind }: ImageProjection, config: ClipVisionConfig): number {
  return kind === 'plain' ? config.projectionDim : config.hiddenSize;
}

/**
 * Refuses an image encoder that the user names and that none of the adapters is used with: another one was found.
 * @throws EaselError `unsupported-model`
 */
export function requireAskedEncoder(
  asked: string | undefined,
  encoders: readonly ImageEncoder[],
): void {
  if (asked === undefined || encoders.some(({ isAsked }) => isAsked)) return;
  throw new EaselError(
    'unsupported-model',
    `The image encoder ${asked} is none that the IP-Adapter was taught with: its features have another width. ` +
      'Leave --ip-adapter-image-encoder out: another image encoder that fits is there.',
    { field: 'ipAdapterImageEncoder', path: asked },
  );
}

/** The folders with a config.json, in the order that they are preferred in. */
async function encoderFolders(
  asked: readonly string[],
  { adapter, model }: Pick<EncoderPlaces, 'adapter' | 'model'>,
): Promise<string[]> {
  const near = path.dirname(path.resolve(adapter));
  const authors = await findSnapshot(hubCacheFolder(process.env), IP_ADAPTERS);
  const candidates = [
    ...asked,
    path.join(near, 'image_encoder'),
    ...IMAGE_ENCODER_FOLDERS.map((folder) => path.join(near, '..', folder)),
    ...(model === undefined ? [] : [path.join(model, 'image_encoder')]),
    ...(authors === undefined
      ? []
      : IMAGE_ENCODER_FOLDERS.map((folder) => path.join(authors, folder))),
  ];
  const found: string[] = [];
  for (const folder of new Set(candidates)) {
    if (await isFile(path.join(folder, 'config.json'))) found.push(folder);
  }
  return found;
}

/** @throws EaselError `model-not-found` where it is neither a folder with an encoder nor a repository in the cache */
async function askedFolder(asked: string): Promise<readonly string[]> {
  const cache = hubCacheFolder(process.env);
  const { repoId, revision } = splitRepositoryId(asked);
  const snapshot =
    !(await isFolder(asked)) && isRepoId(repoId)
      ? await findSnapshot(cache, repoId, revision)
      : undefined;
  const folder = snapshot ?? path.resolve(asked);
  const inside = [
    folder,
    path.join(folder, 'image_encoder'),
    ...IMAGE_ENCODER_FOLDERS.map((name) => path.join(folder, name)),
  ];
  for (const one of inside) if (await isFile(path.join(one, 'config.json'))) return inside;
  throw new EaselError(
    'model-not-found',
    `The image encoder ${asked} is neither a folder with a config.json nor a repository in the Hugging Face cache (${cache}).`,
    { field: 'ipAdapterImageEncoder', path: asked },
  );
}

async function openEncoder(
  folder: string,
  config: ClipVisionConfig,
  isAsked: boolean,
): Promise<ImageEncoder> {
  const weights = await openComponentWeights(folder);
  const options = { component: 'image encoder', key: `image encoder ${folder}`, weights };
  return {
    ...{ folder, isAsked, config },
    network: graphNetwork(options, (target) => buildClipVision(config, weights, { target })),
    memoryBytes: (type, place) =>
      weightMemory(weights, type, { place, isCopied: () => place === 'card' }),
  };
}

/** Positions of the features that a projection reads. */
export function featurePositions(
  { kind }: ImageProjection,
  { config }: Pick<ImageEncoder, 'config'>,
): number {
  return kind === 'plain' ? 1 : positionsOf(config);
}
