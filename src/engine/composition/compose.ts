import { backdropFor } from '../../core/composition/backdrop';
import type { Composition, Ground } from '../../core/composition/composition';
import { drawGround, type GroundDrawing } from '../../core/composition/grounds';
import { layOut, type Placement } from '../../core/composition/layout';
import { toSvgFile, type VectorImage } from '../../core/composition/vector-image';
import { drawLayer, meanColourOf, withoutOpacity } from '../../core/image/layers';
import type { DrawnImage, RgbaImage, RgbImage } from '../../core/image/pixels';
import type { Size } from '../../core/image/resize';
import { openFile } from '../images/sharp-image';
import { cutOutSubject } from './cut-out';
import { resizeSubject } from './enlarge';
import type { ComposedImage } from './plan-composition';

export interface ComposeOptions {
  readonly size: Size;
  readonly palette: readonly string[];
}

/**
 * Makes an image of its subjects and its ground.
 * @param drawings what the model drew, one for each of the image's draws
 */
export async function composeImage(
  { seed, varied, draws }: Pick<ComposedImage, 'seed' | 'varied' | 'draws'>,
  drawings: readonly DrawnImage[],
  { size, palette }: ComposeOptions,
): Promise<RgbaImage | RgbImage> {
  const { composition, arrangement, backdrop } = varied!;
  const cut = new Map(draws.map(({ subject }, at) => [subject, cutOutSubject(drawings[at]!)]));
  const ground = chooseGround(composition, [...cut.values()], { size, palette, backdrop });
  const drawn = ground && drawGround(ground, { ...size, seed, palette });
  const canvas = await canvasFor(drawn, size);
  const placements = layOut(composition, size, {
    aspects: composition.subjects.map((_, index) => aspectOf(cut.get(index))),
    floor: drawn?.floor,
    horizon: drawn?.horizon,
    seed,
    arrangement,
  });
  const scaled = new Map<string, RgbaImage>();
  for (const placement of placements) {
    const image = cut.get(placement.subject);
    if (!image) continue;
    const key = `${placement.subject} ${placement.width} ${placement.height}`;
    const layer = scaled.get(key) ?? (await resizeSubject(image, placement));
    scaled.set(key, layer);
    if (placement.stands) await drawContact(canvas, placement, drawn);
    drawLayer(canvas, layer, placement);
  }
  return drawn === undefined ? canvas : withoutOpacity(canvas);
}

function chooseGround(
  { ground, kind }: Composition,
  subjects: readonly (RgbaImage | undefined)[],
  { size, palette, backdrop }: ComposeOptions & { readonly backdrop: number },
): Ground | undefined {
  if (ground === 'transparent') return undefined;
  if (ground) return ground;
  const [first] = subjects;
  return backdropFor({
    kind,
    palette,
    backdrop,
    ratio: size.width / size.height,
    subject: first && meanColourOf(first),
  });
}

async function canvasFor(
  drawn: GroundDrawing | undefined,
  { width, height }: Size,
): Promise<RgbaImage> {
  if (!drawn) return { width, height, alpha: true, data: new Uint8Array(width * height * 4) };
  return rasterise(drawn.image, { width, height });
}

/** The pixels of a drawing in vectors, at a size. */
async function rasterise(image: VectorImage, { width, height }: Size): Promise<RgbaImage> {
  const svg = new TextEncoder().encode(toSvgFile(image, width, height));
  const { data, info } = await (
    await openFile(svg)
  )
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, alpha: true, data: new Uint8Array(data) };
}

function aspectOf(image: RgbaImage | undefined): number {
  return image ? image.width / image.height : 1;
}

/** A soft shadow where something touches the floor. */
async function drawContact(
  canvas: RgbaImage,
  { left, top, width, height }: Placement,
  drawn: GroundDrawing | undefined,
): Promise<void> {
  const [wide, high] = [Math.round(width * 1.15), Math.max(3, Math.round(width * 0.16))];
  const colour = drawn?.water ? '#0b2a44' : '#1b1a22';
  const body =
    `<defs><radialGradient id="c"><stop offset="0" stop-color="${colour}" stop-opacity="0.42"/>` +
    `<stop offset="0.6" stop-color="${colour}" stop-opacity="0.2"/>` +
    `<stop offset="1" stop-color="${colour}" stop-opacity="0"/></radialGradient></defs>` +
    `<ellipse cx="${wide / 2}" cy="${high / 2}" rx="${wide / 2}" ry="${high / 2}" fill="url(#c)"/>`;
  const shadow = await rasterise(
    { width: wide, height: high, body },
    { width: wide, height: high },
  );
  drawLayer(canvas, shadow, {
    left: Math.round(left + (width - wide) / 2),
    top: Math.round(top + height - high * 0.6),
  });
}
