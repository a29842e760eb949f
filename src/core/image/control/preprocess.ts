import { blur, type Plane } from '../effects/planes';
import type { RgbImage } from '../pixels';
import { resizeLanczos, type Size } from '../resize';
import { cannyEdges } from './canny';
import type { ControlPreprocessor, ControlTuning } from './names';
import { qrPattern } from './qr';

/**
 * Makes of an image what a ControlNet was trained to follow, at a size. None of these needs a model. `inpaint` only
 * resizes the image: what is drawn anew is told by the mask (pipeline/control-images.ts).
 * @param size default: the image's own
 * @throws EaselError `bad-size` where a QR code does not fit
 */
export function preprocessControl(
  name: ControlPreprocessor,
  image: RgbImage,
  size: Size = image,
  tuning: ControlTuning = {},
): RgbImage {
  // Its modules are squares of whole pixels, which no resizing leaves.
  if (name === 'qr') return qrPattern(image, size);
  return preprocessFitted(name, resizeLanczos(image, size.width, size.height), tuning);
}

/** @param image at the size that is drawn */
function preprocessFitted(
  name: Exclude<ControlPreprocessor, 'qr'>,
  image: RgbImage,
  { canny, stroke, tile }: ControlTuning,
): RgbImage {
  switch (name) {
    case 'none':
    case 'inpaint':
      return image;
    case 'canny':
      return greyImage(image, cannyEdges(image, canny));
    case 'scribble':
      return greyImage(image, scribble(image, stroke));
    case 'lineart':
      return greyImage(image, lineArt(image));
    case 'softedge':
      return greyImage(image, softEdges(image));
    case 'tile':
      return withoutDetail(image, tile);
    case 'color':
      return colourGrid(image);
    case 'invert':
      return { ...image, data: image.data.map((value) => 255 - value) };
  }
}

/** The standard deviations of a difference of Gaussians that finds strokes, and where a stroke begins, of 255. */
const STROKE = { fine: 0.5, coarse: 5, from: 16 };

/**
 * White strokes on black: what is darker than its surroundings, or in a drawing on dark ground lighter, as two values
 * (the extended difference of Gaussians of other tools' "scribble xdog").
 */
function scribble(image: RgbImage, from: number = STROKE.from): Uint8Array {
  const difference = inkOf(image, STROKE);
  return Uint8Array.from(difference, (value) => (value > from ? 255 : 0));
}

/** The standard deviation that other tools' "lineart standard" takes for the surroundings. */
const LINE = { fine: 0, coarse: 6 };
/** Of 255: what is fainter does not say how strong lines are, and lines are at least taken as this strong. */
const FAINT = 8;
const WEAKEST_LINES = 16;
/** The share of the pixels of lines that are white. */
const STRONG_LINES = 0.1;

/** Lines with their strength on black: what is darker than its surroundings. */
function lineArt(image: RgbImage): Uint8Array {
  const ink = inkOf(image, LINE);
  const seen = ink.filter((value) => value > FAINT).sort();
  const strong = seen[Math.floor((seen.length - 1) * (1 - STRONG_LINES))] ?? 0;
  return toBytes(ink, 255 / Math.max(WEAKEST_LINES, strong));
}

/** The share of the pixels whose edges are the strongest; they are white. */
const STRONGEST = 0.02;

