import type { T2IAdapterConfig } from './t2i-adapter-config';
import type { UNetConfig } from './unet-config';

interface Sides {
  readonly width: number;
  readonly height: number;
}

/** The shape of features: those that an adapter gives, or that a UNet can be given. */
export interface FeatureShape extends Sides {
  readonly channels: number;
}

/**
 * Where a UNet is given the features of T2I-Adapters, in their order: at the end of each down block, and after the
 * mid block (diffusers, `unet_2d_condition.py`: `down_intrablock_additional_residuals`). A block with attention is
 * given them before it halves, one without after that.
 * @param size of the latents, in cells
 */
export function featurePlaces(
  { down, mid, downsamplePadding: padding }: Pick<UNetConfig, 'down' | 'mid' | 'downsamplePadding'>,
  size: Sides,
): readonly FeatureShape[] {
  const places: FeatureShape[] = [];
  // A convolution of 3 × 3 with a stride of 2; Downsample2D pads one side alone where its padding is 0.
  const half = (side: number) => Math.floor((side + (padding === 0 ? 1 : 2 * padding) - 3) / 2) + 1;
  let sides = size;
  for (const [depth, { channels, transformers }] of down.entries()) {
    const isLast = depth === down.length - 1;
    const smaller = isLast ? sides : { width: half(sides.width), height: half(sides.height) };
    places.push({ channels, ...(transformers ? sides : smaller) });
    sides = smaller;
  }
  return mid ? [...places, { channels: down.at(-1)!.channels, ...sides }] : places;
}

/**
 * The features of a T2I-Adapter.
 * @param size of the control image, in pixels: multiples of the config's `downscale`
 */
export function featuresOfAdapter(
  { downscale, blocks }: T2IAdapterConfig,
  { width, height }: Sides,
): readonly FeatureShape[] {
  let sides: Sides = { width: width / downscale, height: height / downscale };
  return blocks.map(({ channels, halves }) => {
    if (halves) sides = { width: Math.ceil(sides.width / 2), height: Math.ceil(sides.height / 2) };
    return { channels, ...sides };
  });
}
