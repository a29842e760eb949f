import type { IconFile } from '../../protocol/images';
import { writeIco } from './ico';
import { badPicture, loadSharp, openPicture } from './sharp-library';

/** Sides of the single PNG files: taskbars, browsers, app launchers and stores. */
const SIDES = [16, 24, 32, 48, 64, 128, 192, 256, 512];
/** What the icon file holds. */
const ICO_SIDES = [16, 32, 48];
/** What iOS puts on the home screen; it shows no transparency. */
const APPLE_SIDE = 180;

/**
 * Makes the icons of a site or an app from one picture: favicon.ico, apple-touch-icon.png and
 * icon-<side>.png from 16 to 512 pixels, cut square around the middle.
 * @throws EaselError `bad-file`
 */
export async function iconSet(file: Uint8Array): Promise<IconFile[]> {
  const sharp = await loadSharp();
  try {
    const square = await (
      await openPicture(file)
    )
      .resize({ width: 1024, height: 1024, fit: 'cover' })
      .png({ compressionLevel: 1 })
      .toBuffer();
    const draw = async (side: number, opaque = false): Promise<Uint8Array> => {
      const small = sharp(square).resize({ width: side, height: side });
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
    throw badPicture(thrown);
  }
}
