import { medianColour } from '../../core/image/background';
import { centredOn, crop, sidePixels, type Box } from '../../core/image/layers';
import {
  readyImage,
  type DrawnImage,
  type PendingImage,
  type RgbaImage,
  type RgbImage,
} from '../../core/image/pixels';
import { resizeLanczos, type Size } from '../../core/image/resize';
import type { GenerationRequest } from '../../core/request/request';
import { openPixels } from '../images/sharp-image';
import { removeBackgroundIfAny } from './cut-out';
import { enlargeColours, resizeSubject } from './enlarge';
import { requireComposable } from './plan-composition';

/** An initial image and its mask, at their own sizes. */
export interface FrameSource {
  readonly image: PendingImage;
  readonly mask: PendingImage | undefined;
}

/** An initial image brought into the shape that a model knows. */
export interface Frame {
  /** Of the result, in pixels. */
  readonly size: Size;
  /** The initial image and the mask in the model's own size. */
  readonly drawn: FrameSource;
  /** The initial image at the size of the result: where the mask keeps it, its pixels stay. */
  readonly base: RgbImage;
  /** At the size of the result. */
  readonly mask: RgbImage | undefined;
  /** The part of the model's image that is the result, or that part of it. */
  readonly box: Box;
  /** The part of the result that the model draws: all of it, or what lies around a mask. */
  readonly part: Box;
}

/**
 * Brings an initial image of any size and shape into the size that a model knows: as large as it fits, on its
 * border's colour.
 * @param own the model's size
 * @returns undefined where nothing has to be brought: both the image and the result have the model's size, and
 *   no mask keeps pixels
 * @throws EaselError `bad-size` for a result that is too small or too large, before anything is decoded; `bad-file`
 */
export async function frameSource(
  source: FrameSource,
  { width, height, fit }: Pick<GenerationRequest, 'width' | 'height' | 'fit'>,
  own: Size,
): Promise<Frame | undefined> {
  const { image: given } = source;
  const ratio = given.width / given.height;
  const size = fit ?? {
    width: width ?? (height === undefined ? given.width : Math.round(height * ratio)),
    height: height ?? (width === undefined ? given.height : Math.round(width / ratio)),
  };
  if (!source.mask && isSize(given, own) && isSize(size, own)) return undefined;
  requireComposable(size);
  const image = await given.pixels();
  const base = contain(image, size, borderColour(image)).image;
  const mask = source.mask && maskFor(await source.mask.pixels(), image, size);
  const part = mask ? aroundMask(mask) : { left: 0, top: 0, ...size };
  const shown = crop(base, part);
  const shape = contain(shown, own, borderColour(shown));
  return {
    ...{ size, base, mask, part },
    box: shape.box,
    drawn: {
      image: readyImage(shape.image),
      mask: mask && readyImage(contain(crop(mask, part), own, BLACK).image),
    },
  };
}

/** Space around what is masked, as a share of its longer side: what the model needs to see. */
const CONTEXT = 0.3;

/** The part of an image around what its mask frees: about a square, within the image. */
function aroundMask({ width, height, data }: RgbImage): Box {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[(y * width + x) * 3]! < HALF) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  if (right < 0) return { left: 0, top: 0, width, height };
  const side = Math.round(Math.max(right - left + 1, bottom - top + 1) * (1 + 2 * CONTEXT));
  const span = (from: number, to: number, whole: number): [start: number, length: number] => {
    const length = Math.min(whole, side);
    const start = Math.round((from + to + 1 - length) / 2);
    return [Math.max(0, Math.min(whole - length, start)), length];
  };
  const [x, wide] = span(left, right, width);
  const [y, high] = span(top, bottom, height);
  return { left: x, top: y, width: wide, height: high };
}

const BLACK: Colour = [0, 0, 0];

function isSize(one: Size, other: Size): boolean {
  return one.width === other.width && one.height === other.height;
}

/** The mask lies on the image as the image lies in the result. What is beyond the image is drawn anew. */
function maskFor(mask: RgbImage, image: RgbImage, size: Size): RgbImage {
  const fitted = resizeLanczos(mask, image.width, image.height);
  return contain(fitted, size, [255, 255, 255]).image;
}

type Colour = readonly [red: number, green: number, blue: number];

/** An image as large as it fits into a size, in its middle, on a colour. */
function contain(
  image: RgbImage,
  { width, height }: Size,
  colour: Colour,
): { readonly image: RgbImage; readonly box: Box } {
  const scale = Math.min(width / image.width, height / image.height);
  const inner = {
    // A pixel more or less is no other shape.
    width: near(image.width * scale, width),
    height: near(image.height * scale, height),
  };
  const box = {
    ...inner,
    left: Math.floor((width - inner.width) / 2),
    top: Math.floor((height - inner.height) / 2),
  };
  const scaled = resizeLanczos(image, inner.width, inner.height);
  if (isSize(inner, { width, height })) return { image: scaled, box };
  return { image: centredOn(scaled, { width, height }, colour), box };
}

function near(side: number, whole: number): number {
  const rounded = Math.max(1, Math.round(side));
  return whole - rounded <= 1 ? whole : rounded;
}

/** The median colour of an image's border. */
function borderColour(image: RgbImage): Colour {
  return medianColour(image.data, sidePixels(image));
}

/**
 * Takes the result out of what the model drew, at the result's size. Where the mask keeps the initial image,
 * its pixels stay as they are.
 */
export async function takeOutOfFrame(
  drawn: DrawnImage,
  { size, box, base, mask, part }: Frame,
  { transparent }: { readonly transparent: boolean },
): Promise<RgbaImage | RgbImage> {
  if (transparent && !mask) {
    return resizeSubject(crop(removeBackgroundIfAny(drawn), box), size);
  }
  const cut = crop(drawn, box);
  const large =
    box.width < part.width || box.height < part.height
      ? await enlargeColours(cut, part)
      : resizeLanczos(cut, part.width, part.height);
  return mask ? merge(base, { image: large, part }, mask) : large;
}

/** How soft the seam is, in pixels; it lies within the part that is drawn anew. */
const SEAM = 1.5;
const HALF = 128;

async function merge(
  base: RgbImage,
  { image: drawn, part }: { readonly image: RgbImage; readonly part: Box },
  mask: RgbImage,
): Promise<RgbImage> {
  const { width, height } = base;
  const binary = new Uint8Array(mask.data.length);
  for (let i = 0; i < width * height; i++) {
    const [r, g, b] = [mask.data[i * 3]!, mask.data[i * 3 + 1]!, mask.data[i * 3 + 2]!];
    const isFree = 0.299 * r + 0.587 * g + 0.114 * b >= HALF;
    binary.fill(isFree ? 255 : 0, i * 3, i * 3 + 3);
  }
  const soft = await (
    await openPixels({ width, height, data: binary })
  )
    .blur(SEAM)
    .raw()
    .toBuffer();
  const data = base.data.slice();
  for (let y = 0; y < part.height; y++) {
    for (let x = 0; x < part.width; x++) {
      const to = ((part.top + y) * width + part.left + x) * 3;
      if (binary[to] === 0) continue;
      const share = Math.max(0, Math.min(1, (soft[to]! / 255 - 0.5) * 2 + 0.1));
      const from = (y * part.width + x) * 3;
      for (let c = 0; c < 3; c++) {
        data[to + c] = Math.round(data[to + c]! + (drawn.data[from + c]! - data[to + c]!) * share);
      }
    }
  }
  return { width, height, data };
}
