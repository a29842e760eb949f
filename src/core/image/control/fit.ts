import { centredOn, cropMiddle, sidePixels } from '../layers';
import type { RgbImage } from '../pixels';
import { resizeLanczos, type Size } from '../resize';

/**
 * How an image of another shape comes into a size: stretched, cut at the edges that are over, or whole with the rest
 * filled. The first three choices of "Resize mode" in AUTOMATIC1111 and its extension for ControlNets.
 */
export type ControlFit = 'stretch' | 'crop' | 'fill';

/** Whether an image has the shape of a size, to the nearest pixel of the image. */
export function hasShape(image: Size, size: Size): boolean {
  const { width, height } = shapeWithin(image, size);
  return width === image.width && height === image.height;
}

/** The middle of an image that has the shape of a size, at the image's own scale. */
export function cropToShape(image: RgbImage, size: Size): RgbImage {
  return cropMiddle(image, shapeWithin(image, size));
}

/** The largest size of an image's shape within a size. */
export function sizeWithin(image: Size, size: Size): Size {
  const scale = Math.min(size.width / image.width, size.height / image.height);
  return {
    width: sideWithin(image.width * scale, size.width),
    height: sideWithin(image.height * scale, size.height),
  };
}

/**
 * An image in the middle of a size, resized to fit into it. Around it is the usual colour of its border: the median of
 * each channel (`detectmap_proc` in sd-webui-controlnet, scripts/controlnet.py).
 */
export function fillToSize(image: RgbImage, size: Size): RgbImage {
  const inner = sizeWithin(image, size);
  const fitted = resizeLanczos(image, inner.width, inner.height);
  return centredOn(fitted, size, borderColour(fitted));
}

/** The largest part of an image that has the shape of a size. */
function shapeWithin(image: Size, size: Size): Size {
  return {
    width: sideWithin((image.height * size.width) / size.height, image.width),
    height: sideWithin((image.width * size.height) / size.width, image.height),
  };
}

/** A length in whole pixels, from 1 to the most. */
function sideWithin(length: number, most: number): number {
  return Math.max(1, Math.min(most, Math.round(length)));
}

function borderColour(image: RgbImage): readonly number[] {
  const places = sidePixels(image);
  return [0, 1, 2].map((channel) => {
    const values = places.map((place) => image.data[place * 3 + channel]!).sort((a, b) => a - b);
    const middle = Math.floor(values.length / 2);
    // There is an even number of them: both sides of each row and column.
    return Math.floor((values[middle - 1]! + values[middle]!) / 2);
  });
}
