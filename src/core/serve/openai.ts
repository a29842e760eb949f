import * as v from 'valibot';
import { sizeToDraw, type ModelSize } from '../agent/edit-image';
import { checkInput } from '../check-input';
import { EaselError } from '../errors';
import type { Size } from '../image/resize';
import { isRecord } from '../json';
import { REQUEST_FIELDS } from '../request/fields';
import { LIMITS } from '../request/fields/limits';
import type { GenerationRequestInput } from '../request/request';
import { CONTROL_ENTRIES } from './openai-controls';

/** Formats of OpenAI's `output_format`. */
export const OPENAI_FORMATS = ['png', 'jpeg', 'webp'] as const;
export type OpenAiFormat = (typeof OPENAI_FORMATS)[number];

/** Partial images of a stream at most, as OpenAI has it. */
const MAX_PARTIAL = 3;

const described = <T extends v.GenericSchema>(schema: T, text: string) =>
  v.nullish(v.pipe(schema, v.description(text)));

const ignored = v.nullish(v.pipe(v.unknown(), v.description('Taken and ignored.')));

const prompt = v.pipe(v.string(), v.nonEmpty(), v.description('What the image shows.'));

/** What every drawing route of OpenAI's API takes. */
const common = {
  model: described(
    v.string(),
    "A name of GET /v1/models. Default, and for OpenAI's own names: the server's model.",
  ),
  n: described(v.pipe(v.number(), v.integer(), v.minValue(1)), 'How many images. Default: 1.'),
  size: described(
    v.pipe(
      v.string(),
      v.regex(/^(?:auto|\d{1,5}x\d{1,5})$/, 'must be auto, or WIDTHxHEIGHT in pixels'),
    ),
    'The size of the file in pixels, such as 512x768; any size. Default: auto, the size that the model draws, or that of the image.',
  ),
  response_format: described(
    v.picklist(['b64_json', 'url']),
    'b64_json (default), or url: a link to this server that ends after some minutes.',
  ),
  output_format: described(v.picklist(OPENAI_FORMATS), 'Default: png.'),
  user: ignored,
};

/** What generations and edits have, and variations do not. */
const drawn = {
  prompt,
  background: described(
    v.picklist(['auto', 'opaque', 'transparent']),
    'transparent takes the background away, for png and webp. Default: auto.',
  ),
  stream: described(v.boolean(), 'Answer with server-sent events.'),
  partial_images: described(
    v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_PARTIAL)),
    'With stream: how many unfinished images to send at most. Default: 0.',
  ),
  negative_prompt: described(v.string(), 'What to leave out.'),
  seed: described(
    REQUEST_FIELDS.seed.schema,
    'The same seed gives the same image; image k has seed + k.',
  ),
  num_inference_steps: described(
    REQUEST_FIELDS.steps.schema,
    "Denoising steps. Default: the model's.",
  ),
  guidance_scale: described(
    REQUEST_FIELDS.guidanceScale.schema,
    "How closely the image follows the prompt. Default: the model's.",
  ),
  ...CONTROL_ENTRIES,
  quality: ignored,
  moderation: ignored,
  output_compression: ignored,
};

const strength = described(
  REQUEST_FIELDS.strength.schema,
  'How much changes: 0 keeps the image, 1 ignores it.',
);

/** The body of POST /v1/images/generations. */
export const GenerationBodySchema = v.object({ ...drawn, ...common, style: ignored });
export type GenerationBody = v.InferOutput<typeof GenerationBodySchema>;

/** The fields of POST /v1/images/edits, without its files. */
export const EditBodySchema = v.object({ ...drawn, ...common, strength, input_fidelity: ignored });
export type EditBody = v.InferOutput<typeof EditBodySchema>;

/** The fields of POST /v1/images/variations, without its file. */
export const VariationBodySchema = v.object({ ...common, strength });
export type VariationBody = v.InferOutput<typeof VariationBodySchema>;

type Body = GenerationBody | EditBody | VariationBody;

/** Fields that a form sends as text. */
const NUMBERS = new Set([
  ...['n', 'partial_images', 'seed', 'num_inference_steps', 'guidance_scale', 'strength'],
  ...['controlnet_conditioning_scale', 'control_guidance_start', 'control_guidance_end'],
]);
const BOOLEANS = new Set(['stream']);

/**
 * The fields of a form with numbers and booleans as such. What is neither stays text, so that its error names it.
 * @param fields by name, without a prototype
 */
export function readFormFields(fields: ReadonlyMap<string, string>): Record<string, unknown> {
  const read = [...fields].map(([name, text]): [string, unknown] => {
    if (NUMBERS.has(name) && /^\s*-?\d+(?:\.\d+)?\s*$/.test(text)) return [name, Number(text)];
    if (BOOLEANS.has(name) && /^(?:true|false)$/i.test(text)) {
      return [name, text.toLowerCase() === 'true'];
    }
    return [name, text];
  });
  return Object.fromEntries(read);
}

/**
 * Checks a body. Fields that are not known are ignored, as other servers of these protocols do.
 * @throws EaselError `bad-request`; the message names the field
 */
export function checkBody<T extends v.GenericSchema>(schema: T, body: unknown): v.InferOutput<T> {
  // A list would pass for an object.
  if (!isRecord(body)) throw new EaselError('bad-request', 'body: must be an object.');
  return checkInput(schema, body, 'body');
}

