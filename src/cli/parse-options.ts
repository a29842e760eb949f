import { EaselError } from '../core/errors';
import { nearest } from './nearest';

export interface ParsedOptions {
  readonly values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
  readonly positionals: readonly string[];
}

export interface OptionSpec {
  /** `boolean` is a switch without a value. */
  readonly type: 'string' | 'boolean';
  /** The value may be left out, which is the empty text; the next argument is it only where it looks so. */
  readonly optional?: RegExp | undefined;
  readonly multiple?: boolean;
  /** With `multiple`: the arguments after a value that look so are values too. */
  readonly more?: RegExp | undefined;
  /** Whether the value may be empty, as the text of a prompt may. */
  readonly mayBeEmpty?: boolean;
  /** One letter, for `-y`. */
  readonly short?: string;
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/**
 * Reads options and other arguments. Unlike with Node's `parseArgs`, a value may begin with a dash
 * (`--seed -1`, `--negative-prompt "-- text"`), and so may the other arguments where they cannot be meant as an
 * option (`"-5 degrees"`). After `--` nothing is an option.
 * @throws EaselError `bad-request` naming the option
 */
export function parseOptions(
  args: readonly string[],
  options: OptionSpecs,
  allowPositionals: boolean,
): ParsedOptions {
  const values: Record<string, string | boolean | (string | boolean)[] | undefined> = {};
  const positionals: string[] = [];
  const put = (name: string, value: string | boolean) => {
    // Mostly a variable that is not set: `--output "$FOLDER"`.
    if (value === '' && !options[name]?.mayBeEmpty && !options[name]?.optional)
      throw bad(`--${name} needs a value.`);
    const earlier = values[name];
    values[name] = options[name]?.multiple
      ? [...(earlier === undefined ? [] : [earlier].flat()), value]
      : value;
  };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    if (arg === '--') {
      positionals.push(...args.slice(i + 1));
      break;
    }
    const option = readOption(arg, options);
    if (!option) {
      positionals.push(arg);
      continue;
    }
    const { name, value } = option;
    if (options[name]?.type === 'boolean') {
      if (value !== undefined) throw bad(`--${name} takes no value, not "${value}".`);
      put(name, true);
    } else if (value !== undefined) {
      put(name, value);
    } else {
      const next = args[i + 1];
      const { optional } = options[name] ?? {};
      if (optional && !optional.test(next ?? '')) {
        put(name, '');
        continue;
      }
      if (next === undefined || next === '--' || isKnown(next, options)) {
        const hint = next === undefined ? '' : ` To give it "${next}": --${name}=${next}`;
        throw bad(`--${name} needs a value.${hint}`);
      }
      put(name, next);
      i += 1;
      const more = options[name]?.more;
      while (more?.test(args[i + 1] ?? '')) {
        i += 1;
        put(name, args[i] ?? '');
      }
    }
  }
  const [unexpected] = positionals;
  if (!allowPositionals && unexpected !== undefined) {
    throw bad(`"${unexpected}" is not expected here. Try: easel --help`);
  }
  return { values, positionals };
}

interface GivenOption {
  readonly name: string;
  /** After `=`. */
  readonly value: string | undefined;
}

/** The option that an argument is; undefined for other arguments. @throws EaselError for an unknown option */
function readOption(arg: string, options: OptionSpecs): GivenOption | undefined {
  const known = knownOption(arg, options);
  if (known) return known;
  // Editors and phones put long dashes in the place of `--`.
  const [, dashes = '', word = ''] = /^(-+|[\u2010-\u2015\u2212]+)([^=]*)/.exec(arg) ?? [];
  if (dashes === '' || word === '') return undefined;
  // `-seed` and `—seed` are meant as options; `-cat` and `— a title` are text.
  const isMeant =
    dashes === '--' ? !/\s/.test(word) : Object.hasOwn(options, word) || isLetter(dashes, word);
  if (!isMeant) return undefined;
  const name = nearest(word, Object.keys(options));
  const hint = name === undefined ? 'Try: easel --help' : `Did you mean --${name}?`;
  throw bad(`There is no option ${dashes}${word}. ${hint}`);
}

function knownOption(arg: string, options: OptionSpecs): GivenOption | undefined {
  const [, name = '', value] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
  if (Object.hasOwn(options, name)) return { name, value };
  const short = /^-(.)$/u.exec(arg)?.[1];
  const long = Object.keys(options).find((key) => short && options[key]?.short === short);
  return long === undefined ? undefined : { name: long, value: undefined };
}

function isKnown(arg: string, options: OptionSpecs): boolean {
  return knownOption(arg, options) !== undefined;
}

function isLetter(dashes: string, word: string): boolean {
  return dashes === '-' && /^[a-z]$/i.test(word);
}

/** The arguments before `--`, which are options if they look like it. */
export function optionPart(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return end === -1 ? args : args.slice(0, end);
}

function bad(message: string): EaselError {
  return new EaselError('bad-request', message);
}
