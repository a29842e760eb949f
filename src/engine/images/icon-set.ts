import type { IconFile } from '../../protocol/images';
import { openFile, renderPixels, resizeToCover, unreadableImage } from './sharp-image';

/** Sides of the single PNG files: taskbars, browsers, app launchers and stores. */
const SIDES = [16, 24, 32, 48, 64, 128, 192, 256, 512];
/** Sides of the images in favicon.ico. */
const ICO_SIDES = [16, 32, 48];
/** The side of iOS' home screen icon, which shows no transparency. */
const APPLE_SIDE = 180;

/**
 * Makes the icons of a site or an app from one image: favicon.ico, apple-touch-icon.png and
 * icon-<side>.png from 16 to 512 pixels, cropped square around the middle.
 * @throws EaselError `bad-file`
 */
export async function iconSet(file: Uint8Array): Promise<IconFile[]> {
  const image = resizeToCover(await openFile(file), { width: 1024, height: 1024 });
  try {
    const square = await renderPixels(image);
    const draw = async (side: number, opaque = false): Promise<Uint8Array> => {
      const small = square.clone().resize({ width: side, height: side });
      const shown = opaque ? small.flatten({ background: '#ffffff' }) : small;
      return shown.png({ compressionLevel: 9 }).toBuffer();
    };
    const pngs = new Map<number, Uint8Array>();
    for (const side of SIDES) pngs.set(side, await draw(side));
    const ico = ICO_SIDES.map((side) => ({ side, png: pngs.get(side)! }));
    return [
      { name: 'favicon.ico', file: writeIco(ico) },
      { name: 'apple-touch-icon.png', file: await draw(APPLE_SIDE, true) },
      ...[...pngs].map(([side, png]) => ({ name: `icon-${side}.png`, file: png })),
    ];
  } catch (thrown) {
    throw unreadableImage(thrown);
  }
}

const ICO_HEADER_BYTES = 6;
const ICO_ENTRY_BYTES = 16;

/**
 * Writes a Windows icon file of PNG images, as browsers and Windows since Vista read them
 * (https://learn.microsoft.com/previous-versions/ms997538(v=msdn.10)).
 * @param entries images with sides up to 256 pixels
 */
function writeIco(entries: readonly { readonly side: number; readonly png: Uint8Array }[]) {
  const start = ICO_HEADER_BYTES + ICO_ENTRY_BYTES * entries.length;
  const file = new Uint8Array(entries.reduce((sum, { png }) => sum + png.length, start));
  const view = new DataView(file.buffer);
  view.setUint16(2, 1, true);
  view.setUint16(4, entries.length, true);
  let offset = start;
  for (const [i, { side, png }] of entries.entries()) {
    const at = ICO_HEADER_BYTES + ICO_ENTRY_BYTES * i;
    // A side of 256 is written as 0.
    view.setUint8(at, side % 256);
    view.setUint8(at + 1, side % 256);
    view.setUint16(at + 4, 1, true);
    view.setUint16(at + 6, 32, true);
    view.setUint32(at + 8, png.length, true);
    view.setUint32(at + 12, offset, true);
    file.set(png, offset);
    offset += png.length;
  }
  return file;
}
