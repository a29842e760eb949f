import { EaselError } from './errors';

/**
 * A JSON string, or one of the bare words that Python writes for numbers JSON has no way to write. Strings
 * come first so that a word inside one is left alone.
 */
const STRING_OR_WORD = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;

/**
 * Reads a config that Python's json module wrote. It writes `-Infinity` where it means that, which
 * `JSON.parse` refuses: diffusers' DPM-Solver configs all have `"lambda_min_clipped": -Infinity`.
 * @param where what to call the file in a message
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
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new EaselError('bad-file', `${where} does not hold a JSON object.`, { where });
  }
  return value as Record<string, unknown>;
}
