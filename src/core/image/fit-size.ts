/** Models draw badly far from the shapes they learnt; beyond this ratio the rest is cropped. */
const MAX_RATIO = 2;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * The size to draw at for a picture that is then fitted to another size: about the model's own area, in
 * the wanted shape, both sides multiples of the model's factor.
 * @param own the size the model draws where nothing is asked for
 */
export function drawnSizeFor(wanted: Size, own: Size, factor: number): Size {
  const ratio = Math.min(Math.max(wanted.width / wanted.height, 1 / MAX_RATIO), MAX_RATIO);
  const area = own.width * own.height;
  const side = (pixels: number) => Math.max(factor, Math.round(pixels / factor) * factor);
  return { width: side(Math.sqrt(area * ratio)), height: side(Math.sqrt(area / ratio)) };
}
