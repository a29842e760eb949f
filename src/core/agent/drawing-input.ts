import * as v from 'valibot';
import { checkInput } from '../check-input';
import { EaselError } from '../errors';
import {
  canBeTransparent,
  DEFAULT_FORMAT,
  formatOfFileName,
  IMAGE_FORMATS,
  IMAGE_FORMAT_NAMES,
} from '../image/formats';
import { isRecord } from '../json';
import {
  FIELD_NAMES,
  pickFields,
  REQUEST_FIELDS,
  requestField,
  type FieldsWith,
} from '../request/fields';
import { parseRequest, type GenerationRequestInput } from '../request/request';
import { applyStyle, DEFAULT_STYLES, findStyle, type Style } from '../request/styles';

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

export const described = <T extends v.GenericSchema>(schema: T, text: string) =>
  v.pipe(schema, v.description(text));

/** Without defaults: what an agent leaves out is as the user has set it. */
const toolEntries = Object.fromEntries(
  TOOL_FIELDS.map((field) => {
    const { schema, tool = '' } = requestField(field);
    return [field, v.optional(described(schema, tool))];
  }),
) as unknown as ToolEntries;

/** Images that one call may draw: more would fill the agent's context. */
const MAX_IMAGES = 8;

const someText = v.pipe(v.string(), v.nonEmpty());
const STYLE_NAMES = DEFAULT_STYLES.map(({ name }) => `"${name}"`).join(', ');
const OTHERS = DEFAULT_STYLES.filter(({ effect }) => !effect)
  .map(({ name }) => `"${name}"`)
  .join(' and ');
const { prompt } = REQUEST_FIELDS;

/** The inputs that every tool which draws has, but for the prompt. */
export const drawingEntries = {
  ...toolEntries,
  style: v.optional(
    described(
      v.string(),
      `A named style: ${STYLE_NAMES}. With the starter model a style is an effect on the drawn image; ${OTHERS} need another model.`,
    ),
  ),
  path: v.optional(
    described(
      someText,
      'Where to save, relative to the workspace folder, such as "docs/images/apple.png". The ending chooses the format: png, webp, jpg, avif, or svg (traced). An existing file is never overwritten. Default: a name made from the prompt, as WebP or in the format that the user has set.',
    ),
  ),
  count: v.optional(
    described(
      v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_IMAGES)),
      'How many images to draw, to choose from. Image k has the seed plus k. With a path, the files get "-1", "-2" and so on before the ending. Default: 1.',
    ),
  ),
  temporary: v.optional(
    described(
      v.boolean(),
      'Save in a temporary folder outside the workspace, which the answer names: for trials that are thrown away. A path is then relative to that folder. Default: false.',
    ),
  ),
  altText: v.optional(
    described(v.string(), 'Alternative text of the Markdown snippet. Default: the prompt.'),
  ),
} as const;

export const promptEntry = described(prompt.schema, prompt.tool);

/** What `generate_image` and `edit_image` have in common. */
export type DrawingInput = v.InferOutput<
  v.StrictObjectSchema<typeof drawingEntries & { prompt: typeof promptEntry }, undefined>
>;

/**
 * Validates the input from an agent. Null means the same as leaving a field out, which some agents cannot do.
 * @throws EaselError `bad-request`; the message names the field
 */
export function parseCall<T extends v.GenericSchema>(schema: T, input: unknown): v.InferOutput<T> {
  const given = isRecord(input)
    ? Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null))
    : input;
  return checkInput(schema, given, 'call');
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
 * @param more fields that the tool fills by itself
 * @throws EaselError `bad-request` or `prompt-too-long`
 */
export function drawingRequest(
  input: DrawingInput,
  defaults: AgentDefaults,
  more: Partial<GenerationRequestInput>,
): GenerationRequestInput {
  if (input.prompt.trim() === '') {
    throw new EaselError('bad-request', 'prompt: must say what to draw.', { field: 'prompt' });
  }
  const given = TOOL_FIELDS.filter((field) => input[field] !== undefined);
  const asked: GenerationRequestInput = {
    ...defaults.request,
    ...pickFields(input, given),
    ...(input.path !== undefined && { format: formatOfPath(input.path) }),
    ...(input.count !== undefined && { numImages: input.count }),
    ...more,
    prompt: input.prompt.trim(),
  };
  // The user's setting only applies to formats with transparency.
  if (input.transparent === undefined && !canBeTransparent(asked.format ?? DEFAULT_FORMAT)) {
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
