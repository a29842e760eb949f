import type { RgbaImage } from '../pixels';
import { blur, mapPlane, resizePlane, type Plane } from './planes';

/**
 * A colour in OKLab (Björn Ottosson, https://bottosson.github.io/posts/oklab/): lightness 0 to 1, a towards red,
 * b towards yellow. Equal distances look about equally different.
 */
export type Lab = readonly [lightness: number, a: number, b: number];

/** An image whose filters see colours as people do. */
export interface LabImage {
  readonly width: number;
  readonly height: number;
  readonly lightness: Float32Array;
  readonly a: Float32Array;
  readonly b: Float32Array;
  /** 0 to 1. */
  readonly opacity: Float32Array;
}

const TO_LINEAR = Float32Array.from({ length: 256 }, (_, level) => {
  const value = level / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
});
const STEPS = 4096;
/** From the square root of a linear value, so that dark colours are as exact as light ones. */
const TO_LEVEL = Uint8Array.from({ length: STEPS + 1 }, (_, step) => {
  const value = (step / STEPS) ** 2;
  return Math.round(
    255 * (value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055),
  );
});

function toLevel(linear: number): number {
  return TO_LEVEL[linear <= 0 ? 0 : linear >= 1 ? STEPS : Math.round(Math.sqrt(linear) * STEPS)]!;
}

/** @param levels 0 to 255 */
export function labOf(red: number, green: number, blue: number): Lab {
  const r = TO_LINEAR[red]!;
  const g = TO_LINEAR[green]!;
  const b = TO_LINEAR[blue]!;
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** @param hex `#rrggbb` */
export function labOfHex(hex: string): Lab {
  const number = Number.parseInt(hex.slice(1), 16);
  return labOf((number >> 16) & 255, (number >> 8) & 255, number & 255);
}

/** Writes a colour as three 8-bit levels; colours that sRGB does not have are clipped. */
export function writeRgb(out: Uint8Array, at: number, lightness: number, a: number, b: number) {
  const lRoot = lightness + 0.3963377774 * a + 0.2158037573 * b;
  const mRoot = lightness - 0.1055613458 * a - 0.0638541728 * b;
  const sRoot = lightness - 0.0894841775 * a - 1.291485548 * b;
  const l = lRoot * lRoot * lRoot;
  const m = mRoot * mRoot * mRoot;
  const s = sRoot * sRoot * sRoot;
  out[at] = toLevel(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  out[at + 1] = toLevel(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  out[at + 2] = toLevel(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
}

export function toLab({ width, height, data }: RgbaImage): LabImage {
  const size = width * height;
  const lightness = new Float32Array(size);
  const a = new Float32Array(size);
  const b = new Float32Array(size);
  const opacity = new Float32Array(size);
  for (let pixel = 0; pixel < size; pixel++) {
    const at = pixel * 4;
    const lab = labOf(data[at]!, data[at + 1]!, data[at + 2]!);
    lightness[pixel] = lab[0];
    a[pixel] = lab[1];
    b[pixel] = lab[2];
    opacity[pixel] = data[at + 3]! / 255;
  }
  return { width, height, lightness, a, b, opacity };
}

/** An image whose pixels come from a function, which gives a colour and its opacity from 0 to 1. */
export function paint(
  { width, height }: { readonly width: number; readonly height: number },
  pixelAt: (pixel: number, x: number, y: number) => readonly [Lab, number],
): RgbaImage {
  const data = new Uint8Array(width * height * 4);
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      const [colour, opacity] = pixelAt(pixel, x, y);
      writeRgb(data, pixel * 4, ...colour);
      data[pixel * 4 + 3] = Math.round(Math.max(0, Math.min(1, opacity)) * 255);
    }
  }
  return { width, height, alpha: true, data };
}

export function colourAt(image: LabImage, pixel: number): Lab {
  return [image.lightness[pixel]!, image.a[pixel]!, image.b[pixel]!];
}

export function mixLab(one: Lab, other: Lab, share: number): Lab {
  return [
    one[0] + (other[0] - one[0]) * share,
    one[1] + (other[1] - one[1]) * share,
    one[2] + (other[2] - one[2]) * share,
  ];
}

/** A colour lies over another: its opacity is the share that it covers. */
export function over(
  top: Lab,
  opacity: number,
  below: Lab,
  belowOpacity: number,
): readonly [Lab, number] {
  const whole = opacity + belowOpacity * (1 - opacity);
  return [whole === 0 ? below : mixLab(below, top, opacity / whole), whole];
}

export function labDistance(one: Lab, other: Lab): number {
  return Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
}

/** How colourful: 0 for greys. */
export function chroma([, a, b]: Lab): number {
  return Math.hypot(a, b);
}

/** The planes of an image, for the filters. */
export function planesOf({ width, height, lightness, a, b, opacity }: LabImage) {
  const plane = (values: Float32Array): Plane => ({ width, height, values });
  return {
    lightness: plane(lightness),
    a: plane(a),
    b: plane(b),
    opacity: plane(opacity),
  };
}

/** An image of another size. Colours count by their opacity. */
export function resizeLab(image: LabImage, width: number, height: number): LabImage {
  if (width === image.width && height === image.height) return image;
  return byOpacity(image, (plane) => resizePlane(plane, width, height));
}

/** A blurred image. Colours count by their opacity, which is blurred too. */
export function blurLab(image: LabImage, sigma: number): LabImage {
  return byOpacity(image, (plane) => blur(plane, sigma));
}

function byOpacity(image: LabImage, filter: (plane: Plane) => Plane): LabImage {
  const { opacity } = image;
  const least = 1e-4;
  const weights = filter({ ...image, values: opacity });
  const filtered = (values: Float32Array) => {
    const weighted = filter(mapPlane(image, (i) => values[i]! * (opacity[i]! + least)));
    return mapPlane(weighted, (i) => weighted.values[i]! / (weights.values[i]! + least)).values;
  };
  return {
    width: weights.width,
    height: weights.height,
    lightness: filtered(image.lightness),
    a: filtered(image.a),
    b: filtered(image.b),
    opacity: weights.values,
  };
}

/**
 * Gives transparent pixels the colour of the opaque ones near them, so that filters across the subject's edge
 * do not see the colour that lay behind.
 * @param reach in pixels
 */
export function spreadColours(image: LabImage, reach: number): LabImage {
  const { width, height, opacity } = image;
  if (opacity.every((value) => value === 1)) return image;
  // The edge's own colours are still mixed with what lay behind.
  const solid = opacity.map((value) => (value > 0.9 ? value : 0));
  const near = blurLab({ ...image, opacity: solid }, reach);
  const mixed = (own: Float32Array, around: Float32Array) =>
    mapPlane({ width, height }, (i) =>
      opacity[i]! > 0.9 ? own[i]! : near.opacity[i]! > 1e-4 ? around[i]! : own[i]!,
    ).values;
  return {
    width,
    height,
    opacity,
    lightness: mixed(image.lightness, near.lightness),
    a: mixed(image.a, near.a),
    b: mixed(image.b, near.b),
  };
}
