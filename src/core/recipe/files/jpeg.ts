import { ByteReader, joinBytes, toLatin1 } from './byte-reader';

const EXIF = 'Exif\0\0';
const XMP = 'http://ns.adobe.com/xap/1.0/\0';
/** Maximum data of a segment, without the two bytes of its length. */
const MOST_BYTES = 0xffff - 2;
const APP0 = 0xe0;
const APP1 = 0xe1;
const START_OF_SCAN = 0xda;

/** The two metadata blocks of an image file. */
export interface MetadataBlocks {
  /** A TIFF file. */
  readonly exif?: Uint8Array | undefined;
  /** UTF-8. */
  readonly xmp?: Uint8Array | undefined;
}

interface Segment {
  readonly marker: number;
  readonly data: Uint8Array;
  /** Position in the file, including marker and length. */
  readonly start: number;
  readonly end: number;
}

export function isJpeg(bytes: Uint8Array): boolean {
  return new ByteReader(bytes).startsWith('\u00ff\u00d8\u00ff');
}

export function readJpegBlocks(bytes: Uint8Array): MetadataBlocks {
  const blocks: { exif?: Uint8Array; xmp?: Uint8Array } = {};
  for (const segment of segmentsOf(bytes)) {
    const kind = blockKind(segment);
    if (kind === 'exif') blocks.exif ??= segment.data.subarray(EXIF.length);
    if (kind === 'xmp') blocks.xmp ??= segment.data.subarray(XMP.length);
  }
  return blocks;
}

/**
 * The same file with these blocks instead of its own. All other bytes are kept. A block that is too long for a
 * segment (64 kB) is left out.
 */
export function writeJpegBlocks(bytes: Uint8Array, blocks: MetadataBlocks): Uint8Array {
  const parts = [bytes.subarray(0, 2)];
  let kept = 2;
  const segments = [...segmentsOf(bytes)];
  // The JFIF segment must be the first (JFIF 1.02, page 2).
  const jfif = segments[0]?.marker === APP0 ? segments[0] : undefined;
  if (jfif) {
    parts.push(bytes.subarray(jfif.start, jfif.end));
    kept = jfif.end;
  }
  if (blocks.exif) parts.push(makeSegment(EXIF, blocks.exif));
  if (blocks.xmp) parts.push(makeSegment(XMP, blocks.xmp));
  for (const segment of segments) {
    const kind = blockKind(segment);
    if (!kind || !blocks[kind]) continue;
    parts.push(bytes.subarray(kept, segment.start));
    kept = segment.end;
  }
  parts.push(bytes.subarray(kept));
  return joinBytes(parts);
}

/** The segments before the pixels. */
function* segmentsOf(bytes: Uint8Array): Generator<Segment> {
  const reader = new ByteReader(bytes);
  let start = 2;
  for (;;) {
    const marker = reader.u8(start + 1);
    const length = reader.u16(start + 2);
    if (reader.u8(start) !== 0xff || marker === undefined || marker === START_OF_SCAN) return;
    if (marker === 0xff) {
      // There may be fill bytes before a marker.
      start++;
      continue;
    }
    const data = length === undefined ? undefined : reader.slice(start + 4, length - 2);
    if (!data) return;
    const end = start + 4 + data.length;
    yield { marker, data, start, end };
    start = end;
  }
}

function blockKind({ marker, data }: Segment): keyof MetadataBlocks | undefined {
  if (marker !== APP1) return undefined;
  const reader = new ByteReader(data);
  if (reader.startsWith(EXIF)) return 'exif';
  return reader.startsWith(XMP) ? 'xmp' : undefined;
}

function makeSegment(name: string, block: Uint8Array): Uint8Array {
  const data = joinBytes([toLatin1(name), block]);
  if (data.length > MOST_BYTES) return new Uint8Array(0);
  const length = data.length + 2;
  return joinBytes([Uint8Array.of(0xff, APP1, length >> 8, length & 0xff), data]);
}
