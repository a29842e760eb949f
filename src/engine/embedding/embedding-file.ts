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

/** The vectors of a textual inversion, [vectors, width] or [width]; SDXL's has them for both encoders. */
export interface EmbeddingFile {
  readonly path: string;
  /** The word that stands for them where the request names none. */
  readonly token: string;
  readonly vectors: readonly TensorRef[];
}

/** Names that say what a tensor is, and not which word stands for it. */
const PLAIN_NAMES = new Set(['emb_params', 'clip_l', 'clip_g']);

/**
 * Reads a textual inversion: diffusers' (`learned_embeds`, the word is the tensor's name), AUTOMATIC1111's
 * (`emb_params` or `string_to_param`, the word is the file's name) or SDXL's (`clip_l` and `clip_g`), from
 * safetensors or a PyTorch file.
 *
 * @throws EaselError `model-incomplete` (no such file), `bad-file`, `unsafe-file`, `unsupported-model` (no
 *   textual inversion).
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
      `${file} is not a textual inversion: expected one tensor of vectors (or clip_l and clip_g), ` +
      `and found ${vectors.length}.`;
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

/** `string_to_param` has its one tensor under `*`. */
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
