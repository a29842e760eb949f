import type { RgbaImage, RgbImage } from './pixels';
import type { Size } from './resize';

/** A box in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Opacity above this counts as seen. */
const SEEN = 24;

/** The smallest box with everything that is seen; undefined where nothing is. */
export function seenBox({ width, height, data }: RgbaImage): Box | undefined {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[(y * width + x) * 4 + 3]! <= SEEN) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  if (right < 0) return undefined;
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** A part of an image, with its opacity where the image has that. The box lies within it. */
export function crop<Image extends RgbImage | RgbaImage>(image: Image, box: Box): PixelsOf<Image> {
  const { left, top, width, height } = box;
  const channels = 'alpha' in image ? 4 : 3;
  const data = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * image.width + left) * channels;
    data.set(image.data.subarray(from, from + width * channels), y * width * channels);
  }
  const part = { width, height, data };
  return ('alpha' in image ? { ...part, alpha: true } : part) as PixelsOf<Image>;
}

/** An image in the middle of a size in which it fits, on a colour: red, green and blue, 0 to 255. */
export function centredOn(
  image: RgbImage,
  { width, height }: Size,
  colour: readonly number[],
): RgbImage {
  const left = Math.floor((width - image.width) / 2);
  const top = Math.floor((height - image.height) / 2);
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i += 3) data.set(colour, i);
  for (let y = 0; y < image.height; y++) {
    const row = image.data.subarray(y * image.width * 3, (y + 1) * image.width * 3);
    data.set(row, ((top + y) * width + left) * 3);
  }
  return { width, height, data };
}

/** The part of a size in the middle of an image that is at least as large. */
export function cropMiddle<Image extends RgbImage | RgbaImage>(
  image: Image,
  { width, height }: Size,
): PixelsOf<Image> {
  const left = Math.floor((image.width - width) / 2);
  const top = Math.floor((image.height - height) / 2);
  return crop(image, { left, top, width, height });
}

/** The places of the pixels at both sides of each row and column; those in the corners are there twice. */
export function sidePixels({ width, height }: Size): number[] {
  const places: number[] = [];
  for (let x = 0; x < width; x++) places.push(x, (height - 1) * width + x);
  for (let y = 0; y < height; y++) places.push(y * width, y * width + width - 1);
  return places;
}

type PixelsOf<Image> = Image extends RgbaImage ? RgbaImage : RgbImage;

/** The image with opacity: all of it opaque where it has none. */
export function withOpacity(image: RgbImage | RgbaImage): RgbaImage {
  if ('alpha' in image) return image;
  const { width, height, data } = image;
  const out = new Uint8Array(width * height * 4).fill(255);
  for (let pixel = 0; pixel < width * height; pixel++) {
    out.set(data.subarray(pixel * 3, pixel * 3 + 3), pixel * 4);
  }
  return { width, height, alpha: true, data: out };
}

/** An image without its opacity. */
export function withoutOpacity({ width, height, data }: RgbaImage): RgbImage {
  const out = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    out.set(data.subarray(pixel * 4, pixel * 4 + 3), pixel * 3);
  }
  return { width, height, data: out };
}

/** The mean colour of what is seen, as `#rrggbb`. */
export function meanColourOf({ data }: RgbaImage): string | undefined {
  const sums: [number, number, number] = [0, 0, 0];
  let weight = 0;
  for (let at = 0; at < data.length; at += 4) {
    const opacity = data[at + 3]!;
    weight += opacity;
    for (const channel of [0, 1, 2] as const) sums[channel] += data[at + channel]! * opacity;
  }
  if (weight === 0) return undefined;
  const hex = (sum: number) =>
    Math.round(sum / weight)
      .toString(16)
      .padStart(2, '0');
  return `#${sums.map(hex).join('')}`;
}

export interface LayerPlace {
  readonly left: number;
  readonly top: number;
  readonly mirrored?: boolean;
  /** Degrees clockwise about the layer's middle. */
  readonly turn?: number;
}

/** Draws a layer over a canvas, in place. What lies beyond the canvas is cut off. */
export function drawLayer(
  canvas: RgbaImage,
  layer: RgbaImage,
  { left, top, mirrored = false, turn = 0 }: LayerPlace,
): void {
  const shown = mirrored ? mirror(layer) : layer;
  const whole = Number.isInteger(left) && Number.isInteger(top) && turn === 0;
  if (whole) drawUpright(canvas, shown, left, top);
  else drawTurned(canvas, shown, { left, top, turn });
}

