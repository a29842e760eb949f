import { ByteReader, fourBytes, fromLatin1, joinBytes, toLatin1 } from './byte-reader';
import type { MetadataBlocks } from './jpeg';

const HEADER_BYTES = 12;
/** Flags of the VP8X chunk. */
const FLAG = { xmp: 0x04, exif: 0x08, alpha: 0x10 } as const;
/** Some tools write JPEG's prefix before the TIFF file. */
const EXIF_MARK = 'Exif\0\0';

interface WebpChunk {
  readonly name: string;
  readonly data: Uint8Array;
}

export function isWebp(bytes: Uint8Array): boolean {
  const reader = new ByteReader(bytes);
  return reader.startsWith('RIFF') && reader.startsWith('WEBP', 8);
}

export function readWebpBlocks(bytes: Uint8Array): MetadataBlocks {
  const chunks = chunksOf(bytes);
  const exif = chunks.find(({ name }) => name === 'EXIF')?.data;
  const xmp = chunks.find(({ name }) => name === 'XMP ')?.data;
  const marked = exif && new ByteReader(exif).startsWith(EXIF_MARK);
  return {
    ...(exif && { exif: marked ? exif.subarray(EXIF_MARK.length) : exif }),
    ...(xmp && { xmp }),
  };
}

/**
 * The same file with these blocks instead of its own. All other chunks are kept. A file in the simple format gets
 * the header of the extended format (https://developers.google.com/speed/webp/docs/riff_container).
 * @returns undefined if the image's size cannot be read
 */
export function writeWebpBlocks(bytes: Uint8Array, blocks: MetadataBlocks): Uint8Array | undefined {
  const chunks = chunksOf(bytes);
  const extended = chunks.find(({ name }) => name === 'VP8X')?.data ?? extendedHeader(chunks);
  if (extended?.length !== 10) return undefined;
  const header = extended.slice();
  header[0]! |= (blocks.exif ? FLAG.exif : 0) | (blocks.xmp ? FLAG.xmp : 0);
  const replaced = new Set(['VP8X', blocks.exif && 'EXIF', blocks.xmp && 'XMP ']);
  const all: WebpChunk[] = [
    { name: 'VP8X', data: header },
    ...chunks.filter(({ name }) => !replaced.has(name)),
  ];
  if (blocks.exif) all.push({ name: 'EXIF', data: blocks.exif });
  if (blocks.xmp) all.push({ name: 'XMP ', data: blocks.xmp });
  const body = joinBytes([toLatin1('WEBP'), ...all.map(makeChunk)]);
  return joinBytes([toLatin1('RIFF'), fourBytes(body.length, true), body]);
}

function chunksOf(bytes: Uint8Array): WebpChunk[] {
  const reader = new ByteReader(bytes);
  const chunks: WebpChunk[] = [];
  let start = HEADER_BYTES;
  for (;;) {
    const name = reader.slice(start, 4);
    const length = reader.u32(start + 4, true);
    const data = length === undefined ? undefined : reader.slice(start + 8, length);
    if (!name || !data) return chunks;
    chunks.push({ name: fromLatin1(name), data });
    start += 8 + data.length + (data.length % 2);
  }
}

function makeChunk({ name, data }: WebpChunk): Uint8Array {
  const padding = new Uint8Array(data.length % 2);
  return joinBytes([toLatin1(name), fourBytes(data.length, true), data, padding]);
}

/** Makes the VP8X chunk for a file in the simple format, with the size from its image chunk. */
function extendedHeader(chunks: readonly WebpChunk[]): Uint8Array | undefined {
  const [image] = chunks;
  if (!image) return undefined;
  const reader = new ByteReader(image.data);
  let flags = 0;
  let width: number;
  let height: number;
  if (image.name === 'VP8L') {
    // One byte of signature, then 14 bits of width - 1, 14 of height - 1, one of alpha.
    const bits = reader.u32(1, true);
    if (bits === undefined) return undefined;
    width = (bits & 0x3fff) + 1;
    height = ((bits >>> 14) & 0x3fff) + 1;
    if (((bits >>> 28) & 1) !== 0) flags = FLAG.alpha;
  } else if (image.name === 'VP8 ') {
    // A frame tag of three bytes and a start code, then 14 bits of each side (RFC 6386, 9.1).
    const [sideX, sideY] = [reader.u16(6, true), reader.u16(8, true)];
    if (sideX === undefined || sideY === undefined) return undefined;
    width = sideX & 0x3fff;
    height = sideY & 0x3fff;
  } else return undefined;
  const sides = [width - 1, height - 1].map((side) => fourBytes(side, true).subarray(0, 3));
  return joinBytes([Uint8Array.of(flags, 0, 0, 0), ...sides]);
}
