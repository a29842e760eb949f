import type { FileReader } from '../io/file-reader';
import { WIRE } from './schema';

/** One field of a message, with the place of its value. */
export interface ProtobufField {
  readonly number: number;
  /** The value of a varint field; 0 for the others. */
  readonly varint: number;
  /** Where the field begins, with its tag. */
  readonly from: number;
  /** The value's bytes; of length-delimited fields without their length. */
  readonly start: number;
  readonly end: number;
  /** Length-delimited: a message, a string or bytes. */
  readonly isMessage: boolean;
}

/** Tag and length of a field take at most this many bytes. */
const HEADER_BYTES = 20;

type Fail = (what: string) => Error;

/**
 * Reads the field that begins at `at` of `bytes`; positions are relative to `bytes`.
 * @param limit where the message ends, which may be beyond `bytes`
 */
function readField(bytes: Uint8Array, at: number, limit: number, fail: Fail): ProtobufField {
  let position = at;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = bytes[position++];
      if (byte === undefined || position > limit) throw fail('a number is cut short');
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw fail('a number is too long');
  };
  const tag = varint();
  const number = Math.floor(tag / 8);
  const wire = tag % 8;
  let value = 0;
  let length = 0;
  if (wire === WIRE.varint) value = varint();
  else if (wire === WIRE.fixed64) length = 8;
  else if (wire === WIRE.fixed32) length = 4;
  else if (wire === WIRE.lengthDelimited) length = varint();
  else throw fail(`a field has the unknown wire type ${wire}`);
  const end = position + length;
  if (number === 0 || !Number.isSafeInteger(end) || end > limit) {
    throw fail('a field reaches beyond its message');
  }
  return {
    number,
    varint: value,
    from: at,
    start: position,
    end,
    isMessage: wire === WIRE.lengthDelimited,
  };
}

/** The fields of a message in memory. */
export function* protobufFields(bytes: Uint8Array, fail: Fail): Generator<ProtobufField> {
  for (let at = 0; at < bytes.length;) {
    const field = readField(bytes, at, bytes.length, fail);
    yield field;
    at = field.end;
  }
}

const WINDOW_BYTES = 2 ** 20;

/** A message in a file that may be larger than memory: only the values that are asked for are read. */
export class ProtobufFile {
  private window: Buffer = Buffer.alloc(0);
  private windowStart = 0;

  constructor(private readonly reader: FileReader) {}

  /** The fields between two positions of the file; their positions are the file's. */
  async *fields(start: number, end: number): AsyncGenerator<ProtobufField> {
    for (let at = start; at < end;) {
      const header = await this.bytes(at, Math.min(at + HEADER_BYTES, end));
      const fail = (what: string) => this.reader.damaged(what);
      const field = readField(header, 0, end - at, fail);
      const { from, start: valueStart, end: valueEnd, ...rest } = field;
      yield { ...rest, from: from + at, start: valueStart + at, end: valueEnd + at };
      at += field.end;
    }
  }

  async bytes(start: number, end: number): Promise<Buffer> {
    if (start < this.windowStart || end > this.windowStart + this.window.length) {
      const length = Math.min(Math.max(end - start, WINDOW_BYTES), this.reader.size - start);
      if (end - start > length) throw this.reader.damaged('it is cut short');
      this.window = await this.reader.read(start, length);
      this.windowStart = start;
    }
    return this.window.subarray(start - this.windowStart, end - this.windowStart);
  }
}
