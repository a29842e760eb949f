import { EaselError } from './errors';
import { isRecord, type JsonObject } from './json';

/**
 * Reads a component's config.json field by field, with a default for each. A null counts as an absent field.
 * `finish` refuses every field that was not read and is not named harmless, because a field that is not
 * understood may change the image.
 *
 * A subclass may give null another meaning (`read`, `boolean`) and other messages (`refuse`).
 * @throws EaselError `unsupported-config` from every method that reads a value; the message names the field
 */
export class ConfigReader {
  protected readonly fields: JsonObject;
  private readonly seen = new Set<string>();

  /**
   * @param where the config's path, for messages
   * @throws EaselError `bad-file` where `json` is not an object
   */
  constructor(
    json: unknown,
    readonly where: string,
  ) {
    if (!isRecord(json)) {
      throw new EaselError('bad-file', `${where} is not a JSON object.`, { file: where });
    }
    this.fields = json;
  }

  /** A field's value as it stands in the file: undefined where it is absent, and null where it is null. */
  raw(name: string): unknown {
    this.seen.add(name);
    return Object.hasOwn(this.fields, name) ? this.fields[name] : undefined;
  }

  /** Whether the field is present and not null. */
  given(name: string): boolean {
    const value = this.raw(name);
    return value !== undefined && value !== null;
  }

  /** A whole number of at least `least`; required where there is no fallback. */
  integer(name: string, fallback?: number, least = 1): number {
    const value = this.read(name, fallback);
    if (value === undefined) throw this.lacks(name);
    if (isInteger(value, least)) return value;
    throw this.refuse(name, `a whole number of at least ${least}`);
  }

  /** A finite number. */
  number(name: string, fallback: number): number {
    const value = this.read(name, fallback);
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw this.refuse(name, 'a number');
  }

  boolean(name: string, fallback: boolean): boolean {
    const value = this.read(name, fallback);
    if (typeof value === 'boolean') return value;
    throw this.refuse(name, 'true or false');
  }

  /** One of the values that are understood. */
  choice<T extends string>(name: string, choices: readonly T[], fallback: T): T {
    const value = this.read(name, fallback);
    const found = choices.find((choice) => choice === value);
    if (found === undefined) throw this.refuseChoice(name, choices);
    return found;
  }

  /** A list of one or more whole numbers of at least `minimum`. */
  integers(name: string, fallback: readonly number[], minimum = 1): readonly number[] {
    const value = this.read(name, fallback);
    const known = (entry: unknown): entry is number => isInteger(entry, minimum);
    if (Array.isArray(value) && value.length > 0 && value.every(known)) return value;
    throw this.refuse(name, `a list of whole numbers from ${minimum}`);
  }

  /** A whole number for every level, or a list with one for each of `levels`. */
  integerPerLevel(name: string, levels: number, fallback: number): readonly number[] {
    return this.perLevel(name, levels, fallback, (value) => isInteger(value, 1), 'a whole number');
  }

  /** As `integerPerLevel`, for switches. */
  booleanPerLevel(name: string, levels: number, fallback: boolean): readonly boolean[] {
    return this.perLevel(name, levels, fallback, isBoolean, 'true or false');
  }

  /** A list of one or more of the values that are understood. */
  choices<T extends string>(
    name: string,
    choices: readonly T[],
    fallback: readonly T[],
  ): readonly T[] {
    const value = this.read(name, fallback);
    const known = (entry: unknown): entry is T => choices.includes(entry as T);
    if (Array.isArray(value) && value.length > 0 && value.every(known)) return value;
    throw this.refuse(name, `a list of ${choices.join(', ')}`);
  }

  /** Refuses any value but null and `values`, for a field that Easel does not otherwise support. */
  only(name: string, ...values: readonly unknown[]): void {
    const value = this.raw(name) ?? null;
    if (value !== null && !values.includes(value)) {
      throw this.refuse(name, values.length === 0 ? 'null' : values.map(String).join(', '));
    }
  }

  /**
   * Refuses every field that was not read. Null and false are accepted, as are the `harmless` fields: those
   * that do not change the result.
   */
  finish(harmless: readonly string[]): void {
    for (const [name, value] of Object.entries(this.fields)) {
      const off = value === null || value === false;
      if (off || this.seen.has(name) || harmless.includes(name)) continue;
      throw this.refuse(name);
    }
  }

  /** The error for a value that is not understood; `understood` says which values are. */
  refuse(name: string, understood?: string): EaselError {
    const value = JSON.stringify(this.fields[name]);
    const known = understood === undefined ? 'this field is not known' : `known: ${understood}`;
    const message = `${this.where} asks for ${name} = ${value}, which Easel does not support (${known}).`;
    return new EaselError('unsupported-config', message, { file: this.where, field: name });
  }

  /** A field's value, or the fallback where it is not given. */
  protected read(name: string, fallback: unknown): unknown {
    return this.raw(name) ?? fallback;
  }

  protected refuseChoice(name: string, choices: readonly string[]): EaselError {
    return this.refuse(name, choices.join(', '));
  }

  private lacks(name: string): EaselError {
    const message = `${this.where} lacks ${name}, which has no default.`;
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

function isInteger(value: unknown, least: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least;
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}
