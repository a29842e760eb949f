import { EaselError } from './errors';
import { isRecord, type JsonObject } from './json';

/**
 * Reads a component's config.json field by field, with a default for each. A null counts as an absent field.
 * `finish` rejects every field that was not read and is not listed as harmless, because an unknown field may
 * change the image.
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
    this.fields = json;
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

  /** A whole number of at least `least`. The field is required if there is no fallback. */
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

  /** One of the supported values. */
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

  /** One whole number for all levels, or a list with one for each level. */
  integerPerLevel(name: string, levels: number, fallback: number): readonly number[] {
    return this.perLevel(name, levels, fallback, (value) => isInteger(value, 1), 'a whole number');
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
    if (Array.isArray(value) && value.length > 0 && value.every(known)) return value;
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
   * Rejects the fields that were not read, except null, false, and harmless ones.
   * @param harmless fields without effect on the result
   */
  finish(harmless: readonly string[]): void {
    for (const [name, value] of Object.entries(this.fields)) {
      const off = value === null || value === false;
      if (off || this.seen.has(name) || harmless.includes(name)) continue;
      throw this.refuse(name);
    }
  }

  /** The error for an unsupported value. @param supported describes the supported values */
  refuse(name: string, supported?: string): EaselError {
    const value = JSON.stringify(this.fields[name]);
    const known = supported === undefined ? 'The field is unknown.' : `Supported: ${supported}.`;
    const message = `${this.where} has ${name} = ${value}, which Easel does not support. ${known}`;
    return new EaselError('unsupported-config', message, { file: this.where, field: name });
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

function isInteger(value: unknown, least: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least;
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}
