import { EaselError } from './errors';

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
  return (
    parseRecord(text) ??
    parseRecord(text?.replace(/(?<=[:[,]\s*)(?:NaN|-?Infinity)(?=\s*[,\]}])/g, 'null'))
  );
}

/**
 * A JSON string, or one of the bare words that Python writes for numbers that JSON does not have. Strings
 * come first, so that a word inside a string is not changed.
 */
const STRING_OR_WORD = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;

/**
 * Reads a config that Python's json module wrote, with bare `NaN` (read as null), `Infinity` and `-Infinity`.
 * `JSON.parse` refuses these, but diffusers' DPM-Solver configs all have `"lambda_min_clipped": -Infinity`.
 * @param where the file's name in messages
 * @throws EaselError `bad-file`
 */
export function parseConfigJson(text: string, where: string): Record<string, unknown> {
  // JSON reads a number too large for a double as infinite.
  const plain = text.replace(STRING_OR_WORD, (found) => {
    if (found.startsWith('"')) return found;
    if (found === 'NaN') return 'null';
    return found.startsWith('-') ? '-1e999' : '1e999';
  });
  let value: unknown;
  try {
    value = JSON.parse(plain);
  } catch (error) {
    throw new EaselError('bad-file', `${where} is not JSON.`, { where }, { cause: error });
  }
  if (!isRecord(value)) {
    throw new EaselError('bad-file', `${where} does not hold a JSON object.`, { where });
  }
  return value;
}
