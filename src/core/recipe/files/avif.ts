import { ByteReader, fromLatin1 } from './byte-reader';
import type { MetadataBlocks } from './jpeg';

/** More boxes, items or extents than this are not a real image. */
const MOST_ITEMS = 1000;
const XMP_TYPE = 'application/rdf+xml\0';

interface Box {
  readonly type: string;
  readonly data: ByteReader;
}

interface Item {
  readonly id: number;
  readonly kind: keyof MetadataBlocks;
}

export function isAvif(bytes: Uint8Array): boolean {
  const reader = new ByteReader(bytes);
  return reader.startsWith('ftyp', 4) && /avi[fs]/.test(fromLatin1(bytes.subarray(8, 40)));
}

/**
 * The metadata of an AVIF file: items of its `meta` box (ISO/IEC 14496-12, 8.11; 23008-12, annex A), those
 * that are stored plainly.
 */
export function readAvifBlocks(bytes: Uint8Array): MetadataBlocks {
  const meta = boxesOf(new ByteReader(bytes), 0).find(({ type }) => type === 'meta');
  if (!meta) return {};
  const boxes = boxesOf(meta.data, 4);
  const info = boxes.find(({ type }) => type === 'iinf');
  const places = boxes.find(({ type }) => type === 'iloc');
  const blocks: { exif?: Uint8Array; xmp?: Uint8Array } = {};
  if (!info || !places) return blocks;
  const at = readPlaces(places.data);
  for (const { id, kind } of readItems(info.data)) {
    const place = at.get(id);
    const data = place && new ByteReader(bytes).slice(place.offset, place.length);
    if (!data) continue;
    if (kind === 'xmp') blocks.xmp ??= data;
    // The first four bytes are the offset of the TIFF file after them (23008-12, A.2.1).
    const skipped = new ByteReader(data).u32(0) ?? 0;
    if (kind === 'exif') blocks.exif ??= data.subarray(4 + skipped);
  }
  return blocks;
}

function boxesOf(reader: ByteReader, from: number): Box[] {
  const boxes: Box[] = [];
  let start = from;
  while (boxes.length < MOST_ITEMS) {
    const size = reader.u32(start);
    const type = reader.slice(start + 4, 4);
    if (size === undefined || !type) break;
    const length = size === 0 ? reader.length - start : size;
    const data = length < 8 ? undefined : reader.slice(start + 8, length - 8);
    if (!data) break;
    boxes.push({ type: fromLatin1(type), data: new ByteReader(data) });
    start += length;
  }
  return boxes;
}

function readItems(info: ByteReader): Item[] {
  const countSize = info.u8(0) === 0 ? 2 : 4;
  return boxesOf(info, 4 + countSize).flatMap(({ type, data }): Item[] => {
    const version = data.u8(0) ?? 0;
    if (type !== 'infe' || version < 2) return [];
    const wide = version > 2;
    const id = wide ? data.u32(4) : data.u16(4);
    // After the id: two bytes of protection, four of type, a zero-terminated name, then a content type.
    const at = (wide ? 8 : 6) + 2;
    if (id === undefined) return [];
    if (data.startsWith('Exif', at)) return [{ id, kind: 'exif' }];
    const name = data.bytes.indexOf(0, at + 4);
    const isXmp = data.startsWith('mime', at) && name > 0 && data.startsWith(XMP_TYPE, name + 1);
    return isXmp ? [{ id, kind: 'xmp' }] : [];
  });
}

/** Offsets, from the start of the file, of the items that are in one piece. */
function readPlaces(places: ByteReader): Map<number, { offset: number; length: number }> {
  const found = new Map<number, { offset: number; length: number }>();
  const version = places.u8(0) ?? 0;
  const sizes = places.u16(4) ?? 0;
  const [offsetSize, lengthSize, baseSize] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15];
  const indexSize = version > 0 ? sizes & 15 : 0;
  let at = 6;
  const take = (size: number) => {
    const value =
      size === 0 ? 0 : size === 2 ? places.u16(at) : size === 4 ? places.u32(at) : undefined;
    at += size;
    return value;
  };
  const count = Math.min(take(version < 2 ? 2 : 4) ?? 0, MOST_ITEMS);
  for (let i = 0; i < count; i++) {
    const id = take(version < 2 ? 2 : 4);
    const construction = version > 0 ? take(2) : 0;
    take(2);
    const base = take(baseSize);
    const extents = take(2);
    if (id === undefined || extents === undefined || extents > MOST_ITEMS) return found;
    for (let extent = 0; extent < extents; extent++) {
      take(indexSize);
      const offset = take(offsetSize);
      const length = take(lengthSize);
      const whole = extents === 1 && construction === 0;
      if (!whole || base === undefined || offset === undefined || length === undefined) continue;
      found.set(id, { offset: base + offset, length });
    }
  }
  return found;
}
