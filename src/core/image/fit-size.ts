/** Models draw badly in shapes unlike those they were trained on; a larger ratio is cropped instead. */
const MAX_RATIO = 2;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * The size to draw at for an image that is then resized to cover another size: about the model's default
 * area, in the wanted shape, both sides multiples of the model's factor.
 * @param own the model's default size
 */
export function drawnSizeFor(wanted: Size, own: Size, factor: number): Size {
  const ratio = Math.min(Math.max(wanted.width / wanted.height, 1 / MAX_RATIO), MAX_RATIO);
  const area = own.width * own.height;
  const side = (pixels: number) => Math.max(factor, Math.round(pixels / factor) * factor);
  return { width: side(Math.sqrt(area * ratio)), height: side(Math.sqrt(area / ratio)) };
}
