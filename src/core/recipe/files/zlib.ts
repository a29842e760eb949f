import { Unzlib } from 'fflate/browser';
import { joinBytes, MAX_TEXT_BYTES } from './byte-reader';

/** Deflate unpacks at most 1032 to 1: one step makes at most about 8 MB, however hostile the stream. */
const STEP_BYTES = 8192;

/**
 * Unpacks a zlib stream (RFC 1950 and 1951), which compressed PNG texts are.
 * @param maxBytes of what is unpacked
 * @returns undefined for damaged data, or more than `maxBytes` of it; the checksum is not read
 */
export function inflateZlib(bytes: Uint8Array, maxBytes = MAX_TEXT_BYTES): Uint8Array | undefined {
  const parts: Uint8Array[] = [];
  let size = 0;
  const stream = new Unzlib((part) => {
    parts.push(part);
    size += part.length;
  });
  try {
    for (let at = 0; size <= maxBytes; at += STEP_BYTES) {
      const isLast = at + STEP_BYTES >= bytes.length;
      stream.push(bytes.subarray(at, at + STEP_BYTES), isLast);
      if (isLast) return size <= maxBytes ? joinBytes(parts) : undefined;
    }
  } catch {
    // fflate throws for damaged data.
  }
  return undefined;
}

const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) !== 0 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/** The checksum of PNG chunks (ISO 3309), which neither fflate exports nor Node 20.0 has. */
export function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) crc = (crc >>> 8) ^ TABLE[(crc ^ byte) & 0xff]!;
  return ~crc >>> 0;
}
