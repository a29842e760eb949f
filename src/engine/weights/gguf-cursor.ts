import { hasBytes } from '../../core/file-signature';

/** Types of metadata values (`gguf_metadata_value_type`). */
export const GGUF_UINT32 = 4;
export const GGUF_STRING = 8;
export const GGUF_ARRAY = 9;
/** Bytes of the types with a fixed size. */
const BYTES: Readonly<Record<number, number>> = {
  ...{ 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 },
};

/** Tensors have up to four axes. */
const MOST_AXES = 4;

/** What a header says of a tensor. */
export interface GgufEntry {
  readonly name: string;
  /** The fastest axis first. */
  readonly sizes: readonly number[];
  /** The number of its type (`ggml_type` in ggml.h). */
  readonly type: number;
  /** From the start of all values, in bytes. */
  readonly offset: number;
}

/** Whether a file begins as GGUF. */
export function isGguf(start: Buffer): boolean {
  return hasBytes(start, 'GGUF');
}

/** Reads little-endian values of GGUF one after the other. @throws RangeError at the end */
export class GgufCursor {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  skip(count: number): void {
    if (count > this.bytes.length - this.at) throw new RangeError('past the end');
    this.at += count;
  }

  uint32(): number {
    const value = this.bytes.readUInt32LE(this.at);
    this.at += 4;
    return value;
  }

  /** A count of 64 bits. Above 2^53 it is inexact, but then nothing of that size follows. */
  size(): number {
    const value = Number(this.bytes.readBigUInt64LE(this.at));
    this.at += 8;
    return value;
  }

  text(): string {
    const length = this.size();
    const from = this.at;
    this.skip(length);
    return this.bytes.toString('utf8', from, this.at);
  }

  /** The place of the next value. */
  get position(): number {
    return this.at;
  }

  tensor(): GgufEntry {
    const name = this.text();
    const axes = this.uint32();
    if (axes > MOST_AXES) throw new RangeError('too many axes');
    const sizes = Array.from({ length: axes }, () => this.size());
    return { name, sizes, type: this.uint32(), offset: this.size() };
  }

  /** Skips a value of the metadata. @throws RangeError also for a type that is not known */
  skipValue(type: number): void {
    if (type === GGUF_STRING) this.text();
    else if (type === GGUF_ARRAY) {
      const of = this.uint32();
      const count = this.size();
      const bytes = BYTES[of];
      if (bytes !== undefined) this.skip(bytes * count);
      else if (of === GGUF_STRING) for (let i = 0; i < count; i++) this.text();
      else throw new RangeError('an array of a type that is not known');
    } else this.skip(BYTES[type] ?? Infinity);
  }
}
