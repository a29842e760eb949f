import { IMAGE_FORMATS, type ImageFormat } from '../image/formats';

/** An image that was drawn and saved. */
export interface SavedDrawing {
  /** In a form that the agent's other tools accept. */
  readonly path: string;
  readonly markdown: string;
  /** The base of the snippet's link, such as `docs/guide.md` or `the workspace folder`. */
  readonly relativeTo: string;
  readonly image: {
    readonly width: number;
    readonly height: number;
    readonly format: ImageFormat;
    readonly seed: number;
  };
  /** How it was drawn; absent if the engine failed after it had sent the image. */
  readonly summary?: {
    readonly model: string;
    readonly device: string;
    readonly settings: { readonly steps: number };
    readonly seconds: { readonly total: number };
  };
  /** Warnings of the engine, such as a prompt that was cut off. */
  readonly warnings: readonly string[];
}

/** The result text of `generate_image`. */
export function describeDrawn({ image, summary, ...saved }: SavedDrawing): string {
  const { width, height, format, seed } = image;
  const kind = IMAGE_FORMATS[format].mimeType
    .replace('image/', '')
    .replace('+xml', '')
    .toUpperCase();
  return [
    `Saved ${saved.path} (${width} × ${height} ${kind}).`,
    `Markdown, from ${saved.relativeTo}: ${saved.markdown}`,
    summary
      ? `Drawn by ${summary.model} in ${summary.settings.steps} steps on ${summary.device} in ${summary.seconds.total.toFixed(1)} s, seed ${seed}.`
      : `Seed ${seed}.`,
    ...saved.warnings.map((warning) => `Note: ${warning}`),
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
