// Removing the background of an image: by its flat colour, or by the opacity that a model predicted.
import { EaselError } from '../errors';
import type { RgbaImage, RgbImage } from './pixels';

/** A border pixel this close to the border's median colour counts as flat, in 8-bit levels of any channel. */
const FLAT_LEVELS = 32;
/** The subject may cross this share of the border. */
const MOST_CROSSED = 0.3;
/** Levels beyond the border's own spread that still count as background. */
const MARGIN_LEVELS = 12;
/** Width of the soft edge, in pixels from the background. */
const EDGE = 2;
/** How far from an edge pixel the subject's own colour is looked for, in pixels. */
const REACH = 3;

/**
 * Removes an image's flat background: pixels of about the border's colour that are connected with the
 * border. Edges become soft: a pixel there is a mixture of the background and the subject's nearest colour;
 * it gets the subject's share as its opacity, and the subject's colour. Background that the subject
 * encloses stays.
 * @throws EaselError `background-not-flat` where the border has no one colour, or where nothing is left
 */
export function cutOut(image: RgbImage): RgbaImage {
  const { width, height, data } = image;
  const border = borderOf(width, height);
  const background = medianColour(data, border);
  const far = (pixel: number) => distance(data, pixel, background);
  const flat = border.map(far).filter((levels) => levels <= FLAT_LEVELS);
  if (flat.length < border.length * (1 - MOST_CROSSED)) throw backgroundNotFlat();
  const spread = flat.sort((a, b) => a - b)[Math.floor(flat.length * 0.9)] ?? 0;
  const outside = fillFrom(border, width, height, (pixel) => far(pixel) <= spread + MARGIN_LEVELS);
  requireBackground(outside.reduce((sum, value) => sum + value, 0) / outside.length);
  return { width, height, alpha: true, data: mix(image, background, outside) };
}

/** The pixels at the four sides, each once. */
function borderOf(width: number, height: number): number[] {
  const border = new Set<number>();
  for (let x = 0; x < width; x++) border.add(x).add((height - 1) * width + x);
  for (let y = 0; y < height; y++) border.add(y * width).add(y * width + width - 1);
  return [...border];
}

/** The colour in the middle of the order of each channel. @param pixels their places; at least one */
export function medianColour(data: Uint8Array, pixels: readonly number[]): Colour {
  const middle = (channel: number) => {
    const values = pixels.map((pixel) => data[pixel * 3 + channel]!).sort((a, b) => a - b);
    return values[values.length >> 1]!;
  };
  return [middle(0), middle(1), middle(2)];
}

/** The largest difference of a channel, in 8-bit levels. */
function distance(data: Uint8Array, pixel: number, [red, green, blue]: Colour): number {
  const at = pixel * 3;
  return Math.max(
    Math.abs(data[at]! - red),
    Math.abs(data[at + 1]! - green),
    Math.abs(data[at + 2]! - blue),
  );
}

/** Flood fill: marks with 1 the pixels that are connected, side by side, with the start pixels. */
function fillFrom(
  start: readonly number[],
  width: number,
  height: number,
  belongs: (pixel: number) => boolean,
): Uint8Array {
  const marked = new Uint8Array(width * height);
  const open: number[] = [];
  const visit = (pixel: number) => {
    if (marked[pixel] || !belongs(pixel)) return;
    marked[pixel] = 1;
    open.push(pixel);
  };
  start.forEach(visit);
  for (let pixel = open.pop(); pixel !== undefined; pixel = open.pop()) {
    const x = pixel % width;
    if (x > 0) visit(pixel - 1);
    if (x < width - 1) visit(pixel + 1);
    if (pixel >= width) visit(pixel - width);
    if (pixel < width * (height - 1)) visit(pixel + width);
  }
  return marked;
}

/** The RGBA pixels: transparent outside, partly opaque at the edge, opaque elsewhere. */
function mix(
  { width, height, data }: RgbImage,
  background: Colour,
  outside: Uint8Array,
): Uint8Array {
  const mixed = new Uint8Array(width * height * 4);
  /** The pixels within some distance of one. */
  const around = function* (pixel: number, reach: number): Generator<number> {
    const x = pixel % width;
    const y = (pixel - x) / width;
    for (let j = Math.max(0, y - reach); j <= Math.min(height - 1, y + reach); j++) {
      for (let i = Math.max(0, x - reach); i <= Math.min(width - 1, x + reach); i++) {
        yield j * width + i;
      }
    }
  };
  const isEdge = (pixel: number) => {
    for (const near of around(pixel, EDGE)) if (outside[near]) return true;
    return false;
  };
  /** The subject's own colour near a pixel: the one that is least like the background. */
  const subjectAt = (pixel: number): number => {
    let best = pixel;
    for (const near of around(pixel, REACH)) {
      if (outside[near]) continue;
      if (distance(data, near, background) > distance(data, best, background)) best = near;
    }
    return best;
  };
  for (let pixel = 0; pixel < width * height; pixel++) {
    const own = data.subarray(pixel * 3, pixel * 3 + 3);
    // Transparent pixels keep the background's colour, for programs that ignore transparency.
    if (outside[pixel]) mixed.set(background, pixel * 4);
    else mixed.set(own, pixel * 4);
    if (outside[pixel]) continue;
    mixed[pixel * 4 + 3] = 255;
    if (!isEdge(pixel)) continue;
    const subject = subjectAt(pixel) * 3;
    const opacity = shareOf(own, data.subarray(subject, subject + 3), background);
    mixed[pixel * 4 + 3] = Math.round(opacity * 255);
    if (opacity > 0) mixed.set(unmix(own, background, opacity), pixel * 4);
  }
  return mixed;
}

