import * as v from 'valibot';
import { checkInput } from '../check-input';
import { EaselError } from '../errors';
import { canBeTransparent, TRANSPARENT_FORMATS } from '../image/formats';
import { FIELD_NAMES, requestField, type RequestFields } from './fields';
import type { RequestField } from './fields/field';
import { LIMITS } from './fields/limits';

/** The schema of a field in a request, where all but the prompt can be left out. */
type EntryOf<Field extends RequestField> = Field extends { required: true }
  ? Field['schema']
  : Field extends { default: infer Default }
    ? Default extends v.Default<Field['schema'], undefined>
      ? v.OptionalSchema<Field['schema'], Default>
      : never
    : v.OptionalSchema<Field['schema'], undefined>;

type RequestEntries = { readonly [Name in keyof RequestFields]: EntryOf<RequestFields[Name]> };

function entryOf({ schema, required, default: usual }: RequestField): v.GenericSchema {
  return required ? schema : v.optional(schema, usual);
}

/**
 * A generation request, as every front sends it: the table's fields. What is absent takes the field's
 * default, else the model's own (`steps`, `guidanceScale`, `width`, `height`, `scheduler`), or is chosen
 * and reported (`seed`).
 */
export const GenerationRequestSchema = v.strictObject(
  Object.fromEntries(
    FIELD_NAMES.map((name) => [name, entryOf(requestField(name))]),
  ) as RequestEntries,
);

export type GenerationRequest = v.InferOutput<typeof GenerationRequestSchema>;
export type GenerationRequestInput = v.InferInput<typeof GenerationRequestSchema>;

export type PromptSyntax = GenerationRequest['promptSyntax'];

/** The fields that hold texts for a model, in words. */
const PROMPTS = {
  prompt: 'prompt',
  negativePrompt: 'negative prompt',
  prompt2: 'second prompt',
  negativePrompt2: 'second negative prompt',
} as const;

/**
 * Checks an untrusted request and fills its defaults.
 * @throws EaselError `prompt-too-long` or `bad-request`, naming the field, what it held and the limit.
 */
export function parseRequest(input: unknown): GenerationRequest {
  const request = checkInput(GenerationRequestSchema, input, 'request');
  for (const [field, shown] of Object.entries(PROMPTS)) {
    const length = request[field as keyof typeof PROMPTS]?.length ?? 0;
    if (length > LIMITS.promptCharacters) {
      throw new EaselError(
        'prompt-too-long',
        `The ${shown} has ${length} characters; at most ${LIMITS.promptCharacters} are taken. ` +
          'A model reads about the first 350. Shorten it.',
        { field, length, limit: LIMITS.promptCharacters },
      );
    }
  }
  requireTransparency(request);
  return request;
}

/**
 * Checks a request without filling its defaults, for a front that sends it on.
 * @throws EaselError as `parseRequest`
 */
export function assertRequest(
  input: Readonly<Record<string, unknown>>,
): asserts input is GenerationRequestInput {
  parseRequest(input);
}

/** @throws EaselError `bad-request` where a file's format has no transparency */
function requireTransparency({ transparent, format }: GenerationRequest): void {
  if (!transparent || canBeTransparent(format)) return;
  throw new EaselError(
    'bad-request',
    `transparent: ${format} files are drawn without transparency; take ${TRANSPARENT_FORMATS.join(', ')}.`,
    { field: 'transparent', format },
  );
}

/**
 * Seeds that are chosen for a request that names none are below this. Users read them in file names and
 * captions, type them and tell them to each other, so they are short; any seed of `LIMITS.seed` is taken.
 */
export const CHOSEN_SEEDS = 1_000_000;

/** The seed for a request that names none. */
export function randomSeed(): number {
  return Math.floor(Math.random() * CHOSEN_SEEDS);
}
