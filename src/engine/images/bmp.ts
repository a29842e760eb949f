/** 8-bit RGBA pixels, rows from top to bottom. */
export interface BmpPixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Bytes of the file header, before the header of the bitmap. */
const FILE_HEADER = 14;
/** OS/2's header has 12 bytes, with sizes of 16 bits. Windows' headers have 40 to 124 bytes. */
const CORE_HEADER = 12;
const INFO_HEADER = 40;
const MAX_HEADER = 124;
/** Headers of at least 56 bytes have the masks, with one for opacity, at a fixed place. */
const MASKED_HEADER = 56;
const COMPRESSION = { none: 0, rle8: 1, rle4: 2, masks: 3, masksWithAlpha: 6 } as const;

type Pixel = readonly [red: number, green: number, blue: number, alpha: number];

export function isBmp(file: Uint8Array): boolean {
  return file.length >= FILE_HEADER + CORE_HEADER && file[0] === 0x42 && file[1] === 0x4d;
}

/**
 * Decodes a Windows bitmap without compression, of 1 to 32 bits a pixel, as image editors write it
 * (https://learn.microsoft.com/windows/win32/gdi/bitmap-storage). Opacity is only read where a mask names it.
 * @param maxPixels larger bitmaps are refused before anything is allocated
 * @throws Error with the reason, for the message about the file
 */
export function decodeBmp(file: Uint8Array, maxPixels: number): BmpPixels {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const header = readHeader(view);
  const { width, height, bits, start, topDown } = header;
  if (width * height > maxPixels) {
    throw new Error(`it has ${width} × ${height} pixels, which is too large. Make it smaller`);
  }
  const stride = Math.ceil((width * bits) / 32) * 4;
  if (start + stride * height > file.length) throw new Error('it is cut short');
  const read = pixelReader(view, header);
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    const row = start + stride * (topDown ? y : height - 1 - y);
    for (let x = 0; x < width; x++) data.set(read(row, x), (y * width + x) * 4);
  }
  return { width, height, data };
}

interface Header {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly bits: number;
  readonly compression: number;
  /** Position of the pixels. */
  readonly start: number;
  /** Position of the masks or the palette. */
  readonly tables: number;
  readonly headerBytes: number;
  readonly colours: number;
}

function readHeader(view: DataView): Header {
  const headerBytes = view.getUint32(FILE_HEADER, true);
  const start = view.getUint32(10, true);
  const isCore = headerBytes === CORE_HEADER;
  if (!isCore && (headerBytes < INFO_HEADER || headerBytes > MAX_HEADER)) {
    throw new Error('its header has an unknown length');
  }
  const tables = FILE_HEADER + headerBytes;
  if (tables > view.byteLength) throw new Error('it is cut short');
  const width = isCore ? view.getUint16(18, true) : view.getInt32(18, true);
  const tall = isCore ? view.getUint16(20, true) : view.getInt32(22, true);
  const bits = view.getUint16(isCore ? 24 : 28, true);
  const compression = isCore ? COMPRESSION.none : view.getUint32(30, true);
  const colours = isCore ? 0 : view.getUint32(46, true);
  if (width <= 0 || tall === 0) throw new Error('it has no pixels');
  const height = Math.abs(tall);
  return {
    width,
    height,
    topDown: tall < 0,
    bits,
    compression,
    start,
    tables,
    headerBytes,
    colours,
  };
}

type PixelReader = (row: number, x: number) => Pixel;

function pixelReader(view: DataView, header: Header): PixelReader {
  const { bits, compression } = header;
  const masked = compression === COMPRESSION.masks || compression === COMPRESSION.masksWithAlpha;
  if (compression !== COMPRESSION.none && !(masked && (bits === 16 || bits === 32))) {
    throw new Error(
      'it is a compressed bitmap (BMP), which is not read. Save it as PNG, and give that file',
    );
  }
  if (bits === 1 || bits === 2 || bits === 4 || bits === 8) return paletteReader(view, header);
  if (bits === 24) {
    return (row, x) => {
      const at = row + 3 * x;
      return [view.getUint8(at + 2), view.getUint8(at + 1), view.getUint8(at), 255];
    };
  }
  if (bits === 16 || bits === 32) return maskReader(view, header, masked);
  throw new Error(`it has ${bits} bits a pixel, which no bitmap has`);
}

function paletteReader(
  view: DataView,
  { bits, tables, headerBytes, colours }: Header,
): PixelReader {
  const size = headerBytes === CORE_HEADER ? 3 : 4;
  const most = 1 << bits;
  const count = colours === 0 || colours > most ? most : colours;
  if (tables + count * size > view.byteLength) throw new Error('it is cut short');
  const palette = Array.from({ length: count }, (_, index): Pixel => {
    const at = tables + index * size;
    return [view.getUint8(at + 2), view.getUint8(at + 1), view.getUint8(at), 255];
  });
  const black: Pixel = [0, 0, 0, 255];
  return (row, x) => {
    const bit = x * bits;
    const byte = view.getUint8(row + (bit >> 3));
    return palette[(byte >> (8 - bits - (bit & 7))) & (most - 1)] ?? black;
  };
}

/** The masks of red, green, blue and opacity where the header names none. */
const USUAL_MASKS = {
  16: [0x7c00, 0x03e0, 0x001f, 0],
  32: [0x00ff0000, 0x0000ff00, 0x000000ff, 0],
} as const;

function maskReader(view: DataView, header: Header, masked: boolean): PixelReader {
  const { bits, tables, headerBytes, compression } = header;
  // The masks follow a header of 40 bytes, and are a part of a longer one.
  const at = headerBytes === INFO_HEADER ? tables : FILE_HEADER + INFO_HEADER;
  const withAlpha = headerBytes >= MASKED_HEADER || compression === COMPRESSION.masksWithAlpha;
  const count = withAlpha ? 4 : 3;
  if (masked && at + 4 * count > view.byteLength) throw new Error('it is cut short');
  const masks: readonly number[] = masked
    ? Array.from({ length: count }, (_, index) => view.getUint32(at + 4 * index, true))
    : USUAL_MASKS[bits as 16 | 32];
  const [red, green, blue, alpha] = [0, 1, 2, 3].map((index) => channelOf(masks[index] ?? 0));
  const opaque = (masks[3] ?? 0) === 0;
  return (row, x) => {
    const value =
      bits === 16 ? view.getUint16(row + 2 * x, true) : view.getUint32(row + 4 * x, true);
    return [red!(value), green!(value), blue!(value), opaque ? 255 : alpha!(value)];
  };
}

/** Reads the bits of a mask as 0 to 255. */
function channelOf(mask: number): (value: number) => number {
  if (mask === 0) return () => 0;
  const shift = 31 - Math.clz32(mask & -mask);
  const most = mask >>> shift;
  return (value) => Math.round((((value & mask) >>> shift) * 255) / most);
}
