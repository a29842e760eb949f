import { EaselError } from '../errors';
import { isRecord } from '../json';

/** The validated tokens and merges of a byte-pair encoding. */
export interface Vocabulary {
  /** Token → id. */
  readonly ids: ReadonlyMap<string, number>;
  /** The largest id plus one. */
  readonly size: number;
  /** Pairs of tokens with a space between them, in the order of merging. */
  readonly merges: readonly string[];
}

/**
 * Reads vocab.json and merges.txt (transformers' slow tokenizer).
 *
 * @param vocab the parsed vocab.json: token → id
 * @param merges the text of merges.txt: one pair of tokens per line, after an optional `#version` line
 * @param where the folder, for messages
 * @throws EaselError `bad-file`
 */
export function readVocabularyFiles(vocab: unknown, merges: string, where: string): Vocabulary {
  const pairs: string[] = [];
  for (const line of merges.split(/\r?\n/)) {
    if (line !== '' && !line.startsWith('#version')) pairs.push(checkedPair(line, where));
  }
  return { ...readIds(vocab, where), merges: pairs };
}

/**
 * Reads the model in a parsed tokenizer.json.
 *
 * @param where the folder, for messages
 * @throws EaselError `bad-file`; `unsupported-config` if it is not a byte-pair encoding
 */
export function readTokenizerJson(json: unknown, where: string): Vocabulary {
  const model = isRecord(json) ? json.model : undefined;
  if (!isRecord(model)) throw damaged(where, 'tokenizer.json has no model');
  if (model.type !== undefined && model.type !== 'BPE') {
    const message = `${where}: tokenizer.json has a model of type ${JSON.stringify(model.type)}, which Easel does not support. Supported: BPE.`;
    throw new EaselError('unsupported-config', message, { where, field: 'model.type' });
  }
  const { merges } = model;
  if (!Array.isArray(merges)) throw damaged(where, 'tokenizer.json has no merges');
  return {
    ...readIds(model.vocab, where),
    merges: merges.map((pair: unknown) => readPair(pair, where)),
  };
}

function readIds(vocab: unknown, where: string): Omit<Vocabulary, 'merges'> {
  if (!isRecord(vocab)) throw damaged(where, 'the vocabulary is not an object of tokens and ids');
  const ids = new Map<string, number>();
  let size = 0;
  for (const [token, id] of Object.entries(vocab)) {
    if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id > 0x7fffffff) {
      throw damaged(where, `the id of ${shown(token)} is not a whole number`);
    }
    ids.set(token, id);
    size = Math.max(size, id + 1);
  }
  if (ids.size === 0) throw damaged(where, 'the vocabulary is empty');
  return { ids, size };
}

/** A merge is "a b", or ["a", "b"] in newer versions. */
function readPair(pair: unknown, where: string): string {
  if (typeof pair === 'string') return checkedPair(pair, where);
  const parts: unknown[] = Array.isArray(pair) ? pair : [];
  if (parts.length === 2 && parts.every((part) => typeof part === 'string')) {
    return checkedPair(parts.join(' '), where);
  }
  throw notAPair(pair, where);
}

function checkedPair(pair: string, where: string): string {
  const space = pair.indexOf(' ');
  if (space > 0 && space < pair.length - 1 && !pair.includes(' ', space + 1)) return pair;
  throw notAPair(pair, where);
}

function notAPair(pair: unknown, where: string): EaselError {
  return damaged(where, `the merge ${shown(pair)} is not a pair of tokens`);
}

function shown(value: unknown): string {
  return JSON.stringify(value).slice(0, 80);
}

function damaged(where: string, what: string): EaselError {
  const message = `The tokenizer in ${where} is damaged: ${what}. Download the model again.`;
  return new EaselError('bad-file', message, { where });
}