/**
 * As `checkBody`, but fields that ask for a ControlNet and are not of the schema are refused: the image would not be
 * what was asked for.
 * @throws EaselError `bad-request`; the message names the field
 */
export function parseBody<T extends v.ObjectSchema<v.ObjectEntries, undefined>>(
  schema: T,
  body: unknown,
): v.InferOutput<T> {
  const sent = isRecord(body) ? body : {};
  const wrong = Object.keys(sent).find(
    (name) => isControlField(name) && !Object.hasOwn(schema.entries, name) && sent[name] !== null,
  );
  if (wrong !== undefined) throw noControlNets(wrong.slice(0, 80), schema);
  return checkBody(schema, body);
}

/** Names of other servers and of Easel's own request for what belongs to a ControlNet. */
const CONTROL = /^control[_-]?(?:net|image|guidance|preprocess)/i;

/** Whether a field, or a script of AUTOMATIC1111, belongs to a ControlNet. */
export function isControlField(name: string): boolean {
  return CONTROL.test(name);
}

function noControlNets(
  field: string,
  { entries }: v.ObjectSchema<v.ObjectEntries, undefined>,
): EaselError {
  const next = Object.hasOwn(entries, 'controlnet')
    ? 'Send controlnet and control_image.'
    : 'POST /v1/images/generations and /v1/images/edits take them.';
  const message = `${field}: this server takes no ControlNets in this field. ${next}`;
  return new EaselError('bad-request', message, { field });
}

/** What is the same for every request of the server. */
export interface ServeDefaults {
  readonly request: Omit<GenerationRequestInput, 'prompt'>;
  /** The model's id or path, as the engine takes it. */
  readonly model: string;
}

/** @throws EaselError `bad-request` */
export function generationRequest(
  body: GenerationBody,
  { request, model }: ServeDefaults,
): GenerationRequestInput {
  const fit = sizeOf(body);
  return { ...request, ...drawnFields(body), ...commonFields(body), model, ...(fit && { fit }) };
}

/** The files of an edit, and what is known of them. */
export interface EditFiles {
  readonly image: Uint8Array;
  /** White where the image is drawn anew. */
  readonly mask?: Uint8Array | undefined;
  /** The size of the file to draw. */
  readonly size: Size;
  /** The model's own size; absent where it is not known. */
  readonly drawn?: ModelSize | undefined;
}

/** @throws EaselError `bad-request` */
export function editRequest(
  body: EditBody,
  files: EditFiles,
  { request, model }: ServeDefaults,
): GenerationRequestInput {
  return {
    ...request,
    ...drawnFields(body),
    ...commonFields(body),
    ...fileFields(files),
    ...(typeof body.strength === 'number' && { strength: body.strength }),
    model,
  };
}

/** How far a variation goes from its image. */
const VARIATION_STRENGTH = 0.6;

/**
 * A variation of an image: the image drawn again by the prompt that its file says it was drawn by.
 * @param prompts of the file's recipe; absent where it has none
 */
export function variationRequest(
  body: VariationBody,
  files: EditFiles,
  prompts: Pick<GenerationRequestInput, 'prompt' | 'negativePrompt'> | undefined,
  { request, model }: ServeDefaults,
): GenerationRequestInput {
  return {
    ...request,
    prompt: '',
    ...prompts,
    ...commonFields(body),
    ...fileFields(files),
    strength: body.strength ?? VARIATION_STRENGTH,
    model,
  };
}

/**
 * The size that a body names; undefined for `auto`.
 * @throws EaselError `bad-request` for a size that no image can have
 */
export function sizeOf({ size }: Pick<Body, 'size'>): Size | undefined {
  if (typeof size !== 'string' || size === 'auto') return undefined;
  const [width = 0, height = 0] = size.split('x').map(Number);
  if (Math.min(width, height) < 1 || Math.max(width, height) > LIMITS.size.max) {
    throw new EaselError(
      'bad-request',
      `size: each side must be from 1 to ${LIMITS.size.max} pixels, not ${size}.`,
      { field: 'size' },
    );
  }
  return { width, height };
}

/** The format of the files that a body asks for. */
export function formatOf({ output_format: format }: Pick<Body, 'output_format'>): OpenAiFormat {
  return format ?? 'png';
}

/** How many unfinished images a body asks for: none without a stream. */
export function partialImages(body: GenerationBody | EditBody): number {
  return body.stream ? (body.partial_images ?? 0) : 0;
}

function commonFields(body: Body) {
  return {
    format: formatOf(body),
    ...(typeof body.n === 'number' && { numImages: body.n }),
  };
}

function drawnFields(body: GenerationBody | EditBody) {
  const { negative_prompt: negative, num_inference_steps: steps, guidance_scale: scale } = body;
  return {
    prompt: body.prompt,
    transparent: body.background === 'transparent',
    ...(partialImages(body) > 0 && { preview: true }),
    ...(typeof negative === 'string' && { negativePrompt: negative }),
    ...(typeof body.seed === 'number' && { seed: body.seed }),
    ...(typeof steps === 'number' && { steps }),
    ...(typeof scale === 'number' && { guidanceScale: scale }),
  };
}

function fileFields({ image, mask, size, drawn: own }: EditFiles) {
  const { width, height } = own ? sizeToDraw(size, own) : {};
  return {
    initImage: image,
    ...(mask && { mask }),
    fit: { width: size.width, height: size.height },
    width,
    height,
  };
}
