import { IMAGE_FORMATS, type ImageFormat } from '../image/formats';

/** A generated image that was saved. */
export interface SavedImage {
  /** In a form that the agent's other tools accept. */
  readonly path: string;
  readonly markdown: string;
  /** The base of the snippet's link, such as `docs/guide.md` or `the workspace folder`. */
  readonly relativeTo: string;
  readonly width: number;
  readonly height: number;
  readonly format: ImageFormat;
  readonly seed: number;
  readonly model: string;
  readonly device: string;
  readonly steps: number;
  readonly seconds: number;
  /** Warnings of the engine, such as a prompt that was cut off. */
  readonly warnings: readonly string[];
}

/** The result text of `generate_image`. */
export function describeDrawn(image: SavedImage): string {
  const { path, width, height, format, seed, model, device, steps, seconds } = image;
  const kind = IMAGE_FORMATS[format].mimeType
    .replace('image/', '')
    .replace('+xml', '')
    .toUpperCase();
  return [
    `Saved ${path} (${width} × ${height} ${kind}).`,
    `Markdown, from ${image.relativeTo}: ${image.markdown}`,
    `Drawn by ${model} in ${steps} steps on ${device} in ${seconds.toFixed(1)} s, seed ${seed}.`,
    ...image.warnings.map((warning) => `Note: ${warning}`),
  ].join('\n');
}

/** Maximum side of the small view of an image, in pixels. */
const VIEW_PIXELS = 384;

/** The parameters of the engine's `convert` for the small view, which is returned with the text. */
export function smallView(drawn: { bytes: Uint8Array; width: number; height: number }) {
  return { file: drawn.bytes, format: 'jpeg', width: viewWidth(drawn), quality: 80 } as const;
}

/** The width of the small view, with the image's aspect ratio. */
export function viewWidth({ width, height }: { width: number; height: number }): number {
  const scale = Math.min(1, VIEW_PIXELS / Math.max(width, height));
  return Math.max(1, Math.round(width * scale));
}
