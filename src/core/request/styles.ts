import * as v from 'valibot';
import { EaselError } from '../errors';
import { GenerationRequestSchema, LIMITS, type GenerationRequestInput } from './request';

/** A named way of drawing: words around a prompt, and settings that go with them. */
export interface Style {
  readonly name: string;
  /** `{prompt}` stands for what is to be drawn; without it the words follow the prompt. */
  readonly prompt: string;
  readonly negativePrompt?: string | undefined;
  readonly steps?: number | undefined;
  readonly guidanceScale?: number | undefined;
  readonly scheduler?: string | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

const PLACEHOLDER = '{prompt}';
/** What a style may set where a request leaves it open. */
const STYLE_SETTINGS = ['steps', 'guidanceScale', 'scheduler', 'width', 'height'] as const;

export const DEFAULT_STYLES: readonly Style[] = [
  {
    name: 'Flat icon',
    prompt: 'flat vector icon of {prompt}, simple shapes, solid colors, centered, white background',
    negativePrompt: 'photo, realistic, gradient, shadow, texture, text, clutter',
  },
  {
    name: 'Isometric',
    prompt: 'isometric illustration of {prompt}, clean 3d render, soft light, plain background',
    negativePrompt: 'photo, perspective distortion, text, blurry, clutter',
  },
  {
    name: 'Watercolour',
    prompt: 'watercolor painting of {prompt}, soft washes, paper texture, delicate brush strokes',
    negativePrompt: 'photo, 3d render, harsh lines, text, signature',
  },
  {
    name: 'Line art',
    prompt: 'black and white line art of {prompt}, clean ink outlines, minimal, white background',
    negativePrompt: 'color, shading, photo, gray, blurry, text',
  },
  {
    name: 'Pixel art',
    prompt: 'pixel art of {prompt}, 16-bit game sprite, limited palette, crisp pixels',
    negativePrompt: 'photo, blurry, smooth, gradient, 3d render, text',
  },
  {
    name: 'Photo',
    prompt: 'photo of {prompt}, natural light, sharp focus, high detail, 50mm',
    negativePrompt: 'drawing, painting, cartoon, 3d render, blurry, low quality, text, watermark',
  },
  {
    name: 'Oil painting',
    prompt: 'oil painting of {prompt}, visible brush strokes, rich colors, canvas texture',
    negativePrompt: 'photo, 3d render, flat, blurry, text, signature',
  },
  {
    name: 'Pencil sketch',
    prompt: 'pencil sketch of {prompt}, graphite on paper, hatching, loose lines',
    negativePrompt: 'color, photo, 3d render, blurry, text',
  },
  {
    name: 'Sticker',
    prompt: 'sticker of {prompt}, thick white outline, bold colors, flat shading, plain background',
    negativePrompt: 'photo, realistic, clutter, text, blurry',
  },
  {
    name: 'Concept art',
    prompt: 'concept art of {prompt}, wide shot, atmospheric light, detailed environment',
    negativePrompt: 'text, watermark, blurry, low quality, frame',
  },
];

/** One entry of the setting `easel.styles`, whose names are its keys; the limits are a request's. */
const { entries: limits } = GenerationRequestSchema;
const StyleEntrySchema = v.strictObject({
  prompt: limits.style.wrapped.entries.prompt,
  negativePrompt: limits.style.wrapped.entries.negativePrompt,
  steps: limits.steps,
  guidanceScale: limits.guidanceScale,
  scheduler: limits.scheduler,
  width: limits.width,
  height: limits.height,
});

/** A style as a studio's page keeps it. */
export const StyleSchema = v.strictObject({
  name: limits.style.wrapped.entries.name,
  ...StyleEntrySchema.entries,
});

/** The setting `easel.styles`: templates by name; null takes a style out of the default set. */
export const StylesSettingSchema = v.record(
  v.pipe(v.string(), v.nonEmpty(), v.maxLength(LIMITS.styleName)),
  v.nullable(StyleEntrySchema),
);

/**
 * The styles to choose from: the default set with a setting's own added, replaced and taken out.
 * @param setting anything, such as `{"Our brand": {"prompt": "{prompt}, flat, teal and coral"}}`
 * @throws EaselError `bad-request`, naming the style and the field
 */
export function resolveStyles(setting: unknown = {}): Style[] {
  if (Array.isArray(setting)) {
    throw new EaselError('bad-request', 'easel.styles must hold templates by name, not a list.');
  }
  const result = v.safeParse(StylesSettingSchema, setting);
  if (!result.success) {
    const [issue] = result.issues;
    const where = v.getDotPath(issue) ?? 'easel.styles';
    throw new EaselError('bad-request', `The style ${where} is not right: ${issue.message}.`, {
      field: where,
    });
  }
  const styles = new Map(DEFAULT_STYLES.map((style) => [style.name, style]));
  for (const [name, entry] of Object.entries(result.output)) {
    if (entry) styles.set(name, { name, ...entry });
    else styles.delete(name);
  }
  return [...styles.values()];
}

/**
 * Finds a style by its name, in any case.
 * @throws EaselError `bad-request`, listing the names there are
 */
export function findStyle(styles: readonly Style[], name: string): Style {
  const plain = (text: string) =>
    text
      .trim()
      .toLowerCase()
      .replace(/[\s_-]+/g, ' ');
  const found = styles.find((style) => plain(style.name) === plain(name));
  if (found) return found;
  const names = styles.map((style) => style.name).join(', ');
  throw new EaselError('bad-request', `There is no style "${name}". There are ${names}.`, { name });
}

/**
 * A request in a style: its words go along, and its settings fill what the request leaves open. The prompt
 * stays as it was asked for, so that a picture's recipe tells both.
 */
export function applyStyle(style: Style, request: GenerationRequestInput): GenerationRequestInput {
  const { name, prompt, negativePrompt } = style;
  const asked = (field: (typeof STYLE_SETTINGS)[number]) =>
    request[field] !== undefined ||
    // A size that the file is to have says what to draw at.
    (request.fit !== undefined && (field === 'width' || field === 'height'));
  const open = STYLE_SETTINGS.filter((field) => !asked(field)).map(
    (field) => [field, style[field]] as const,
  );
  return {
    ...request,
    ...Object.fromEntries(open.filter(([, value]) => value !== undefined)),
    style: { name, prompt, ...(negativePrompt === undefined ? {} : { negativePrompt }) },
  };
}

/** The prompts that a model reads: a request's own in the words of its style. */
export function styledPrompts({
  prompt,
  negativePrompt = '',
  style,
}: Pick<GenerationRequestInput, 'prompt' | 'negativePrompt' | 'style'>): {
  readonly prompt: string;
  readonly negativePrompt: string;
} {
  if (!style) return { prompt, negativePrompt };
  return {
    prompt: style.prompt.includes(PLACEHOLDER)
      ? style.prompt.replaceAll(PLACEHOLDER, () => prompt)
      : joinWords(prompt, style.prompt),
    negativePrompt: joinWords(negativePrompt, style.negativePrompt),
  };
}

function joinWords(...texts: readonly (string | undefined)[]): string {
  return texts.filter(Boolean).join(', ');
}
