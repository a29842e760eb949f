import { EaselError } from './errors';
import { isRecord, shortJson, type JsonObject } from './json';

/** Limits of a number. */
export interface Limits {
  readonly least?: number;
  readonly most?: number;
  /** Zero is refused: the network divides by it. */
  readonly notZero?: boolean;
}

/** More than any width, size or count in a published config. A vocabulary has more tokens. */
const MOST = 65_536;
/** What other tools write into configs of any class: the type of the weights, versions, names of Python code. */
const GENERAL: readonly string[] = ['dtype', 'torch_dtype', 'transformers_version', 'auto_map'];
/** More than the levels of any network. */
const MOST_ENTRIES = 64;
/** Numbers beyond this are not those of a network; sums and products of them stay finite. */
const MOST_NUMBER = 1e9;

/**
 * Reads a component's config.json field by field, with a default for each. As in diffusers' `from_config`,
 * metadata (a leading underscore) is left out, and so are the fields that `_use_default_values` lists. A null
 * counts as an absent field, and as false for a switch. `finish` rejects every field that was not read and is
 * not listed as harmless, because an unknown field may change the image.
 *
 * A subclass can give null another meaning (`read`, `boolean`), and change messages (`refuse`).
 * @throws EaselError `unsupported-config` from every method that reads a value; the message names the field
 */
export class ConfigReader {
  protected readonly fields: JsonObject;
  private readonly seen = new Set<string>();

  /**
   * @param where the config's path, for messages
   * @throws EaselError `bad-file` if `json` is not an object
   */
  constructor(
    json: unknown,
    readonly where: string,
  ) {
    if (!isRecord(json)) {
      throw new EaselError('bad-file', `${where} is not a JSON object.`, { file: where });
    }
    this.fields = withoutDefaulted(json);
  }

  /** A field's value as in the file: undefined if it is absent, null if it is null. */
  raw(name: string): unknown {
    this.seen.add(name);
    return Object.hasOwn(this.fields, name) ? this.fields[name] : undefined;
  }

  /** Whether the field is present and not null. */
  given(name: string): boolean {
    const value = this.raw(name);
    return value !== undefined && value !== null;
  }

  /** A whole number of `least` to `most`. The field is required if there is no fallback. */
  integer(name: string, fallback?: number, least = 1, most = MOST): number {
    const value = this.read(name, fallback);
    if (value === undefined) throw this.lacks(name);
    if (isInteger(value, least, most)) return value;
    throw this.refuse(name, `a whole number from ${least} to ${most}`);
  }

  /** A finite number. */
  number(name: string, fallback: number, limits: Limits = {}): number {
    const { least = -MOST_NUMBER, most = MOST_NUMBER, notZero = false } = limits;
    const value = this.read(name, fallback);
    const isNumber = typeof value === 'number' && value >= least && value <= most;
    if (isNumber && !(notZero && value === 0)) return value;
    const known = limits.least === undefined && limits.most === undefined;
    const range = known ? 'a number' : `a number from ${least} to ${most}`;
    throw this.refuse(name, notZero ? `${range}, not 0` : range);
  }

  boolean(name: string, fallback: boolean): boolean {
    // To Python, None is false.
    if (this.raw(name) === null) return false;
    const value = this.read(name, fallback);
    if (typeof value === 'boolean') return value;
    throw this.refuse(name, 'true or false');
  }

  /** One of the supported values. */
  choice<T extends string>(name: string, choices: readonly T[], fallback: T): T {
    const value = this.read(name, fallback);
    const found = choices.find((choice) => choice === value);
    if (found === undefined) throw this.refuseChoice(name, choices);
    return found;
  }

  /** A list of 1 to 64 whole numbers from `minimum` to `most`. */
  integers(name: string, fallback: readonly number[], minimum = 1, most = MOST): readonly number[] {
    const value = this.read(name, fallback);
    const known = (entry: unknown): entry is number => isInteger(entry, minimum, most);
    if (isShortList(value) && value.every(known)) return value;
    throw this.refuse(name, `a list of whole numbers from ${minimum} to ${most}`);
  }

  /** One whole number for all levels, or a list with one for each level. */
  integerPerLevel(name: string, levels: number, fallback: number, most = MOST): readonly number[] {
    const is = (value: unknown): value is number => isInteger(value, 1, most);
    return this.perLevel(name, levels, fallback, is, `a whole number from 1 to ${most}`);
  }

  /** As `integerPerLevel`, for switches. */
  booleanPerLevel(name: string, levels: number, fallback: boolean): readonly boolean[] {
    return this.perLevel(name, levels, fallback, isBoolean, 'true or false');
  }

  /** A list of one or more supported values. */
  choices<T extends string>(
    name: string,
    choices: readonly T[],
    fallback: readonly T[],
  ): readonly T[] {
    const value = this.read(name, fallback);
    const known = (entry: unknown): entry is T => choices.includes(entry as T);
    if (isShortList(value) && value.every(known)) return value;
    throw this.refuse(name, `a list of ${choices.join(', ')}`);
  }

  /** Checks a field that Easel does not support: it must be absent, null or one of `values`. */
  only(name: string, ...values: readonly unknown[]): void {
    const value = this.raw(name) ?? null;
    if (value !== null && !values.includes(value)) {
      throw this.refuse(name, values.length === 0 ? 'null' : values.map(String).join(', '));
    }
  }

  /**
   * Rejects the fields that were not read, except null, false, harmless ones, and metadata.
   * @param harmless fields without effect on the result
   */
  finish(harmless: readonly string[]): void {
    for (const [name, value] of Object.entries(this.fields)) {
      const off = value === null || value === false || name.startsWith('_');
      if (off || this.seen.has(name) || GENERAL.includes(name) || harmless.includes(name)) continue;
      throw this.refuse(name);
    }
  }

  /** The error for an unsupported value. @param supported describes the supported values */
  refuse(name: string, supported?: string): EaselError {
    const value = shortJson(this.fields[name]);
    const known = supported === undefined ? 'The field is unknown.' : `Supported: ${supported}.`;
    const field = name.slice(0, 80);
    const message = `${this.where} has ${field} = ${value}, which Easel does not support. ${known}`;
    return new EaselError('unsupported-config', message, { file: this.where, field });
  }

  /** A field's value, or the fallback if it is absent or null. */
  protected read(name: string, fallback: unknown): unknown {
    return this.raw(name) ?? fallback;
  }

  protected refuseChoice(name: string, choices: readonly string[]): EaselError {
    return this.refuse(name, choices.join(', '));
  }

  private lacks(name: string): EaselError {
    const message = `${this.where} has no ${name}, and there is no default for it. Download the model again.`;
    return new EaselError('unsupported-config', message, { file: this.where, field: name });
  }

  private perLevel<T>(
    name: string,
    levels: number,
    fallback: T,
    is: (value: unknown) => value is T,
    kind: string,
  ): readonly T[] {
    const value = this.read(name, fallback);
    if (is(value)) return new Array<T>(levels).fill(value);
    if (Array.isArray(value) && value.length === levels && value.every(is)) return value;
    throw this.refuse(name, `${kind}, or a list of ${levels}`);
  }
}

function isInteger(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isShortList(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.length > 0 && value.length <= MOST_ENTRIES;
}

/** The fields that are not in `_use_default_values`: diffusers lists there what had the class's default. */
function withoutDefaulted(json: Record<string, unknown>): JsonObject {
  const defaulted = json._use_default_values;
  if (!Array.isArray(defaulted)) return json;
  const left = new Set<unknown>(defaulted);
  return Object.fromEntries(Object.entries(json).filter(([name]) => !left.has(name)));
}
