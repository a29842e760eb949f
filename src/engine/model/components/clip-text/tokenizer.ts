import type { TokenizerKind } from '../../layouts/layout';
import { join } from 'node:path';
import {
  type ClipTokenizer,
  loadClipTokenizer,
  type VocabularyFiles,
} from '../../../../core/tokenizer';
import {
  readJsonObject,
  readOptionalJsonObject,
  readOptionalText,
} from '../../../store/model-folder';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { EaselError } from '../../../../core/errors';
import { ReadOnce } from '../../../io/read-once';
import { packagedFolder } from '../../../store/packaged-files';

/** CLIP's tokenizer (byte-pair encoding). */
export const clipTokenizer: TokenizerKind<ClipTokenizer> = {
  classes: ['CLIPTokenizer', 'CLIPTokenizerFast'],
  read: loadTokenizer,
  published: (padding) => loadPublishedTokenizer(padding === '!' ? '!' : '<|endoftext|>'),
};

/**
 * Reads the tokenizer of a model folder (`tokenizer` or `tokenizer_2`): tokenizer.json if it exists, as in
 * transformers, else vocab.json and merges.txt.
 *
 * @param root the model's folder: links out of it are refused
 * @throws EaselError `model-incomplete`, `bad-file`, `unsupported-config`.
 */
export function loadTokenizer(folder: string, root = folder): Promise<ClipTokenizer> {
  const files = FILES.map((name) => join(folder, name));
  return tokenizers.get(`${root}\n${folder}`, files, () => readTokenizer(folder, root));
}

const FILES = [
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'tokenizer.json',
  'vocab.json',
  'merges.txt',
];

/** A model has two tokenizers at most. */
const MOST_READ = 4;

/** Each job opens its model, and reading 49,000 tokens takes longer than a step of a small one. */
const tokenizers = new ReadOnce<ClipTokenizer>(MOST_READ);

async function readTokenizer(folder: string, root: string): Promise<ClipTokenizer> {
  const optional = (name: string) => readOptionalJsonObject(join(folder, name), root);
  const config = {
    tokenizerConfig: await optional('tokenizer_config.json'),
    specialTokensMap: await optional('special_tokens_map.json'),
    addedTokens: await optional('added_tokens.json'),
  };
  return loadClipTokenizer(await readVocabulary(folder, root), config, folder);
}

async function readVocabulary(folder: string, root: string): Promise<VocabularyFiles> {
  const tokenizerJson = await readOptionalJsonObject(join(folder, 'tokenizer.json'), root);
  if (tokenizerJson !== undefined) return { tokenizerJson };
  const vocab = await readJsonObject(join(folder, 'vocab.json'), root);
  const file = join(folder, 'merges.txt');
  const merges = await readOptionalText(file, root);
  if (merges !== undefined) return { vocab, merges };
  const message = `${file} is missing. Download the model again.`;
  throw new EaselError('model-incomplete', message, { file });
}

/** The token that fills up a short prompt: the end token in CLIP ViT-L, `!` in the OpenCLIP models. */
export type Padding = '<|endoftext|>' | '!';

const START = '<|startoftext|>';
const END = '<|endoftext|>';
const END_OF_WORD = '</w>';

const FILE = path.join('models', 'clip-vocabulary', 'merges.txt.br');

/** Cached, because creating a tokenizer is slow. All models share these two. */
const made = new Map<Padding, Promise<ClipTokenizer>>();

/**
 * CLIP's tokenizer as the Stable Diffusion repositories publish it, for checkpoints without a tokenizer.
 *
 * @throws EaselError `internal` if the vocabulary that is part of Easel is missing
 */
export function loadPublishedTokenizer(padding: Padding): Promise<ClipTokenizer> {
  const tokenizer = made.get(padding) ?? makeTokenizer(padding);
  made.set(padding, tokenizer);
  tokenizer.catch(() => made.delete(padding));
  return tokenizer;
}

async function makeTokenizer(padding: Padding): Promise<ClipTokenizer> {
  const merges = await readMerges();
  const specialTokensMap = {
    bos_token: special(START),
    eos_token: special(END),
    unk_token: special(END),
    pad_token: padding,
  };
  const config = { specialTokensMap, tokenizerConfig: { model_max_length: 77 } };
  return loadClipTokenizer({ vocab: vocabularyOf(merges), merges }, config, FILE);
}

function special(content: string) {
  return { content, lstrip: false, normalized: true, rstrip: false, single_word: false };
}

async function readMerges(): Promise<string> {
  try {
    const file = path.join(packagedFolder('clip-vocabulary'), path.basename(FILE));
    return (await promisify(brotliDecompress)(await readFile(file))).toString('utf8');
  } catch (thrown) {
    const message = `Easel's file ${FILE} (the vocabulary of CLIP) cannot be read. Install Easel again.`;
    throw new EaselError('internal', message, { file: FILE }, { cause: thrown });
  }
}

/**
 * Token → id, in CLIP's order (simple_tokenizer.py): bytes, bytes at the end of a word, merges, special
 * tokens.
 * @param merges the lines of merges.txt
 */
function vocabularyOf(merges: string): Readonly<Record<string, number>> {
  const bytes = byteCharacters();
  const joined = merges.split('\n').flatMap((line) => (line === '' ? [] : line.replace(' ', '')));
  const endings = bytes.map((character) => character + END_OF_WORD);
  const tokens = [...bytes, ...endings, ...joined, START, END];
  return Object.fromEntries(tokens.map((token, id) => [token, id]));
}

/** The characters that represent the 256 bytes (`bytes_to_unicode`), printable Latin-1 first. */
function byteCharacters(): string[] {
  const range = (from: number, to: number): string[] =>
    Array.from({ length: to - from + 1 }, (_, index) => String.fromCharCode(from + index));
  return [...range(0x21, 0x7e), ...range(0xa1, 0xac), ...range(0xae, 0xff), ...range(0x100, 0x143)];
}
