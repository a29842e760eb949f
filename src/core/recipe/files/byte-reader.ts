/** Reads numbers and text from bytes. Beyond the end, all methods return undefined; they never throw. */
export class ByteReader {
  private readonly view: DataView;

  constructor(readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.bytes.length;
  }

  u8(at: number): number | undefined {
    return this.bytes[at];
  }

  u16(at: number, littleEndian = false): number | undefined {
    return this.has(at, 2) ? this.view.getUint16(at, littleEndian) : undefined;
  }

  u32(at: number, littleEndian = false): number | undefined {
    return this.has(at, 4) ? this.view.getUint32(at, littleEndian) : undefined;
  }

  /** A range of bytes; undefined if it is not completely inside. */
  slice(at: number, length: number): Uint8Array | undefined {
    return this.has(at, length) ? this.bytes.subarray(at, at + length) : undefined;
  }

  /** Whether these characters are at the position, one byte each. */
  startsWith(text: string, at = 0): boolean {
    for (let i = 0; i < text.length; i++) {
      if (this.bytes[at + i] !== text.charCodeAt(i)) return false;
    }
    return true;
  }

  private has(at: number, length: number): boolean {
    return at >= 0 && length >= 0 && at + length <= this.bytes.length;
  }
}

/** Texts of image files that are longer than this are not recipes. In bytes. */
export const MAX_TEXT_BYTES = 16 * 2 ** 20;

/** Characters that are decoded at once: joined single characters would take 30 bytes each. */
const DECODED_AT_ONCE = 8192;

/** Decodes one byte per character, as in PNG keywords and EXIF. */
export function fromLatin1(bytes: Uint8Array): string {
  return decodeInParts(bytes.length, (from, to) =>
    String.fromCharCode(...bytes.subarray(from, to)),
  );
}

/** Decodes UTF-16 with two bytes per unit; a last single byte is left out. */
export function fromUtf16(bytes: Uint8Array, littleEndian: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return decodeInParts(bytes.length >> 1, (from, to) => {
    const units = Array.from({ length: to - from }, (_, index) =>
      view.getUint16((from + index) * 2, littleEndian),
    );
    return String.fromCharCode(...units);
  });
}

function decodeInParts(length: number, decode: (from: number, to: number) => string): string {
  const parts: string[] = [];
  for (let from = 0; from < length; from += DECODED_AT_ONCE) {
    parts.push(decode(from, Math.min(from + DECODED_AT_ONCE, length)));
  }
  return parts.join('');
}

/** Encodes one byte per character. @param text with characters up to U+00FF */
export function toLatin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export function isLatin1(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0xff) return false;
  return true;
}

const utf8 = { encoder: new TextEncoder(), decoder: new TextDecoder('utf-8') };

export function toUtf8(text: string): Uint8Array {
  return utf8.encoder.encode(text);
}

/** Decodes UTF-8. Invalid bytes become U+FFFD. */
export function fromUtf8(bytes: Uint8Array): string {
  return utf8.decoder.decode(bytes);
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** Encodes a 32-bit number as four bytes. */
export function fourBytes(value: number, littleEndian = false): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, littleEndian);
  return bytes;
}
