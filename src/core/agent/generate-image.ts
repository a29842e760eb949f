import * as v from 'valibot';
import { checkInput } from '../check-input';
import { EaselError } from '../errors';
import {
  canBeTransparent,
  formatOfFileName,
  IMAGE_FORMATS,
  IMAGE_FORMAT_NAMES,
} from '../image/formats';
import {
  GenerationRequestSchema,
  parseRequest,
  type GenerationRequestInput,
} from '../request/request';
import { applyStyle, findStyle, type Style } from '../request/styles';

const { prompt, negativePrompt, model, seed, steps, fit, transparent } =
  GenerationRequestSchema.entries;
const { width, height } = fit.wrapped.entries;

const described = <T extends v.GenericSchema>(schema: T, text: string) =>
  v.pipe(schema, v.description(text));

/** The input of `generate_image`: fields of a request, and where to save the image. */
export const GenerateImageInputSchema = v.strictObject({
  prompt: described(
    prompt,
    'What the image shows, in English, concrete and short: subject first, then style. The starter model knows about 700 everyday things (other words draw the nearest of them), their colours, two things side by side, and the styles flat, 3d and outline: "a red apple and a green pear, flat".',
  ),
  negativePrompt: described(negativePrompt, 'What the image must not show.'),
  style: v.optional(
    described(
      v.string(),
      'A named style around the prompt, such as "Flat icon", "Isometric", "Watercolour", "Line art", "Pixel art" or "Photo".',
    ),
  ),
  width: v.optional(
    described(
      width,
      "Width of the file in pixels. Any size: drawn in that shape, then scaled and cropped. Default: the height if that is given, else the model's own.",
    ),
  ),
  height: v.optional(
    described(
      height,
      "Height of the file in pixels. Default: the width if that is given, else the model's own.",
    ),
  ),
  path: v.optional(
    described(
      v.pipe(v.string(), v.nonEmpty()),
      'Where to save, relative to the workspace folder, such as "docs/images/apple.png". The ending chooses the format: png, webp, jpg, avif, or svg (traced). An existing file is never overwritten. Default: a name made from the prompt and the seed.',
    ),
  ),
  altText: v.optional(
    described(v.string(), 'Alternative text of the Markdown snippet. Default: the prompt.'),
  ),
  transparent: v.optional(
    described(
      transparent.wrapped,
      "Leave out the plain background around the subject; for png, webp and avif. Default: the user's setting.",
    ),
  ),
  seed: described(
    seed,
    'The same seed, prompt and settings give the same image. Leave out for another image each time.',
  ),
  steps: described(steps, "Denoising steps; fewer are faster. Leave out for the model's own."),
  model: v.optional(
    described(
      model.wrapped,
      'An id from list_image_models. Leave out for the model that the user has chosen.',
    ),
  ),
});

export type GenerateImageInput = v.InferOutput<typeof GenerateImageInputSchema>;

/**
 * Validates the input from an agent.
 * @throws EaselError `bad-request`; the message names the field
 */
export function parseGenerateImage(input: unknown): GenerateImageInput {
  return checkInput(GenerateImageInputSchema, input, 'call');
}

/** The user's settings, for fields that the agent leaves open, and the available styles. */
export interface AgentDefaults {
  readonly request: Omit<GenerationRequestInput, 'prompt'>;
  readonly styles: readonly Style[];
  /** Default style by name; absent or empty for none. */
  readonly style?: string;
}

/**
 * Makes the request of a call.
 * @throws EaselError `bad-request` or `prompt-too-long`
 */
export function generateImageRequest(
  input: GenerateImageInput,
  defaults: AgentDefaults,
): GenerationRequestInput {
  if (input.prompt.trim() === '') {
    throw new EaselError('bad-request', 'prompt: must say what to draw.', { field: 'prompt' });
  }
  const side = input.width ?? input.height;
  const size =
    side === undefined
      ? {}
      : // `fit` is the exact size of the file. It decides the drawn size, so the settings' size must not.
        {
          fit: { width: input.width ?? side, height: input.height ?? side },
          width: undefined,
          height: undefined,
        };
  const given = {
    negativePrompt: input.negativePrompt,
    model: input.model,
    seed: input.seed,
    steps: input.steps,
    format: input.path === undefined ? undefined : formatOfPath(input.path),
    transparent: input.transparent,
  };
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  const asked: GenerationRequestInput = {
    ...defaults.request,
    ...Object.fromEntries(set),
    ...size,
    prompt: input.prompt.trim(),
  };
  // The user's setting only applies to formats with transparency.
  if (input.transparent === undefined && !canBeTransparent(asked.format ?? 'png')) {
    asked.transparent = false;
  }
  const style = input.style ?? defaults.style ?? '';
  const request = style === '' ? asked : applyStyle(findStyle(defaults.styles, style), asked);
  parseRequest(request);
  return request;
}

function formatOfPath(path: string) {
  const format = formatOfFileName(path);
  if (format) return format;
  const endings = IMAGE_FORMAT_NAMES.flatMap((name) => IMAGE_FORMATS[name].extensions);
  throw new EaselError(
    'bad-request',
    `path: must end in ${endings.map((ending) => `.${ending}`).join(', ')}, not "${path}".`,
    { field: 'path' },
  );
}
