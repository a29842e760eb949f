import { EaselError } from '../../core/errors';
import { isRecord } from '../../core/json';
import { DTYPE_BYTES, type DType, isDType, isRefusedDType } from './dtype';

/** One tensor of a header; `begin` and `end` are bytes from the start of the data. */
export interface HeaderEntry {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface ParsedHeader {
  readonly entries: readonly HeaderEntry[];
  readonly metadata: ReadonlyMap<string, string>;
}

export const METADATA = '__metadata__';

/**
 * Parses the JSON of a safetensors header, and checks it against the `dataBytes` that follow it.
 *
 * @throws EaselError `bad-file`, with `path` and the tensor; `unsupported-model` for an element type of the
 *   format that Easel does not support
 */
export function parseHeader(bytes: Buffer, dataBytes: number, path: string): ParsedHeader {
  const table = parseObject(bytes, path);
  const metadata = new Map<string, string>();
  const entries: HeaderEntry[] = [];
  for (const [name, value] of Object.entries(table)) {
    if (name === METADATA) readMetadata(value, metadata, path);
    else entries.push(readEntry(name, value, path));
  }
  checkRanges(entries, dataBytes, path);
  return { entries, metadata };
}

function damaged(path: string, what: string, tensor?: string): EaselError {
  const where = tensor === undefined ? '' : `, tensor ${quoted(tensor)}`;
  const data = tensor === undefined ? { path } : { path, tensor: tensor.slice(0, 200) };
  return new EaselError('bad-file', `${path} is damaged${where}: ${what}.`, data);
}

/** A name from an untrusted file, shortened and printable. */
function quoted(name: string): string {
  return JSON.stringify(name.length > 120 ? `${name.slice(0, 120)}…` : name);
}

function parseObject(bytes: Buffer, path: string): Record<string, unknown> {
  if (bytes[0] !== 0x7b) throw damaged(path, 'its header does not begin with a brace');
  let table: unknown;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    table = JSON.parse(text);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message.slice(0, 200) : 'unreadable';
    throw damaged(path, `its header is not JSON in UTF-8 (${reason})`);
  }
  if (!isRecord(table)) throw damaged(path, 'its header is not a JSON object');
  const twice = findDuplicateKey(text);
  if (twice !== undefined) throw damaged(path, `its header names ${quoted(twice)} twice`);
  return table;
}

function readMetadata(value: unknown, into: Map<string, string>, path: string): void {
  if (!isRecord(value)) throw damaged(path, `${METADATA} is not an object`);
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') throw damaged(path, `${METADATA} has a value that is not text`);
    into.set(key, text);
  }
}

function readEntry(name: string, value: unknown, path: string): HeaderEntry {
  if (!isRecord(value)) throw damaged(path, 'its entry is not an object', name);
  const dtype = readDType(name, value.dtype, path);
  const shape = readSizes(value.shape);
  if (shape === undefined) throw damaged(path, 'its shape is not a list of sizes', name);
  const [begin, end, ...rest] = readSizes(value.data_offsets) ?? [];
  if (begin === undefined || end === undefined || rest.length > 0 || begin > end) {
    throw damaged(path, 'its data_offsets are not a start and an end', name);
  }
  const bytes = byteLength(shape, dtype);
  if (end - begin !== bytes) {
    const expected = `${dtype} of shape [${shape.slice(0, 16).join(', ')}]`;
    throw damaged(path, `it has ${end - begin} bytes where ${expected} needs ${bytes}`, name);
  }
  return { name, dtype, shape, begin, end };
}

function readDType(name: string, dtype: unknown, path: string): DType {
  if (typeof dtype !== 'string') throw damaged(path, 'it has no dtype', name);
  if (isDType(dtype)) return dtype;
  if (isRefusedDType(dtype)) {
    const message =
      `${path} has ${quoted(name)} as ${dtype}, which Easel does not support. ` +
      'Use the model in float16, bfloat16 or float32.';
    throw new EaselError('unsupported-model', message, { path, tensor: name.slice(0, 200), dtype });
  }
  throw damaged(path, `its dtype ${quoted(dtype)} does not exist`, name);
}

/** A list of non-negative safe integers, or undefined. */
function readSizes(value: unknown): readonly number[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const sizes: number[] = [];
  for (const size of value as unknown[]) {
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return undefined;
    sizes.push(size + 0 === 0 ? 0 : size); // JSON allows "-0"
  }
  return sizes;
}

/** Bytes of a tensor. Above 2^53 the product is inexact, but then it differs from all valid offsets. */
function byteLength(shape: readonly number[], dtype: DType): number {
  if (shape.includes(0)) return 0;
  return shape.reduce((product, size) => product * size, DTYPE_BYTES[dtype]);
}

function checkRanges(entries: readonly HeaderEntry[], dataBytes: number, path: string): void {
  const inOrder = [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end);
  let covered = 0;
  for (const { name, begin, end } of inOrder) {
    if (end > dataBytes) {
      const what = `its data end ${end - dataBytes} bytes past the end of the file; download it again`;
      throw damaged(path, what, name);
    }
    if (begin < covered) throw damaged(path, 'its data overlap those of another tensor', name);
    if (begin > covered) throw damaged(path, 'bytes before its data belong to no tensor', name);
    covered = end;
  }
  if (covered !== dataBytes) {
    throw damaged(path, `${dataBytes - covered} bytes at its end belong to no tensor`);
  }
}

/**
 * Finds the first key that occurs twice in one object of a JSON text. `JSON.parse` silently keeps the last one,
 * so two readers of one file could see different tensors.
 *
 * @param text JSON that `JSON.parse` has accepted. Time and memory are linear in its length.
 * @returns undefined if there is none
 */
function findDuplicateKey(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = []; // the keys of each open object; undefined for an array
  let position = 0;
  while (position < text.length) {
    const character = text[position];
    if (character === '{') open.push(new Set());
    else if (character === '[') open.push(undefined);
    else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      const end = endOfString(text, position);
      const keys = open.at(-1);
      if (keys !== undefined && isFollowedByColon(text, end)) {
        const key = JSON.parse(text.slice(position, end)) as string;
        if (keys.has(key)) return key;
        keys.add(key);
      }
      position = end;
      continue;
    }
    position++;
  }
  return undefined;
}

/** The position after the closing quote of the string that starts at `start`. */
function endOfString(text: string, start: number): number {
  let position = start + 1;
  while (text[position] !== '"') position += text[position] === '\\' ? 2 : 1;
  return position + 1;
}

/** Only a key is followed by a colon. A string value is followed by a comma or a bracket. */
function isFollowedByColon(text: string, from: number): boolean {
  let position = from;
  while (' \t\n\r'.includes(text[position] ?? '-')) position++;
  return text[position] === ':';
}
