import {
  ByteReader,
  fourBytes,
  fromLatin1,
  fromUtf8,
  isLatin1,
  joinBytes,
  MAX_TEXT_BYTES,
  toLatin1,
  toUtf8,
} from './byte-reader';
import { crc32, inflateZlib } from './zlib';

const SIGNATURE = '\u0089PNG\r\n\u001a\n';
/** A keyword is at most 79 bytes and ends with a zero (PNG specification, 11.3.4.2). */
const KEYWORD_BYTES = 79;

interface PngChunk {
  readonly type: string;
  readonly data: Uint8Array;
  /** Position in the file, including length, type and checksum. */
  readonly start: number;
  readonly end: number;
}

export function isPng(bytes: Uint8Array): boolean {
  return new ByteReader(bytes).startsWith(SIGNATURE);
}

/** More chunks than this are not read. A file has a few hundred at most. */
const MOST_CHUNKS = 100_000;

/**
 * Reads the texts of a PNG file (tEXt, zTXt and iTXt chunks), all or those with these keywords. If a keyword occurs
 * several times, the first is used. Damaged texts, and all after 16 MiB of texts, are left out.
 */
export function readPngTexts(
  bytes: Uint8Array,
  keywords?: ReadonlySet<string>,
): Map<string, string> {
  const texts = new Map<string, string>();
  let left = MAX_TEXT_BYTES;
  let chunks = 0;
  for (const chunk of chunksOf(bytes)) {
    if (left <= 0 || ++chunks > MOST_CHUNKS) break;
    const keyword = keywordOf(chunk);
    if (keyword === undefined || texts.has(keyword)) continue;
    if (keywords && !keywords.has(keyword)) continue;
    const raw = rawText(chunk, keyword, left);
    if (raw === undefined) continue;
    // What was too long was unpacked up to the limit, which is all that is left.
    left -= raw.bytes?.length ?? left;
    if (raw.bytes) texts.set(keyword, raw.isUtf8 ? fromUtf8(raw.bytes) : fromLatin1(raw.bytes));
  }
  return texts;
}

/**
 * The same file with these texts, before the pixels. They replace texts with the same keywords. Latin-1 texts
 * become tEXt chunks, others iTXt, as in Pillow. All other chunks are kept.
 * @returns undefined if the file does not begin with a header chunk
 */
export function writePngTexts(
  bytes: Uint8Array,
  texts: ReadonlyMap<string, string>,
): Uint8Array | undefined {
  const chunks = [...chunksOf(bytes)];
  const [header] = chunks;
  if (header?.type !== 'IHDR') return undefined;
  const parts = [bytes.subarray(0, header.end)];
  for (const [keyword, text] of texts) parts.push(textChunk(keyword, text));
  let kept = header.end;
  for (const chunk of chunks) {
    if (!texts.has(keywordOf(chunk) ?? '')) continue;
    parts.push(bytes.subarray(kept, chunk.start));
    kept = chunk.end;
  }
  parts.push(bytes.subarray(kept));
  return joinBytes(parts);
}

/** All chunks, up to the end of the file or to the first incomplete chunk. */
function* chunksOf(bytes: Uint8Array): Generator<PngChunk> {
  const reader = new ByteReader(bytes);
  let start = SIGNATURE.length;
  for (;;) {
    const length = reader.u32(start);
    const type = reader.slice(start + 4, 4);
    const data = length === undefined ? undefined : reader.slice(start + 8, length);
    if (!type || !data) return;
    const end = Math.min(start + 12 + data.length, bytes.length);
    yield { type: fromLatin1(type), data, start, end };
    start = end;
  }
}

function keywordOf({ type, data }: PngChunk): string | undefined {
  if (type !== 'tEXt' && type !== 'zTXt' && type !== 'iTXt') return undefined;
  const end = data.subarray(0, KEYWORD_BYTES + 1).indexOf(0);
  return end > 0 ? fromLatin1(data.subarray(0, end)) : undefined;
}

/** A text before it is decoded; without bytes if it is damaged or longer than what is left. */
interface RawText {
  readonly bytes: Uint8Array | undefined;
  readonly isUtf8: boolean;
}

function rawText({ type, data }: PngChunk, keyword: string, left: number): RawText | undefined {
  const rest = data.subarray(keyword.length + 1);
  const plain = (bytes: Uint8Array) => (bytes.length <= left ? bytes : undefined);
  if (type === 'tEXt') return { bytes: plain(rest), isUtf8: false };
  if (type === 'zTXt') return { bytes: inflateZlib(rest.subarray(1), left), isUtf8: false };
  const [compressed, method] = rest;
  const language = rest.indexOf(0, 2);
  const translated = language < 0 ? -1 : rest.indexOf(0, language + 1);
  if (translated < 0) return undefined;
  const raw = rest.subarray(translated + 1);
  if (compressed === 0) return { bytes: plain(raw), isUtf8: true };
  return method === 0 ? { bytes: inflateZlib(raw, left), isUtf8: true } : undefined;
}

function textChunk(keyword: string, text: string): Uint8Array {
  const name = toLatin1(keyword);
  return isLatin1(text) && !text.includes('\0')
    ? makeChunk('tEXt', [name, Uint8Array.of(0), toLatin1(text)])
    : makeChunk('iTXt', [name, Uint8Array.of(0, 0, 0, 0, 0), toUtf8(text)]);
}

function makeChunk(type: string, data: readonly Uint8Array[]): Uint8Array {
  const body = joinBytes([toLatin1(type), ...data]);
  return joinBytes([fourBytes(body.length - 4), body, fourBytes(crc32(body))]);
}
