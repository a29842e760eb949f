import { ByteReader, joinBytes, toUtf8 } from './byte-reader';

/** The root element's opening tag must end within these bytes. */
const HEAD_BYTES = 4096;
const OPEN = '<metadata>';
const CLOSE = '</metadata>';

/** Whether a file is an SVG: an `<svg` element after an optional XML declaration and comments. */
export function isSvg(bytes: Uint8Array): boolean {
  const [first] = bytes;
  if (first !== 0x3c && first !== 0xef) return false;
  return /^\uFEFF?\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*>\s*)*<svg[\s>]/.test(head(bytes));
}

/** The content of the metadata element; undefined if there is none. */
export function readSvgPacket(bytes: Uint8Array): Uint8Array | undefined {
  const start = find(bytes, OPEN);
  const end = find(bytes, CLOSE, start);
  return start < 0 || end < 0 ? undefined : bytes.subarray(start + OPEN.length, end);
}

/**
 * The same file with a metadata element with this packet. It replaces the first metadata element, if any.
 * @returns undefined for a file without a root element
 */
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

/** Keeps a byte order mark, so that positions in the text are positions in the file. */
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
