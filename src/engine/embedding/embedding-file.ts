import path from 'node:path';

import { EaselError } from '../../core/errors';
import { PickleDict, TorchTensor } from '../weights/pickle-value';
import { bundledWords, type LearnedWord } from '../weights/bundled-words';
import { knownFile } from '../weights/known-files';
import type { TensorRef } from '../weights/source';
import { stateDict, stateDictTensors, type TorchCheckpoint } from '../weights/torch-checkpoint';
import { readPartFile } from '../weights/weight-file';

/** A file of textual inversions. */
export interface EmbeddingFile {
  readonly path: string;
  /** The words, if the request names none. Usually one. */
  readonly words: readonly LearnedWord[];
  /** All vectors under one word; undefined for a file of separate words. */
  readonly whole: LearnedWord | undefined;
}

/** Tensor names that are not the token: AUTOMATIC1111, SDXL, and pivotal tuning. */
const PLAIN_NAMES = new Set(['emb_params', 'clip_l', 'clip_g']);
/** Pivotal tuning (diffusers' advanced DreamBooth script, cog-sdxl): a row for each of `<s0>`, `<s1>` and so on. */
const PIVOTAL_NAMES = new Set(['text_encoders_0', 'text_encoders_1']);
/** More words than this are no textual inversion. */
const MOST_WORDS = 1000;

/** A text encoder of Stable Diffusion 3, in the file of a textual inversion. */
const THIRD_ENCODER = 't5xxl';

/**
 * Reads a textual inversion from a safetensors or PyTorch file, in the format of diffusers (`learned_embeds`;
 * the token is the tensor's name, and there can be several), AUTOMATIC1111 (`emb_params` or `string_to_param`; the
 * token is the file's name), SDXL (`clip_l` and `clip_g`; the token is the file's name) or pivotal tuning
 * (`text_encoders_0` and `text_encoders_1`; the tokens are `<s0>`, `<s1>` and so on). Of the file of a LoRA, what is
 * bundled with it (`bundle_emb`).
 *
 * @throws EaselError `model-incomplete` (no such file), `bad-file`, `unsafe-file`, `unsupported-model` (not a
 *   textual inversion)
 */
export async function readEmbeddingFile(file: string): Promise<EmbeddingFile> {
  const tensors = await readTensors(file);
  const named = tensors.get('*');
  if (named !== undefined) return single(file, [named]);
  const bundled = bundledWords(tensors.values());
  if (bundled.length > 0) return ofWords(file, bundled);
  const vectors = [...tensors.values()];
  const names = vectors.map(({ name }) => name);
  const isVector = vectors.every(({ shape }) => shape.length === 1 || shape.length === 2);
  const first = vectors[0];
  if (!isVector || first === undefined || vectors.length > MOST_WORDS)
    throw noInversion(file, names);
  if (names.every((name) => PIVOTAL_NAMES.has(name))) return pivotal(file, vectors);
  if (vectors.length <= 2 && names.every((name) => PLAIN_NAMES.has(name))) {
    return single(file, vectors);
  }
  const width = first.shape.at(-1);
  const areWords = vectors.every(
    ({ name, shape }) => shape.at(-1) === width && !name.includes('.') && !PLAIN_NAMES.has(name),
  );
  if (vectors.length > 1 && !areWords) throw noInversion(file, names);
  const words = vectors.map((tensor) => ({ token: tensor.name, vectors: [tensor] }));
  return ofWords(file, words);
}

function ofWords(file: string, words: readonly LearnedWord[]): EmbeddingFile {
  return { path: file, words, whole: words.length === 1 ? words[0] : undefined };
}

function single(file: string, vectors: readonly TensorRef[]): EmbeddingFile {
  const word = { token: fileWord(file), vectors };
  return { path: file, words: [word], whole: word };
}

/** @param tensors [words, width], one for each text encoder */
function pivotal(file: string, tensors: readonly TensorRef[]): EmbeddingFile {
  const counts = tensors.map(({ shape }) => (shape.length === 1 ? 1 : shape[0]!));
  const [count = 0] = counts;
  const names = tensors.map(({ name }) => name);
  if (count === 0 || count > MOST_WORDS || counts.some((other) => other !== count)) {
    throw noInversion(file, names);
  }
  const words = Array.from({ length: count }, (_, index) => ({
    token: `<s${index}>`,
    vectors: tensors.map((tensor) => rowOf(tensor, index, count)),
  }));
  return { path: file, words, whole: { token: fileWord(file), vectors: tensors } };
}

function rowOf(tensor: TensorRef, index: number, count: number): TensorRef {
  const length = tensor.length / count;
  return {
    ...tensor,
    shape: tensor.shape.slice(-1),
    length,
    offset: tensor.offset + index * length,
  };
}

async function readTensors(file: string): Promise<ReadonlyMap<string, TensorRef>> {
  const read = await readPartFile(file);
  if (read.format === 'safetensors') return read.tensors;
  return parametersByString(read.checkpoint) ?? stateDictTensors(read.checkpoint);
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

/** Whether the tensor is one of a textual inversion, which says nothing of a file that is none. */
function isVectorName(name: string): boolean {
  return PLAIN_NAMES.has(name) || PIVOTAL_NAMES.has(name) || /^<.*>$/.test(name);
}

function noInversion(file: string, names: readonly string[]): EaselError {
  const what = names.includes(THIRD_ENCODER)
    ? 'a textual inversion for Stable Diffusion 3, which Easel does not support'
    : knownFile(names.filter((name) => !isVectorName(name)));
  if (what !== undefined) {
    const message = `${file} is not a textual inversion. It is ${what}.`;
    return new EaselError('unsupported-model', message, { path: file });
  }
  const examples = names.slice(0, 3).map((name) => JSON.stringify(name.slice(0, 60)));
  const message =
    `${file} is not a textual inversion: it should have vectors for words (or clip_l and clip_g), but has ` +
    `${names.length} tensors${names.length > 0 ? ` (${examples.join(', ')})` : ''}.`;
  return new EaselError('unsupported-model', message, { path: file });
}
