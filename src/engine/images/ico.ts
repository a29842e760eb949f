/** A picture of an icon file, as a PNG file. */
export interface IcoEntry {
  /** Pixels, up to 256. */
  readonly side: number;
  readonly png: Uint8Array;
}

const HEADER_BYTES = 6;
const ENTRY_BYTES = 16;

/**
 * Writes a Windows icon file of PNG pictures, as browsers and Windows since Vista read them
 * (https://learn.microsoft.com/previous-versions/ms997538(v=msdn.10)).
 */
export function writeIco(entries: readonly IcoEntry[]): Uint8Array {
  const start = HEADER_BYTES + ENTRY_BYTES * entries.length;
  const file = new Uint8Array(entries.reduce((sum, { png }) => sum + png.length, start));
  const view = new DataView(file.buffer);
  view.setUint16(2, 1, true);
  view.setUint16(4, entries.length, true);
  let place = start;
  for (const [i, { side, png }] of entries.entries()) {
    const at = HEADER_BYTES + ENTRY_BYTES * i;
    // A side of 256 is written as 0.
    view.setUint8(at, side % 256);
    view.setUint8(at + 1, side % 256);
    view.setUint16(at + 4, 1, true);
    view.setUint16(at + 6, 32, true);
    view.setUint32(at + 8, png.length, true);
    view.setUint32(at + 12, place, true);
    file.set(png, place);
    place += png.length;
  }
  return file;
}
