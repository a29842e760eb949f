import { EaselError } from '../../../core/errors';
import type { DrawnImage, RgbImage } from '../../../core/image/pixels';
import type { Size } from '../../../core/image/resize';
import { USUAL_FACTOR } from '../../../core/upscale';
import { MAX_PIXELS, resizePixels } from '../../images/sharp-image';
import { luma } from '../source-image';
import type { ComputePlace, Upscaler } from '../../model/components/upscaler/upscaler';
import { runMemory, runUpscaler, tileGrid, type RunOptions } from './run-upscaler';

/** How an image is made larger. It is decided before anything is loaded. */
export interface UpscalePlan {
  /** Absent: a plain resampler. */
  readonly upscaler: Upscaler | undefined;
  readonly factor: number;
  /** Of the result, in pixels. */
  readonly size: Size;
  /** The sizes of what the network is given, one after the other. */
  readonly passes: readonly Size[];
}

/** As in AUTOMATIC1111: a network is run so often at most. */
const MOST_PASSES = 3;

/**
 * Plans an enlargement: the network is run once, and again for as long as its result is smaller than what is wanted;
 * then that is resized to it.
 * @param factor default: the network's scale, or `USUAL_FACTOR` without one
 * @throws EaselError `bad-size` where the result would have too many pixels
 */
export function planUpscaling(
  { width, height }: Size,
  upscaler: Upscaler | undefined,
  factor = upscaler?.scale ?? USUAL_FACTOR,
): UpscalePlan {
  const times = (size: Size, by: number): Size => ({
    width: Math.max(1, Math.round(size.width * by)),
    height: Math.max(1, Math.round(size.height * by)),
  });
  const size = times({ width, height }, factor);
  const passes: Size[] = [];
  let made: Size = { width, height };
  for (let pass = 0; upscaler && pass < MOST_PASSES; pass++) {
    if (pass > 0 && (upscaler.scale === 1 || made.width >= size.width)) break;
    const next = times(made, upscaler.scale);
    if (pass > 0 && pixelsOf(next) > MAX_PIXELS) break;
    passes.push(made);
    made = next;
  }
  for (const one of [size, made]) {
    if (pixelsOf(one) <= MAX_PIXELS) continue;
    const message = `${width} × ${height} pixels become ${one.width} × ${one.height}, which are more than 268 million. Choose a smaller factor, or a smaller image.`; // prettier-ignore
    throw new EaselError('bad-size', message, { width: one.width, height: one.height });
  }
  return { upscaler, factor, size, passes };
}

function pixelsOf({ width, height }: Size): number {
  return width * height;
}

/**
 * Tiles of all passes.
 * @param hasOpacity whether the opacity is enlarged too
 * @param tile as in `tileGrid`
 */
export function countTiles(
  { upscaler, passes }: UpscalePlan,
  hasOpacity: boolean,
  tile?: number,
): number {
  if (!upscaler) return 0;
  const tiles = passes.map((size) => {
    const { rows, columns } = tileGrid(upscaler, size, tile);
    return rows.length * columns.length;
  });
  return tiles.reduce((sum, count) => sum + count, 0) * (hasOpacity ? 2 : 1);
}

/** Bytes that it takes at most, with the images. */
export function upscalingMemory(
  { upscaler, passes, size }: UpscalePlan,
  where: ComputePlace,
): number {
  const images = 4 * pixelsOf(size) * 2;
  if (!upscaler) return images;
  return images + Math.max(...passes.map((pass) => runMemory(upscaler, pass, where)));
}

/**
 * Enlarges an image as planned. Its opacity is enlarged in the same way, as an image in shades of grey
 * (Real-ESRGAN, `RealESRGANer.enhance`).
 * @param options only for a plan with a network
 * @throws the errors of the networks, and of `onTile`
 */
export async function upscaleImage(
  image: DrawnImage,
  plan: UpscalePlan,
  options?: Omit<RunOptions, 'keep'>,
): Promise<DrawnImage> {
  const { opacity, ...colours } = image;
  const enlarged = await enlarge(colours, plan, options, opacity !== undefined);
  if (!opacity) return enlarged;
  const grey = greyImage(image, opacity);
  return { ...enlarged, opacity: shadesOf(await enlarge(grey, plan, options, false)) };
}

/** The colours as shades of grey, as an upscaled grey image gets them (Real-ESRGAN, `RealESRGANer.enhance`). */
export function inShadesOfGrey(image: DrawnImage): DrawnImage {
  return { ...image, ...greyImage(image, shadesOf(image)) };
}

/** @param again whether an image of this size follows */
async function enlarge(
  image: RgbImage,
  plan: UpscalePlan,
  options: Omit<RunOptions, 'keep'> | undefined,
  again: boolean,
): Promise<RgbImage> {
  const made = options ? await runPasses(image, plan, { ...options, keep: again }) : image;
  return resizePixels(made, plan.size);
}

/** Runs the network of a plan, as often as planned. The result has not the planned size yet. */
export async function runPasses(
  image: RgbImage,
  { upscaler, passes }: UpscalePlan,
  options: RunOptions,
): Promise<RgbImage> {
  let made = image;
  for (const [index] of passes.entries()) {
    // Another pass has tiles of another size, and so most often another session.
    const keep = options.keep === true && index === passes.length - 1;
    if (upscaler) made = await runUpscaler(upscaler, made, { ...options, keep });
  }
  return made;
}

/** One byte for each pixel: its luma. */
function shadesOf({ data }: RgbImage): Uint8Array {
  // Many times as fast as Uint8Array.from with a function.
  const shades = new Uint8Array(data.length / 3);
  for (let i = 0; i < shades.length; i++) shades[i] = luma(data, 3 * i);
  return shades;
}

function greyImage({ width, height }: Size, shades: Uint8Array): RgbImage {
  const data = new Uint8Array(shades.length * 3);
  for (let i = 0; i < shades.length; i++) data.fill(shades[i]!, 3 * i, 3 * i + 3);
  return { width, height, data };
}