/** Wide, soft edges on black: the strength of the gradient of a blurred image. */
function softEdges(image: RgbImage): Uint8Array {
  const { width, height } = image;
  const sigma = Math.max(1, Math.min(width, height) / 256);
  const strength = new Float32Array(width * height);
  for (const plane of colourPlanes(image)) {
    const { values } = blur(plane, sigma);
    for (let y = 0; y < height; y++) {
      const [above, below] = [Math.max(0, y - 1) * width, Math.min(height - 1, y + 1) * width];
      for (let x = 0; x < width; x++) {
        const [left, right] = [Math.max(0, x - 1), Math.min(width - 1, x + 1)];
        const dx = values[y * width + right]! - values[y * width + left]!;
        const dy = values[below + x]! - values[above + x]!;
        strength[y * width + x] = Math.max(strength[y * width + x]!, Math.hypot(dx, dy));
      }
    }
  }
  const soft = blur({ width, height, values: strength }, sigma).values;
  const sorted = soft.slice().sort();
  const white = sorted[Math.floor((sorted.length - 1) * (1 - STRONGEST))]!;
  // An image without edges has none that are strong.
  return toBytes(soft, 255 / Math.max(white, 1));
}

/** How many pixels in a row become one, so that what is smaller is drawn anew. */
const TILE = 4;

function withoutDetail(image: RgbImage, tile = TILE): RgbImage {
  const { width, height } = image;
  const fewer = (side: number) => Math.max(1, Math.round(side / tile));
  return resizeLanczos(resizeLanczos(image, fewer(width), fewer(height)), width, height);
}

/** The side of a cell in pixels: that of T2I-Adapter's colour model, and of its preprocessor in other tools. */
const CELL = 64;

/** Squares of one colour each: the mean of what was there. */
function colourGrid({ width, height, data }: RgbImage): RgbImage {
  const out = new Uint8Array(data.length);
  for (let top = 0; top < height; top += CELL) {
    for (let left = 0; left < width; left += CELL) {
      const [bottom, right] = [Math.min(height, top + CELL), Math.min(width, left + CELL)];
      const sums = [0, 0, 0] as [number, number, number];
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) {
          for (let c = 0; c < 3; c++) sums[c]! += data[(y * width + x) * 3 + c]!;
        }
      }
      const mean = sums.map((sum) => Math.round(sum / ((bottom - top) * (right - left))));
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) out.set(mean, (y * width + x) * 3);
      }
    }
  }
  return { width, height, data: out };
}

/**
 * How much darker each pixel is than its surroundings, in the colour in which it is so the most; lighter, where the
 * image is on dark ground. 0 where it is not.
 */
function inkOf(
  image: RgbImage,
  { fine, coarse }: { readonly fine: number; readonly coarse: number },
): Float32Array {
  const sign = isOnDark(image) ? -1 : 1;
  const ink = new Float32Array(image.width * image.height);
  for (const plane of colourPlanes(image)) {
    const near = blur(plane, fine).values;
    const around = blur(plane, coarse).values;
    for (let i = 0; i < ink.length; i++) {
      ink[i] = Math.max(ink[i]!, sign * (around[i]! - near[i]!));
    }
  }
  return ink;
}

/** Whether most of the border is dark. */
function isOnDark({ width, height, data }: RgbImage): boolean {
  let dark = 0;
  let all = 0;
  const count = (x: number, y: number) => {
    const place = (y * width + x) * 3;
    if (data[place]! + data[place + 1]! + data[place + 2]! < 3 * 128) dark += 1;
    all += 1;
  };
  for (let x = 0; x < width; x++) for (const y of [0, height - 1]) count(x, y);
  for (let y = 0; y < height; y++) for (const x of [0, width - 1]) count(x, y);
  return dark > all / 2;
}

function colourPlanes({ width, height, data }: RgbImage): readonly Plane[] {
  return [0, 1, 2].map((colour) => {
    const values = Float32Array.from({ length: width * height }, (_, i) => data[i * 3 + colour]!);
    return { width, height, values };
  });
}

function toBytes(values: Float32Array, factor: number): Uint8Array {
  return Uint8Array.from(values, (value) => Math.max(0, Math.min(255, Math.round(value * factor))));
}

/** @param grey [height, width] */
function greyImage({ width, height }: RgbImage, grey: Uint8Array): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (const [i, value] of grey.entries()) data.fill(value, i * 3, i * 3 + 3);
  return { width, height, data };
}
