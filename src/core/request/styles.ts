import * as v from 'valibot';
import { EaselError } from '../errors';
import { DEFAULT_STYLES, type Style } from './default-styles';
import { REQUEST_FIELDS } from './fields';
import { LIMITS } from './fields/limits';
import {
  GenerationRequestSchema,
  type GenerationRequest,
  type GenerationRequestInput,
} from './request';

export { DEFAULT_STYLES, type Style };

const PLACEHOLDER = '{prompt}';
/** What a style may set where a request leaves it open. */
const STYLE_SETTINGS = ['steps', 'guidanceScale', 'scheduler', 'width', 'height'] as const;

const { entries: limits } = GenerationRequestSchema;
const { name, prompt, negativePrompt, effect } = REQUEST_FIELDS.style.schema.entries;

/** One entry of the setting `easel.styles`, whose names are its keys; the limits are a request's. */
export const StyleEntrySchema = v.strictObject({
  prompt,
  negativePrompt,
  effect,
  steps: limits.steps,
  guidanceScale: limits.guidanceScale,
  scheduler: limits.scheduler,
  width: limits.width,
  height: limits.height,
});

/** A style as a studio's page keeps it. */
export const StyleSchema = v.strictObject({ name, ...StyleEntrySchema.entries });

/** The setting `easel.styles`: templates by name; null takes a style out of the default set. */
const StylesSettingSchema = v.record(
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
  throw new EaselError('bad-request', `There is no style "${name}". There are ${names}.`, {
    field: 'style',
    name,
  });
}

/**
 * Whether a style needs another model: the starter does not know the words of the built-in styles, and no
 * effect stands for these. A user's own words are the user's matter.
 */
export function needsOtherModel(style: Style, model: string | undefined): boolean {
  if ((model ?? REQUEST_FIELDS.model.default) !== REQUEST_FIELDS.model.default) return false;
  return builtIn(style) !== undefined && effectOf(style) === undefined;
}

function builtIn({ name, prompt }: Style): Style | undefined {
  return DEFAULT_STYLES.find((style) => style.name === name && style.prompt === prompt);
}

/** A built-in style that was kept before it had an effect has it too. */
function effectOf(style: Style): Style['effect'] {
  return style.effect ?? builtIn(style)?.effect;
}

/**
 * A request in a style: its words go along, and its settings fill what the request leaves open. The prompt
 * stays as it was asked for, so that an image's recipe tells both.
 * @throws EaselError `bad-request` where the starter is to draw a style that it cannot
 */
export function applyStyle(style: Style, request: GenerationRequestInput): GenerationRequestInput {
  const { name, prompt, negativePrompt } = style;
  // An endpoint reads the words.
  const { endpoint, model } = request;
  if (endpoint === undefined && needsOtherModel(style, model)) throw styleNeedsModel(name);
  const effect = effectOf(style);
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
    style: {
      name,
      prompt,
      ...(negativePrompt === undefined ? {} : { negativePrompt }),
      ...(effect === undefined ? {} : { effect }),
    },
  };
}

function styleNeedsModel(name: string): EaselError {
  const able = DEFAULT_STYLES.filter((style) => style.effect).map((style) => style.name);
  return new EaselError(
    'bad-request',
    `${name} needs another model: the starter cannot draw it. Choose another model, or one of the styles ` +
      `${able.join(', ')}.`,
    { field: 'style' },
  );
}

/**
 * The request for a model that was opened: without the effect of its style where the model reads the words.
 * @param composes whether effects are drawn on what the model draws
 */
export function requestForModel(request: GenerationRequest, composes: boolean): GenerationRequest {
  if (composes || !request.style?.effect) return request;
  const { name, prompt, negativePrompt } = request.style;
  return {
    ...request,
    style: { name, prompt, ...(negativePrompt !== undefined && { negativePrompt }) },
  };
}

/**
 * A request with the texts that the model reads. Its type has no `prompt`, so that what a user asked for
 * (which an image's recipe keeps) and what the model reads cannot be mistaken for each other.
 */
export interface StyledRequest extends Omit<
  GenerationRequest,
  'prompt' | 'negativePrompt' | 'prompt2' | 'negativePrompt2' | 'style'
> {
  readonly modelPrompt: string;
  readonly modelNegativePrompt: string;
  /** What a second text encoder reads. Absent: the same as the first. */
  readonly modelPrompt2?: string | undefined;
  readonly modelNegativePrompt2?: string | undefined;
}

/** Puts the text of a request's style around its prompts. */
export function styleRequest(request: GenerationRequest): StyledRequest {
  const styled = styledPrompts(request);
  return {
    ...request,
    modelPrompt: styled.prompt,
    modelNegativePrompt: styled.negativePrompt,
    modelPrompt2: styled.prompt2,
    modelNegativePrompt2: styled.negativePrompt2,
  };
}

/** The texts that a model reads. Those for a second text encoder are absent where it reads the same as the first. */
interface StyledPrompts {
  readonly prompt: string;
  readonly negativePrompt: string;
  readonly prompt2?: string;
  readonly negativePrompt2?: string;
}

type AskedPrompts = Pick<
  GenerationRequestInput,
  'prompt' | 'negativePrompt' | 'prompt2' | 'negativePrompt2' | 'style'
>;

/**
 * The prompts that a model reads: a request's own in the words of its style, unless an effect stands for these
 * (see `requestForModel`).
 */
export function styledPrompts({
  prompt,
  negativePrompt = '',
  prompt2,
  negativePrompt2,
  style,
}: AskedPrompts): StyledPrompts {
  const words = style?.effect ? undefined : style;
  const positive = (text: string) => {
    if (!words?.prompt.includes(PLACEHOLDER)) return joinWords(text, words?.prompt);
    return words.prompt.replaceAll(PLACEHOLDER, () => text);
  };
  const negative = (text: string) => joinWords(text, words?.negativePrompt);
  return {
    prompt: positive(prompt),
    negativePrompt: negative(negativePrompt),
    ...(prompt2 && { prompt2: positive(prompt2) }),
    ...(negativePrompt2 && { negativePrompt2: negative(negativePrompt2) }),
  };
}

function joinWords(...texts: readonly (string | undefined)[]): string {
  return texts.filter(Boolean).join(', ');
}
