import * as v from 'valibot';
import {
  FIELD_NAMES,
  pickFields,
  RECIPE_FIELDS,
  requestField,
  type RecipeField,
} from '../request/fields';
import { LIMITS } from '../request/fields/limits';
import type { GenerationRequestInput } from '../request/request';

export const RECIPE_TOOLS = [
  'Easel',
  'AUTOMATIC1111',
  'ComfyUI',
  'InvokeAI',
  'Fooocus',
  'stable-diffusion.cpp',
  'NovelAI',
  'SwarmUI',
  'Draw Things',
  'Easy Diffusion',
] as const;
export type RecipeTool = (typeof RECIPE_TOOLS)[number];

/** The saved fields of a request. */
export type RecipeRequest = Pick<GenerationRequestInput, RecipeField>;

export interface RecipeNote {
  readonly about: 'model' | 'sampler' | 'noise' | 'lora' | 'start-image' | 'setting';
  /** For the user: whole sentences. */
  readonly message: string;
}

/** How an image was made, from the metadata in its file. */
export interface Recipe {
  readonly tool: RecipeTool;
  readonly toolVersion?: string;
  /** All fields are within their limits. Other metadata is in `details`. */
  readonly request: RecipeRequest;
  /** The model's name in the tool. For Easel's images it is the id or path for a request. */
  readonly model?: string;
  /** Metadata without a field in a request, with the tool's names and values. */
  readonly details: Readonly<Record<string, string>>;
  /** What cannot be restored, or will look different. */
  readonly notes: readonly RecipeNote[];
}

/** The note's message for a recipe with an initial image. */
export const START_IMAGE_MISSING =
  'It was drawn from another image, which is not in the file. Choose that image again.';

/** The fields of a request that are saved in an image, always in the same order. */
export function keptFields(request: GenerationRequestInput): RecipeRequest {
  const given = RECIPE_FIELDS.filter((field) => request[field] !== undefined);
  return pickFields(request, given);
}

const RECIPE_SCHEMAS: ReadonlyMap<string, v.GenericSchema> = new Map(
  RECIPE_FIELDS.map((field) => [field, requestField(field).schema]),
);
/** Request fields that are not part of a recipe. They are ignored if a file has them. */
const NEVER_KEPT: ReadonlySet<string> = new Set(
  FIELD_NAMES.filter((field) => requestField(field).recipe === false),
);

/**
 * Validates the fields from a file one by one, so that an invalid field does not affect the others.
 * @param fields untrusted values
 */
export function checkFields(fields: Readonly<Record<string, unknown>>): {
  readonly request: RecipeRequest;
  readonly notes: RecipeNote[];
} {
  const notes: RecipeNote[] = [];
  const checked: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(fields)) {
    if (value === undefined || NEVER_KEPT.has(field)) continue;
    const schema = RECIPE_SCHEMAS.get(field);
    const result = schema && v.safeParse(schema, value);
    if (result?.success) checked[field] = result.output;
    else notes.push({ about: 'setting', message: `${field} was ${show(value)}; it is left out.` });
  }
  const text = (field: string) => {
    const value = checked[field];
    return typeof value === 'string' ? value.slice(0, LIMITS.promptCharacters) : '';
  };
  const texts = { prompt: text('prompt'), negativePrompt: text('negativePrompt') };
  return { request: { ...checked, ...texts }, notes };
}

function show(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
