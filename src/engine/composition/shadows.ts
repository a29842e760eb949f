import { difference, isDark } from '../../core/composition/colours';
import type { GroundDrawing } from '../../core/composition/grounds';
import type { Placement } from '../../core/composition/layout';
import type { VectorImage } from '../../core/composition/vector-image';
import { drawLayer, meanColourOf, type Box } from '../../core/image/layers';
import type { RgbaImage } from '../../core/image/pixels';
import { openPixels } from '../images/sharp-image';

/** A soft shadow under what touches the floor; darker water under what floats. */
export function contactShadowOf(
  { left, top, width, height }: Box,
  { water = false }: Pick<GroundDrawing, 'water'>,
): readonly [VectorImage, Box] {
  const [wide, high] = [Math.round(width * 1.15), Math.max(3, Math.round(width * 0.16))];
  const colour = water ? '#0b2a44' : '#1b1a22';
  const id = `contact-${left}-${top}`;
  const body =
    `<radialGradient id="${id}"><stop offset="0" stop-color="${colour}" stop-opacity="0.42"/>` +
    `<stop offset="0.6" stop-color="${colour}" stop-opacity="0.2"/>` +
    `<stop offset="1" stop-color="${colour}" stop-opacity="0"/></radialGradient>` +
    `<ellipse cx="${wide / 2}" cy="${high / 2}" rx="${wide / 2}" ry="${high / 2}" fill="url(#${id})"/>`;
  return [
    { width: wide, height: high, body },
    {
      left: Math.round(left + (width - wide) / 2),
      top: Math.round(top + height - high * 0.6),
      width: wide,
      height: high,
    },
  ];
}

/** Colours this near to each other, in OKLab, are hard to tell apart. */
const NEAR = 0.14;

/** A soft light or dark rim around a subject whose colours are lost on what is behind it. */
export async function drawHalo(
  canvas: RgbaImage,
  pixels: RgbaImage,
  placement: Placement,
  { behind }: Pick<GroundDrawing, 'behind'>,
): Promise<void> {
  const colour = meanColourOf(pixels);
  if (colour === undefined || difference(colour, behind) >= NEAR) return;
  const light = isDark(behind);
  const reach = Math.max(2, Math.round(Math.min(placement.width, placement.height) * 0.03));
  const { width, height } = pixels;
  const [wide, high] = [width + 4 * reach, height + 4 * reach];
  const mask = new Uint8Array(wide * high * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const opacity = pixels.data[(y * width + x) * 4 + 3]!;
      mask.fill(
        opacity,
        ((y + 2 * reach) * wide + x + 2 * reach) * 3,
        ((y + 2 * reach) * wide + x + 2 * reach) * 3 + 3,
      );
    }
  }
  const blurred = await (
    await openPixels({ width: wide, height: high, data: mask })
  )
    .blur(Math.max(0.5, reach * 0.6))
    .raw()
    .toBuffer();
  const data = new Uint8Array(wide * high * 4);
  for (let i = 0; i < wide * high; i++) {
    data.fill(light ? 255 : 20, i * 4, i * 4 + 3);
    data[i * 4 + 3] = Math.min(255, Math.round(blurred[i * 3]! * (light ? 1.1 : 0.5)));
  }
  drawLayer(
    canvas,
    { width: wide, height: high, alpha: true, data },
    {
      ...placement,
      left: placement.left - 2 * reach,
      top: placement.top - 2 * reach,
    },
  );
}
