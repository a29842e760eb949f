/** Maximum size of an unpacked text. Recipes are smaller. */
const MOST_BYTES = 16 * 2 ** 20;

const LENGTH_BASES = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
  163, 195, 227, 258,
];
const LENGTH_BITS = [
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
];
const DISTANCE_BASES = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
  3073, 4097, 6145, 8193, 12289, 16385, 24577,
];
const DISTANCE_BITS = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/**
 * Unpacks a zlib stream (RFC 1950 and 1951), the format of compressed PNG texts. The checksum is not checked.
 * @returns undefined for damaged data, or more than 16 MiB
 */
export function inflateZlib(bytes: Uint8Array): Uint8Array | undefined {
  const [method, flags] = bytes;
  if (method === undefined || flags === undefined) return undefined;
  const known = (method & 0xf) === 8 && (method * 256 + flags) % 31 === 0 && (flags & 0x20) === 0;
  if (!known) return undefined;
  try {
    return new Inflater(bytes.subarray(2)).run();
  } catch (thrown) {
    if (thrown === DAMAGED) return undefined;
    throw thrown;
  }
}

/** Thrown for damaged data, and caught above. */
const DAMAGED = new Error('damaged data');

/** A Huffman code: the number of symbols for each length, and the symbols in order (as in zlib's puff). */
interface Code {
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

class Inflater {
  private out = new Uint8Array(1024);
  private size = 0;
  private at = 0;
  private bitBuffer = 0;
  private bitCount = 0;

  constructor(private readonly bytes: Uint8Array) {}

  run(): Uint8Array {
    let last = false;
    while (!last) {
      last = this.bits(1) === 1;
      const kind = this.bits(2);
      if (kind === 0) this.copyStored();
      else if (kind === 1) this.unpack(FIXED_LENGTHS, FIXED_DISTANCES);
      else if (kind === 2) this.unpack(...this.readCodes());
      else throw DAMAGED;
    }
    return this.out.subarray(0, this.size);
  }

  private bits(count: number): number {
    while (this.bitCount < count) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw DAMAGED;
      this.bitBuffer |= byte << this.bitCount;
      this.bitCount += 8;
    }
    const value = this.bitBuffer & ((1 << count) - 1);
    this.bitBuffer >>>= count;
    this.bitCount -= count;
    return value;
  }

  private symbol({ counts, symbols }: Code): number {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= 15; length++) {
      code |= this.bits(1);
      const count = counts[length]!;
      if (code - count < first) return symbols[index + (code - first)]!;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw DAMAGED;
  }

  private push(byte: number): void {
    if (this.size === this.out.length) {
      if (this.size >= MOST_BYTES) throw DAMAGED;
      const grown = new Uint8Array(this.size * 2);
      grown.set(this.out);
      this.out = grown;
    }
    this.out[this.size++] = byte;
  }

  private copyStored(): void {
    this.bitBuffer = 0;
    this.bitCount = 0;
    const length = this.bits(16);
    if (length !== (this.bits(16) ^ 0xffff)) throw DAMAGED;
    for (let i = 0; i < length; i++) this.push(this.bits(8));
  }

  private unpack(lengths: Code, distances: Code): void {
    for (;;) {
      const symbol = this.symbol(lengths);
      if (symbol === 256) return;
      if (symbol < 256) this.push(symbol);
      else {
        const length = this.extended(symbol - 257, LENGTH_BASES, LENGTH_BITS);
        const distance = this.extended(this.symbol(distances), DISTANCE_BASES, DISTANCE_BITS);
        if (distance > this.size) throw DAMAGED;
        for (let i = 0; i < length; i++) this.push(this.out[this.size - distance]!);
      }
    }
  }

  /** A length or distance: the base of its symbol plus the extra bits. */
  private extended(symbol: number, bases: readonly number[], bits: readonly number[]): number {
    const base = bases[symbol];
    if (base === undefined) throw DAMAGED;
    return base + this.bits(bits[symbol] ?? 0);
  }

  private readCodes(): [Code, Code] {
    const lengthCount = this.bits(5) + 257;
    const distanceCount = this.bits(5) + 1;
    const codeCount = this.bits(4) + 4;
    const sizes = new Uint8Array(19);
    for (const place of CODE_LENGTH_ORDER.slice(0, codeCount)) sizes[place] = this.bits(3);
    const code = makeCode(sizes);
    const all = new Uint8Array(lengthCount + distanceCount);
    for (let i = 0; i < all.length;) {
      const symbol = this.symbol(code);
      if (symbol < 16) {
        all[i++] = symbol;
        continue;
      }
      if (symbol === 16 && i === 0) throw DAMAGED;
      const value = symbol === 16 ? all[i - 1]! : 0;
      const repeats =
        symbol === 16 ? 3 + this.bits(2) : symbol === 17 ? 3 + this.bits(3) : 11 + this.bits(7);
      if (i + repeats > all.length) throw DAMAGED;
      all.fill(value, i, i + repeats);
      i += repeats;
    }
    return [makeCode(all.subarray(0, lengthCount)), makeCode(all.subarray(lengthCount))];
  }
}

function makeCode(sizes: Uint8Array): Code {
  const counts = new Uint16Array(16);
  for (const size of sizes) counts[size]!++;
  counts[0] = 0;
  const offsets = new Uint16Array(16);
  for (let length = 1; length < 15; length++) {
    offsets[length + 1] = offsets[length]! + counts[length]!;
  }
  const symbols = new Uint16Array(sizes.length);
  for (const [symbol, size] of sizes.entries()) {
    if (size !== 0) symbols[offsets[size]!++] = symbol;
  }
  return { counts, symbols };
}

const FIXED_LENGTHS = makeCode(
  Uint8Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8)),
);
const FIXED_DISTANCES = makeCode(new Uint8Array(30).fill(5));
