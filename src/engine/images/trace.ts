import { contours } from 'd3-contour';
import { toSvgFile, type VectorImage } from '../../core/composition/vector-image';
import type { RgbaImage, RgbImage } from '../../core/image/pixels';
import type { Size } from '../../core/image/resize';
import { fewColours, hexOf, labOf } from './trace/few-colours';
import { layersOf } from './trace/layers';
import { outlinePath, type Point } from './trace/outline';
import { flatPixels, labelPixels, smoothShades, type Grid } from './trace/regions';

export interface TraceOptions {
  /** Colours at most. */
  readonly colours?: number;
}

const COLOURS = 10;
/** Characters of an icon at most: a longer drawing is made coarser, unless it is far more than an icon. */
const [ICON_LENGTH, MOST_FOR_ICON] = [6800, 16_000];
const COARSER = [2, 4, 8];
/** An outline around fewer pixels is a speck. */
const SMALLEST = 6;
/** Pixels that are added around an image, so that its border makes no corners in what it cuts. */
const RIM = 3;

/** Traces an image as a whole SVG file, see `traceBody`. @param size of the drawing; by default the image's */
export function traceSvg(
  image: RgbImage | RgbaImage,
  options: TraceOptions & { readonly size?: Size } = {},
): string {
  const { width, height } = options.size ?? image;
  return toSvgFile(traceBody(image, options), width, height);
}

/**
 * Traces flat art (icons, line art, stickers) as vectors of a few colours: straight lines, smooth curves, no specks.
 * Where the image is transparent, so is the drawing. Its coordinates are the image's pixels, and the same image
 * gives the same drawing. Photographs become patches.
 * @param image with sides of at most about 512 pixels: in a larger one, outlines follow single pixels
 */
export function traceBody(
  image: RgbImage | RgbaImage,
  { colours = COLOURS }: TraceOptions = {},
): VectorImage {
  const { width, height, data } = image;
  const channels = 'alpha' in image ? 4 : 3;
  const alpha = new Float32Array(width * height).fill(1);
  if (channels === 4) {
    for (let pixel = 0; pixel < alpha.length; pixel++) alpha[pixel] = data[pixel * 4 + 3]! / 255;
  }
  const isShown = (pixel: number) => alpha[pixel]! >= 0.5;
  const lab = labOf(data, channels);
  const flat = flatPixels(lab, image);
  const shades = smoothShades(lab, isShown, image);
  const draw = (coarseness: number): string => {
    const few = fewColours(shades, flat, isShown, { colours, coarseness });
    const labels = labelPixels(shades, few, flat, isShown, image);
    const layers = layersOf({ labels, colours: few, lab, alpha, grid: image });
    const paths = layers.map(({ colour, field }) => {
      const path = field ? pathOf(field, image) : `M0 0h${width}v${height}H0z`;
      return path === '' ? '' : `<path fill="${hexOf(colour)}" d="${path}"/>`;
    });
    return paths.join('');
  };
  let body = draw(1);
  for (const coarseness of COARSER) {
    if (body.length <= ICON_LENGTH || body.length > MOST_FOR_ICON) break;
    body = draw(coarseness);
  }
  return { width, height, body };
}

function pathOf(field: Float32Array, { width, height }: Grid): string {
  const [wide, high] = [width + 2 * RIM, height + 2 * RIM];
  const values = Array.from({ length: wide * high }, (_, index) => {
    const x = Math.max(0, Math.min(width - 1, (index % wide) - RIM));
    const y = Math.max(0, Math.min(height - 1, Math.floor(index / wide) - RIM));
    return field[y * width + x]!;
  });
  const { coordinates } = contours().size([wide, high]).contour(values, 0.5);
  const rings = coordinates
    .flat()
    // The last point is the first one again.
    .map((ring) => ring.slice(0, -1).map(([x = 0, y = 0]): Point => [x - RIM, y - RIM]))
    .filter(
      (ring) => Math.abs(areaOf(ring)) >= SMALLEST * Math.min(1, (width * height) / 256 ** 2),
    );
  return rings.map((ring) => outlinePath(ring, { width, height })).join('');
}

function areaOf(points: readonly Point[]): number {
  let sum = 0;
  for (const [index, [x, y]] of points.entries()) {
    const [nextX, nextY] = points[(index + 1) % points.length]!;
    sum += x * nextY - nextX * y;
  }
  return sum / 2;
}
