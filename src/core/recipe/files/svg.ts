import { ByteReader, joinBytes, toUtf8 } from './byte-reader';

/** Where the root element ends is looked for in this many bytes. */
const HEAD_BYTES = 4096;
const OPEN = '<metadata>';
const CLOSE = '</metadata>';

/** Whether a file begins as an SVG drawing does, behind an XML declaration and comments. */
export function isSvg(bytes: Uint8Array): boolean {
  const [first] = bytes;
  if (first !== 0x3c && first !== 0xef) return false;
  return /^\uFEFF?\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*>\s*)*<svg[\s>]/.test(head(bytes));
}

/** The file from its metadata element on; undefined where it has none. */
export function readSvgPacket(bytes: Uint8Array): Uint8Array | undefined {
  const start = find(bytes, OPEN);
  const end = find(bytes, CLOSE, start);
  return start < 0 || end < 0 ? undefined : bytes.subarray(start + OPEN.length, end);
}

/** The same drawing with a metadata element that holds this packet, instead of its first. */
export function writeSvgPacket(bytes: Uint8Array, packet: Uint8Array): Uint8Array | undefined {
  const root = /<svg[^>]*[^/]>/.exec(head(bytes));
  if (!root) return undefined;
  const inside = toUtf8(head(bytes).slice(0, root.index + root[0].length)).length;
  const start = find(bytes, OPEN);
  const end = find(bytes, CLOSE, start);
  const had = start >= inside && end >= 0;
  return joinBytes([
    bytes.subarray(0, had ? start : inside),
    toUtf8(OPEN),
    packet,
    toUtf8(CLOSE),
    bytes.subarray(had ? end + CLOSE.length : inside),
  ]);
}

/** A byte order mark stays, so that places in the text are places in the file. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function head(bytes: Uint8Array): string {
  return decoder.decode(bytes.subarray(0, HEAD_BYTES));
}

function find(bytes: Uint8Array, text: string, from = 0): number {
  const reader = new ByteReader(bytes);
  for (let at = Math.max(from, 0); ; at++) {
    at = bytes.indexOf(text.charCodeAt(0), at);
    if (at < 0 || reader.startsWith(text, at)) return at;
  }
}
