import { EaselError } from '../../core/errors';

/** Reads a pickle's bytes in order. All methods throw EaselError `bad-file` at the end of the file. */
export class PickleCursor {
  constructor(
    private readonly bytes: Buffer,
    private readonly path: string,
    /** The position of the next byte. */
    public position = 0,
  ) {}

  byte(): number {
    return this.take(1).readUInt8(0);
  }

  uint16(): number {
    return this.take(2).readUInt16LE(0);
  }

  int32(): number {
    return this.take(4).readInt32LE(0);
  }

  uint32(): number {
    return this.take(4).readUInt32LE(0);
  }

  /** Big-endian, unlike all other numbers in a pickle. */
  float64(): number {
    return this.take(8).readDoubleBE(0);
  }

  /** Little-endian two's complement, up to 8 bytes. Above 2^53 the result is the nearest double. */
  long(length: number): number {
    if (length > 8) throw this.damaged('a number has more than eight bytes');
    let value = 0n;
    for (const [index, byte] of this.take(length).entries())
      value |= BigInt(byte) << BigInt(8 * index);
    return Number(BigInt.asIntN(8 * length, value));
  }

  text(length: number): string {
    try {
      const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
      return decoder.decode(this.take(length));
    } catch (thrown) {
      if (thrown instanceof EaselError) throw thrown;
      throw this.damaged('a text is not UTF-8');
    }
  }

  latin1(length: number): string {
    return this.take(length).toString('latin1');
  }

  /** The text up to the end of the line. */
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.position);
    if (end === -1 || end - this.position > 256) throw this.damaged('a name has no end');
    const text = this.text(end - this.position);
    this.position++;
    return text;
  }

  damaged(what: string): EaselError {
    const message = `${this.path} is damaged: ${what} (byte ${this.position} of its pickle). Download it again.`;
    return new EaselError('bad-file', message, { path: this.path });
  }

  private take(length: number): Buffer {
    const end = this.position + length;
    if (end > this.bytes.length) throw this.damaged('it is cut short');
    const bytes = this.bytes.subarray(this.position, end);
    this.position = end;
    return bytes;
  }
}
