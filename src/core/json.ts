import { EaselError } from './errors';
import { oneLine } from './shown-text';

/** A JSON object as it was read: nothing is known of its values. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a JSON value is an object: not null, and not a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads JSON of an object; undefined for anything else. */
export function parseRecord(text: string | undefined): Record<string, unknown> | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** As `parseRecord`, for JSON with bare NaN and Infinity, which are read as null. */
export function parseLooseRecord(text: string | undefined): Record<string, unknown> | undefined {
  if (text === undefined) return undefined;
  return parseRecord(text) ?? parseRecord(replaceWords(text, () => 'null'));
}

/** More levels than any config has. Code that walks a value recursively relies on it. */
const MAX_DEPTH = 100;

/**
 * Reads a config that Python's json module wrote, with bare `NaN` (read as null), `Infinity` and `-Infinity`.
 * `JSON.parse` refuses these, but diffusers' DPM-Solver configs all have `"lambda_min_clipped": -Infinity`.
 * Time and memory are linear in the length.
 * @param where the file's name in messages
 * @throws EaselError `bad-file`
 */
export function parseConfigJson(text: string, where: string): Record<string, unknown> {
  const refuse = (what: string, cause?: unknown) =>
    new EaselError('bad-file', `${where} ${what}.`, { where }, { cause });
  const plain = text.startsWith('\ufeff') ? text.slice(1) : text;
  if (depthOf(plain) > MAX_DEPTH) {
    throw refuse(`has lists or objects in more than ${MAX_DEPTH} levels, as no config has`);
  }
  let value: unknown;
  try {
    value = parsePython(plain);
  } catch (error) {
    throw refuse('is not JSON. Download the model again, or correct the file', error);
  }
  if (!isRecord(value))
    throw refuse('does not hold a JSON object. Download the model again, or correct the file');
  return value;
}

function parsePython(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // JSON reads a number too large for a double as infinite.
    const numbers = { NaN: 'null', Infinity: '1e999', '-Infinity': '-1e999' };
    return JSON.parse(replaceWords(text, (word) => numbers[word]));
  }
}

type Word = 'NaN' | 'Infinity' | '-Infinity';

const BARE_WORD = /-?\bInfinity\b|\bNaN\b/g;

/** Replaces the words that Python writes for numbers that JSON does not have, outside of strings. */
function replaceWords(text: string, replace: (word: Word) => string): string {
  const parts: string[] = [];
  let from = 0;
  for (const { start, end } of strings(text)) {
    parts.push(text.slice(from, start).replace(BARE_WORD, (word) => replace(word as Word)));
    parts.push(text.slice(start, end));
    from = end;
  }
  parts.push(text.slice(from).replace(BARE_WORD, (word) => replace(word as Word)));
  return parts.join('');
}

/** How many lists and objects are open at once at most. */
function depthOf(text: string): number {
  let deepest = 0;
  let depth = 0;
  // Codes and no generator: a vocabulary has a million characters.
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case CODES.quote:
        at = endOfString(text, at) - 1;
        break;
      case CODES.list:
      case CODES.object:
        deepest = Math.max(deepest, ++depth);
        break;
      case CODES.endOfList:
      case CODES.endOfObject:
        depth--;
    }
  }
  return deepest;
}

const CODES = {
  quote: 0x22,
  list: 0x5b,
  backslash: 0x5c,
  endOfList: 0x5d,
  object: 0x7b,
  endOfObject: 0x7d,
} as const;

/** Where the string that starts at a quote ends: after its other quote, or at the end of the text. */
function endOfString(text: string, start: number): number {
  let end = start + 1;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === CODES.quote) break;
    if (code === CODES.backslash) end++;
  }
  return Math.min(end + 1, text.length);
}

/** The strings of a JSON text with their quotes. One without an end reaches to the end of the text. */
function* strings(text: string): Generator<{ readonly start: number; readonly end: number }> {
  let start = text.indexOf('"');
  while (start !== -1) {
    const end = endOfString(text, start);
    yield { start, end };
    start = text.indexOf('"', end);
  }
}

/** A JSON value in a message: shortened, on one line, without control characters. */
export function shortJson(value: unknown, length = 80): string {
  let text: string;
  try {
    text = value === undefined ? 'undefined' : JSON.stringify(value);
  } catch {
    // Nested too deep.
    text = Array.isArray(value) ? '[…]' : '{…}';
  }
  return oneLine(text, length);
}