/** How far a colour lies between the background's and the subject's, 0 to 1. */
function shareOf(own: Uint8Array, subject: Uint8Array, background: Colour): number {
  let along = 0;
  let whole = 0;
  for (const [channel, behind] of background.entries()) {
    const way = subject[channel]! - behind;
    along += (own[channel]! - behind) * way;
    whole += way * way;
  }
  return whole === 0 ? 1 : Math.max(0, Math.min(1, along / whole));
}

/** Predicted opacity is noisy near its ends: up to this, of 255, counts as none, from this on as all. */
const NONE = 20;
const ALL = 230;

/**
 * Removes an image's background by the opacity that the model predicted. Where a pixel is partly opaque,
 * the background's share is removed from its colour.
 * @param opacity [height, width], 0 to 255
 * @throws EaselError `background-not-flat` where all is background, or nothing
 */
export function matte({ width, height, data }: RgbImage, opacity: Uint8Array): RgbaImage {
  const sharp = opacity.map((value) => {
    const share = (value - NONE) / (ALL - NONE);
    return Math.round(Math.max(0, Math.min(1, share)) * 255);
  });
  const clear = sharp.reduce((count, value) => count + (value === 0 ? 1 : 0), 0);
  requireBackground(clear / sharp.length);
  const background = meanColour(data, sharp, clear);
  const mixed = new Uint8Array(width * height * 4);
  for (const [pixel, alpha] of sharp.entries()) {
    const own = data.subarray(pixel * 3, pixel * 3 + 3);
    // Transparent pixels keep the background's colour, for programs that ignore transparency.
    mixed.set(alpha === 0 ? background : unmix(own, background, alpha / 255), pixel * 4);
    mixed[pixel * 4 + 3] = alpha;
  }
  return { width, height, alpha: true, data: mixed };
}

/** The mean colour of the transparent pixels. */
function meanColour(data: Uint8Array, opacity: Uint8Array, count: number): Colour {
  const sums: [number, number, number] = [0, 0, 0];
  for (const [pixel, alpha] of opacity.entries()) {
    if (alpha > 0) continue;
    for (const channel of [0, 1, 2] as const) sums[channel] += data[pixel * 3 + channel]!;
  }
  return [Math.round(sums[0] / count), Math.round(sums[1] / count), Math.round(sums[2] / count)];
}

type Colour = readonly [red: number, green: number, blue: number];

/** Shares of an image; outside of these there was no background, or nothing but background. */
const LEAST_BACKGROUND = 0.02;
const MOST_BACKGROUND = 0.995;

/**
 * What a pixel shows of its subject alone: `own = opacity · subject + (1 − opacity) · background`, solved
 * for the subject.
 * @param opacity above 0, to 1
 */
function unmix(own: Uint8Array, background: Colour, opacity: number): Colour {
  const pure = (channel: 0 | 1 | 2) => {
    const behind = background[channel];
    const value = behind + (own[channel]! - behind) / opacity;
    return Math.max(0, Math.min(255, Math.round(value)));
  };
  return [pure(0), pure(1), pure(2)];
}

/**
 * @param share of the image that is background, 0 to 1
 * @throws EaselError `background-not-flat` where that is almost nothing, or almost all
 */
function requireBackground(share: number): void {
  if (share < LEAST_BACKGROUND || share > MOST_BACKGROUND) throw backgroundNotFlat();
}

function backgroundNotFlat(): EaselError {
  return new EaselError(
    'background-not-flat',
    'The image has no flat background that could be made transparent. Ask for one ("on a plain white ' +
      'background", or a style such as Flat icon), try another seed, or draw it opaque.',
  );
}

/** What a way of removing the background gives; undefined where it finds none. @throws its other errors */
export function removedIfAny(remove: () => RgbaImage): RgbaImage | undefined {
  try {
    return remove();
  } catch (thrown) {
    if (thrown instanceof EaselError && thrown.code === 'background-not-flat') return undefined;
    throw thrown;
  }
}
