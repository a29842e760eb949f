import type { RgbaImage, RgbImage } from './pixels';
import { notFlat, requireBackground, unmix, type Colour } from './unmix';

/** How far a border's colour may be from its middle one, in 8-bit levels of any channel, to count as flat. */
const FLAT_LEVELS = 32;
/** The subject may cross this share of the border. */
const MOST_CROSSED = 0.3;
/** Levels beyond the border's own spread that still are background. */
const MARGIN_LEVELS = 12;
/** Pixels from the background in which an edge is soft. */
const EDGE = 2;
/** Around an edge's pixel, where the subject's own colour is looked for. */
const REACH = 3;
/**
 * Takes the flat background of a picture away: what has about the border's colour and is connected with
 * the border. Edges become soft: a pixel there is taken for a mixture of the background and the nearest
 * colour of the subject, and gets the subject's share as its opacity and the subject's colour. What the
 * subject encloses stays.
 * @throws EaselError `background-not-flat` where the border has no one colour, or where nothing is left
 */
export function cutOut(image: RgbImage): RgbaImage {
  const { width, height, data } = image;
  const border = borderOf(width, height);
  const background = middleColour(data, border);
  const far = (pixel: number) => distance(data, pixel, background);
  const flat = border.map(far).filter((levels) => levels <= FLAT_LEVELS);
  if (flat.length < border.length * (1 - MOST_CROSSED)) throw notFlat();
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

function middleColour(data: Uint8Array, pixels: readonly number[]): Colour {
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

/** Marks with 1 what is connected with some of these pixels, side by side. */
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

/** The pixels with their opacity: none outside, a share at the edge, all else. */
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
    // What cannot be seen has the background's colour, for programs that know no transparency.
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

/** How far a colour lies on the way from the background's to the subject's, 0 to 1. */
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
