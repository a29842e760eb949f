import type { TokenizerKind } from '../../layouts/layout';
import { loadPublishedTokenizer } from './published-tokenizer';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EaselError } from '../../../../core/errors';
import {
  type ClipTokenizer,
  loadClipTokenizer,
  type VocabularyFiles,
} from '../../../../core/tokenizer';
import { readJsonObject, readOptionalJsonObject } from '../../../store/model-folder';

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
 * @throws EaselError `model-incomplete`, `bad-file`, `unsupported-config`.
 */
export async function loadTokenizer(folder: string): Promise<ClipTokenizer> {
  const optional = (name: string) => readOptionalJsonObject(join(folder, name));
  const config = {
    tokenizerConfig: await optional('tokenizer_config.json'),
    specialTokensMap: await optional('special_tokens_map.json'),
    addedTokens: await optional('added_tokens.json'),
  };
  return loadClipTokenizer(await readVocabulary(folder), config, folder);
}

async function readVocabulary(folder: string): Promise<VocabularyFiles> {
  const tokenizerJson = await readOptionalJsonObject(join(folder, 'tokenizer.json'));
  if (tokenizerJson !== undefined) return { tokenizerJson };
  const vocab = await readJsonObject(join(folder, 'vocab.json'));
  const file = join(folder, 'merges.txt');
  try {
    return { vocab, merges: await readFile(file, 'utf8') };
  } catch (thrown) {
    const message = `${file} is missing or cannot be read. Download the model again.`;
    throw new EaselError('model-incomplete', message, { file }, { cause: thrown });
  }
}
