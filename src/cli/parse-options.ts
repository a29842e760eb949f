import { parseArgs, type ParseArgsConfig } from 'node:util';
import { EaselError } from '../core/errors';

export interface ParsedOptions {
  readonly values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
  readonly positionals: readonly string[];
}

/**
 * Node's `parseArgs`, strict, with negative numbers as values.
 * @throws EaselError `bad-request` naming the option
 */
export function parseOptions(
  args: readonly string[],
  options: NonNullable<ParseArgsConfig['options']>,
  allowPositionals: boolean,
): ParsedOptions {
  try {
    return parseArgs({ args: joinNegativeNumbers(args), options, allowPositionals, strict: true });
  } catch (thrown) {
    throw new EaselError(
      'bad-request',
      (thrown as Error).message.split('\n')[0] ?? 'bad arguments',
    );
  }
}

/** `parseArgs` reads `--seed -1` as two options: joins a negative number with the option before it. */
function joinNegativeNumbers(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const last = joined.at(-1);
    if (/^-\d/.test(arg) && last?.startsWith('--') && !last.includes('=')) {
      joined[joined.length - 1] = `${last}=${arg}`;
    } else {
      joined.push(arg);
    }
  }
  return joined;
}
