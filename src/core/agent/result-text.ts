import { IMAGE_FORMATS, type ImageFormat } from '../image/formats';

/** A picture that was drawn and saved. */
export interface DrawnPicture {
  /** As the agent may name it to its other tools. */
  readonly path: string;
  readonly markdown: string;
  /** What the snippet's link starts from, such as `docs/guide.md` or `the workspace folder`. */
  readonly relativeTo: string;
  readonly width: number;
  readonly height: number;
  readonly format: ImageFormat;
  readonly seed: number;
  readonly model: string;
  readonly device: string;
  readonly steps: number;
  readonly seconds: number;
  /** Notes of the engine, such as a prompt that was cut off. */
  readonly warnings: readonly string[];
}

/** What `generate_image` tells the model beside the picture itself. */
export function describeDrawn(picture: DrawnPicture): string {
  const { path, width, height, format, seed, model, device, steps, seconds } = picture;
  const kind = IMAGE_FORMATS[format].mimeType
    .replace('image/', '')
    .replace('+xml', '')
    .toUpperCase();
  return [
    `Saved ${path} (${width} × ${height} ${kind}).`,
    `Markdown, from ${picture.relativeTo}: ${picture.markdown}`,
    `Drawn by ${model} in ${steps} steps on ${device} in ${seconds.toFixed(1)} s, seed ${seed}.`,
    ...picture.warnings.map((warning) => `Note: ${warning}`),
  ].join('\n');
}

/** The sides of a small view of a picture: at most this many pixels long. */
const VIEW_PIXELS = 384;

/** What the engine's `convert` makes the small view of a drawn picture from, which goes along with the text. */
export function smallView(drawn: { bytes: Uint8Array; width: number; height: number }) {
  return { file: drawn.bytes, format: 'jpeg', width: viewWidth(drawn), quality: 80 } as const;
}

/** The width of the small view, the ratio kept. */
export function viewWidth({ width, height }: { width: number; height: number }): number {
  const scale = Math.min(1, VIEW_PIXELS / Math.max(width, height));
  return Math.max(1, Math.round(width * scale));
}
