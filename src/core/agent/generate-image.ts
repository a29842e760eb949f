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
  FIELD_NAMES,
  pickFields,
  REQUEST_FIELDS,
  requestField,
  type FieldsWith,
} from '../request/fields';
import { parseRequest, type GenerationRequestInput } from '../request/request';
import { applyStyle, findStyle, type Style } from '../request/styles';

/** A field of the request that an agent may fill. */
type ToolField = FieldsWith<{ tool: string }>;

const TOOL_FIELDS: readonly ToolField[] = FIELD_NAMES.filter(
  (field): field is ToolField => requestField(field).tool !== undefined,
);

type ToolEntries = {
  readonly [Name in Exclude<ToolField, 'prompt'>]: v.OptionalSchema<
    v.GenericSchema<NonNullable<GenerationRequestInput[Name]>>,
    undefined
  >;
};

const described = <T extends v.GenericSchema>(schema: T, text: string) =>
  v.pipe(schema, v.description(text));

/** Without defaults: what an agent leaves out is as the user has set it. */
const toolEntries = Object.fromEntries(
  TOOL_FIELDS.map((field) => {
    const { schema, tool = '' } = requestField(field);
    return [field, v.optional(described(schema, tool))];
  }),
) as unknown as ToolEntries;

const { prompt } = REQUEST_FIELDS;
const { width, height } = REQUEST_FIELDS.fit.schema.entries;

/** The input of `generate_image`: fields of a request, and where to save the image. */
export const GenerateImageInputSchema = v.strictObject({
  ...toolEntries,
  prompt: described(prompt.schema, prompt.tool),
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
  const given = TOOL_FIELDS.filter((field) => input[field] !== undefined);
  const asked: GenerationRequestInput = {
    ...defaults.request,
    ...pickFields(input, given),
    ...(input.path !== undefined && { format: formatOfPath(input.path) }),
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
