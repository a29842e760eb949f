/** A drawing in vectors: SVG elements in the coordinates of their own view box, which begins at 0, 0. */
export interface VectorImage {
  readonly width: number;
  readonly height: number;
  /**
   * SVG elements as text, without an `<svg>` around them. Their ids must differ from those of every other
   * drawing in the same file, so each drawing takes a prefix.
   */
  readonly body: string;
}

/** A whole SVG file of a drawing, scaled to a size in pixels. */
export function toSvgFile(image: VectorImage, width = image.width, height = image.height): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${image.width} ${image.height}">${image.body}</svg>`
  );
}
