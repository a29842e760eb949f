import path from 'node:path';

import { EaselError } from '../../core/errors';
import { PickleDict, TorchTensor } from '../weights/pickle-value';
import { readSafetensorsHeader, type TensorRef } from '../weights/safetensors';
import {
  readTorchCheckpoint,
  stateDict,
  stateDictTensors,
  type TorchCheckpoint,
} from '../weights/torch-checkpoint';

/** A textual inversion. */
export interface EmbeddingFile {
  readonly path: string;
  /** The token for the vectors, if the request names none. */
  readonly token: string;
  /** One tensor [vectors, width] or [width]; for SDXL two, one for each text encoder. */
  readonly vectors: readonly TensorRef[];
}

/** Tensor names that are not the token. */
const PLAIN_NAMES = new Set(['emb_params', 'clip_l', 'clip_g']);

/**
 * Reads a textual inversion from a safetensors or PyTorch file, in the format of diffusers (`learned_embeds`;
 * the token is the tensor's name), AUTOMATIC1111 (`emb_params` or `string_to_param`; the token is the file's
 * name) or SDXL (`clip_l` and `clip_g`; the token is the file's name).
 *
 * @throws EaselError `model-incomplete` (no such file), `bad-file`, `unsafe-file`, `unsupported-model` (not a
 *   textual inversion)
 */
export async function readEmbeddingFile(file: string): Promise<EmbeddingFile> {
  const tensors = await readTensors(file);
  const vectors = [...tensors.values()].filter(({ name }) => name !== '*');
  const named = tensors.get('*');
  if (named !== undefined) return { path: file, token: fileWord(file), vectors: [named] };
  const [first] = vectors;
  const single = vectors.length === 1 && first !== undefined;
  const both = vectors.length === 2 && vectors.every(({ name }) => PLAIN_NAMES.has(name));
  if (!(single || both) || vectors.some(({ shape }) => shape.length < 1 || shape.length > 2)) {
    const message =
      `${file} is not a textual inversion: it should have one tensor of vectors (or clip_l and clip_g), ` +
      `but has ${vectors.length} tensors.`;
    throw new EaselError('unsupported-model', message, { path: file });
  }
  const token = PLAIN_NAMES.has(first!.name) ? fileWord(file) : first!.name;
  return { path: file, token, vectors };
}

async function readTensors(file: string): Promise<ReadonlyMap<string, TensorRef>> {
  if (file.endsWith('.safetensors')) return (await readSafetensorsHeader(file)).tensors;
  const checkpoint = await readTorchCheckpoint(file);
  return parametersByString(checkpoint) ?? stateDictTensors(checkpoint);
}

/** AUTOMATIC1111's format: the dict `string_to_param` with one tensor under `*`. */
function parametersByString(
  checkpoint: TorchCheckpoint,
): ReadonlyMap<string, TensorRef> | undefined {
  const parameters = stateDict(checkpoint).get('string_to_param');
  if (!(parameters instanceof PickleDict)) return undefined;
  const tensor = [...parameters.entries.values()].find((value) => value instanceof TorchTensor);
  return new Map(tensor instanceof TorchTensor ? [['*', checkpoint.locate('*', tensor)]] : []);
}

function fileWord(file: string): string {
  return path.basename(file).replace(/\.[^.]*$/, '');
}
