import { describeDoubt, doubts, type SubjectKnowledge } from '../composition/knowledge';
import type { Precision } from '../devices';
import { IMAGE_FORMATS, type ImageFormat } from '../image/formats';
import { describeSteps } from '../quantities';
import { oneLine } from '../shown-text';

/** An image that was drawn and saved. */
export interface SavedImage {
  /** In a form that the agent's other tools accept. */
  readonly path: string;
  /** A snippet that shows the image; absent for an image that is not in the workspace. */
  readonly markdown?: string | undefined;
  readonly image: {
    readonly width: number;
    readonly height: number;
    readonly format: ImageFormat;
    /** Absent: an endpoint drew it that takes no seed. */
    readonly seed?: number | undefined;
    /** How well the model knows what it drew, where it says so. */
    readonly knowledge?: readonly SubjectKnowledge[] | undefined;
  };
}

/** The images of one call. */
export interface SavedDrawings {
  readonly images: readonly SavedImage[];
  /** The base of the snippets' links, such as `docs/guide.md` or `the workspace folder`. */
  readonly relativeTo: string;
  /** How they were drawn; absent if the engine failed after it had sent an image. */
  readonly summary?: {
    readonly model: string;
    /** Of this machine. */
    readonly device?: string;
    readonly precision?: Precision;
    /** Where it was drawn elsewhere. */
    readonly endpoint?: { readonly host: string };
    readonly settings: { readonly steps?: number };
    readonly seconds: { readonly total: number };
  };
  /** Warnings of the engine, such as a prompt that was cut off. */
  readonly warnings: readonly string[];
}

/** The result text of `generate_image` and `edit_image`; what is of files and models is cleaned. */
export function describeDrawings({ images, relativeTo, summary, warnings }: SavedDrawings): string {
  const seeds = images.flatMap(({ image }) => image.seed ?? []);
  const seed = `${seeds.length > 1 ? 'seeds' : 'seed'} ${seeds.join(', ')}`;
  return [
    ...images.flatMap(({ path, markdown, image }) => [
      `Saved ${oneLine(path)} (${image.width} × ${image.height} ${formatName(image.format)}).`,
      ...(markdown === undefined
        ? []
        : [`Markdown, from ${oneLine(relativeTo)}: ${oneLine(markdown, 5000)}`]),
    ]),
    summary
      ? [describeSummary(summary), ...(seeds.length > 0 ? [seed] : [])].join(', ') + '.'
      : `S${seed.slice(1)}.`,
    ...doubtLines(images),
    ...warnings.map((warning) => `Note: ${oneLine(warning)}`),
  ].join('\n');
}

function describeSummary(summary: Required<SavedDrawings>['summary']): string {
  const { model, device = '', precision = 'full', endpoint, settings, seconds } = summary;
  const by = model === '' ? '' : ` by ${oneLine(model)}`;
  const inSteps = settings.steps === undefined ? '' : ` in ${describeSteps(settings.steps)}`;
  const where = endpoint ? ` at ${oneLine(endpoint.host)}` : ` on ${device}${computed(precision)}`;
  return `Drawn${by}${inSteps}${where} in ${seconds.total.toFixed(1)} s`;
}

/** How it was computed, where that is not exact. */
function computed(precision: Precision): string {
  return precision === 'full' ? '' : ` (${precision}, nearly exact)`;
}

/** What the model may not know, each once, and what an agent can do about it. */
function doubtLines(images: readonly SavedImage[]): string[] {
  const found = doubts(images.flatMap(({ image }) => image.knowledge ?? []));
  return found.map((doubt) => {
    const better =
      doubt.nearest.length > 0
        ? 'Call again with one of them, or with a larger model.'
        : 'Call again with plainer words, or with a larger model.';
    return oneLine(`${describeDoubt(doubt)} ${better}`, 1000);
  });
}

function formatName(format: ImageFormat): string {
  return IMAGE_FORMATS[format].mimeType.replace('image/', '').replace('+xml', '').toUpperCase();
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