/** Left and right exchanged. */
function mirror({ width, height, data }: RgbaImage): RgbaImage {
  const out = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 4;
      out.set(data.subarray(from, from + 4), (y * width + width - 1 - x) * 4);
    }
  }
  return { width, height, alpha: true, data: out };
}

function drawUpright(canvas: RgbaImage, layer: RgbaImage, left: number, top: number): void {
  const firstX = Math.max(0, -left);
  const lastX = Math.min(layer.width, canvas.width - left);
  const lastY = Math.min(layer.height, canvas.height - top);
  for (let y = Math.max(0, -top); y < lastY; y++) {
    for (let x = firstX; x < lastX; x++) {
      const from = (y * layer.width + x) * 4;
      const opacity = layer.data[from + 3]!;
      if (opacity === 0) continue;
      const to = ((top + y) * canvas.width + left + x) * 4;
      blend(
        canvas.data,
        to,
        layer.data[from]!,
        layer.data[from + 1]!,
        layer.data[from + 2]!,
        opacity,
      );
    }
  }
}

/** "Over" of two colours that are not multiplied with their opacity. */
function blend(
  data: Uint8Array,
  to: number,
  red: number,
  green: number,
  blue: number,
  opacity: number,
): void {
  if (opacity === 255) {
    data[to] = red;
    data[to + 1] = green;
    data[to + 2] = blue;
    data[to + 3] = 255;
    return;
  }
  const below = data[to + 3]!;
  const all = opacity * 255 + below * (255 - opacity);
  if (all === 0) return;
  const share = (opacity * 255) / all;
  data[to] = Math.round(data[to]! + (red - data[to]!) * share);
  data[to + 1] = Math.round(data[to + 1]! + (green - data[to + 1]!) * share);
  data[to + 2] = Math.round(data[to + 2]! + (blue - data[to + 2]!) * share);
  data[to + 3] = Math.round(all / 255);
}

/** Bilinear, with colours weighted by their opacity. */
function drawTurned(
  canvas: RgbaImage,
  layer: RgbaImage,
  { left, top, turn }: Required<Omit<LayerPlace, 'mirrored'>>,
): void {
  const { width, height, data } = layer;
  const angle = (turn * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [middleX, middleY] = [left + width / 2, top + height / 2];
  const reachX = (Math.abs(width * cos) + Math.abs(height * sin)) / 2 + 1;
  const reachY = (Math.abs(width * sin) + Math.abs(height * cos)) / 2 + 1;
  const lastX = Math.min(canvas.width - 1, Math.ceil(middleX + reachX));
  const lastY = Math.min(canvas.height - 1, Math.ceil(middleY + reachY));
  for (let y = Math.max(0, Math.floor(middleY - reachY)); y <= lastY; y++) {
    for (let x = Math.max(0, Math.floor(middleX - reachX)); x <= lastX; x++) {
      const [dx, dy] = [x + 0.5 - middleX, y + 0.5 - middleY];
      const u = dx * cos + dy * sin + width / 2 - 0.5;
      const v = dy * cos - dx * sin + height / 2 - 0.5;
      if (u <= -1 || v <= -1 || u >= width || v >= height) continue;
      const [x0, y0] = [Math.floor(u), Math.floor(v)];
      const [fx, fy] = [u - x0, v - y0];
      let [red, green, blue, opacity] = [0, 0, 0, 0];
      for (let corner = 0; corner < 4; corner++) {
        const [cx, cy] = [x0 + (corner & 1), y0 + (corner >> 1)];
        if (cx < 0 || cy < 0 || cx >= width || cy >= height) continue;
        const at = (cy * width + cx) * 4;
        const share = ((corner & 1) === 1 ? fx : 1 - fx) * (corner >> 1 === 1 ? fy : 1 - fy);
        const weight = share * data[at + 3]!;
        red += data[at]! * weight;
        green += data[at + 1]! * weight;
        blue += data[at + 2]! * weight;
        opacity += weight;
      }
      const whole = Math.round(opacity);
      if (whole === 0) continue;
      const to = (y * canvas.width + x) * 4;
      blend(
        canvas.data,
        to,
        Math.round(red / opacity),
        Math.round(green / opacity),
        Math.round(blue / opacity),
        whole,
      );
    }
  }
}
