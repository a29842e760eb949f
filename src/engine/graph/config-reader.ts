import { EaselError } from '../../core/errors';

/**
 * Reads a component's config.json field by field. Every field must be read or named harmless: `finish`
 * refuses the rest, because a field that is not understood may change the picture.
 */
export class ConfigReader {
  private readonly fields: Readonly<Record<string, unknown>>;
  private readonly seen = new Set<string>();

  /** @param where the config's path, for messages. */
  constructor(
    json: unknown,
    readonly where: string,
  ) {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) {
      throw new EaselError('bad-file', `${where} is not a JSON object.`, { file: where });
    }
    this.fields = json as Record<string, unknown>;
  }

  /** A field's value; undefined where it is absent. null is a value of its own in diffusers' configs. */
  raw(name: string): unknown {
    this.seen.add(name);
    return Object.hasOwn(this.fields, name) ? this.fields[name] : undefined;
  }

  /** Whether the field is present and not null. */
  given(name: string): boolean {
    const value = this.raw(name);
    return value !== undefined && value !== null;
  }

  integer(name: string, fallback?: number, least = 1): number {
    const value = this.raw(name) ?? fallback;
    if (value === undefined) throw this.lacks(name);
    if (Number.isSafeInteger(value) && (value as number) >= least) return value as number;
    throw this.refuse(name, `a whole number of at least ${least}`);
  }

  number(name: string, fallback: number): number {
    const value = this.raw(name) ?? fallback;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw this.refuse(name, 'a number');
  }

  boolean(name: string, fallback: boolean): boolean {
    const value = this.raw(name) ?? fallback;
    if (typeof value === 'boolean') return value;
    throw this.refuse(name, 'true or false');
  }

  /** One of the values that are understood. */
  choice<T extends string>(name: string, choices: readonly T[], fallback: T): T {
    const value = this.raw(name) ?? fallback;
    const found = choices.find((choice) => choice === value);
    if (found === undefined) throw this.refuse(name, choices.join(', '));
    return found;
  }

  /** Whole numbers of at least 1. */
  integers(name: string, fallback: readonly number[], minimum = 1): readonly number[] {
    const value = this.raw(name) ?? fallback;
    if (isIntegers(value, minimum) && value.length > 0) return value;
    throw this.refuse(name, `a list of whole numbers from ${minimum}`);
  }

  /** A whole number for every level, or a list with one for each of `levels`. */
  integerPerLevel(name: string, levels: number, fallback: number): readonly number[] {
    return this.perLevel(name, levels, fallback, isInteger, 'a whole number');
  }

  booleanPerLevel(name: string, levels: number, fallback: boolean): readonly boolean[] {
    return this.perLevel(name, levels, fallback, isBoolean, 'true or false');
  }

  choices<T extends string>(
    name: string,
    choices: readonly T[],
    fallback: readonly T[],
  ): readonly T[] {
    const value = this.raw(name) ?? fallback;
    const known = (entry: unknown): entry is T => choices.includes(entry as T);
    if (Array.isArray(value) && value.length > 0 && value.every(known)) return value;
    throw this.refuse(name, `a list of ${choices.join(', ')}`);
  }

  /** Fields that only have a meaning Easel does not know when they are neither absent nor one of `values`. */
  only(name: string, ...values: readonly unknown[]): void {
    const value = this.raw(name) ?? null;
    if (value !== null && !values.includes(value)) {
      throw this.refuse(name, values.length === 0 ? 'null' : values.map(String).join(', '));
    }
  }

  /** Names fields that change nothing of what is computed, then refuses every field nobody asked for. */
  finish(harmless: readonly string[]): void {
    for (const [name, value] of Object.entries(this.fields)) {
      const off = value === null || value === false;
      if (off || this.seen.has(name) || harmless.includes(name)) continue;
      throw this.refuse(name);
    }
  }

  /** The error for a value that is not understood; `understood` says what would be. */
  refuse(name: string, understood?: string): EaselError {
    const value = JSON.stringify(this.fields[name]);
    const known = understood === undefined ? 'this field is not known' : `known: ${understood}`;
    const message = `${this.where} asks for ${name} = ${value}, which Easel does not support (${known}).`;
    return new EaselError('unsupported-config', message, { file: this.where, field: name });
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
    const value = this.raw(name) ?? fallback;
    if (is(value)) return new Array<T>(levels).fill(value);
    if (Array.isArray(value) && value.length === levels && value.every(is)) return value;
    throw this.refuse(name, `${kind}, or a list of ${levels}`);
  }
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isIntegers(value: unknown, minimum: number): value is readonly number[] {
  return (
    Array.isArray(value) && value.every((entry) => Number.isSafeInteger(entry) && entry >= minimum)
  );
}
