import * as v from 'valibot';
import {
  FIELD_NAMES,
  LIMITS,
  pickFields,
  RECIPE_FIELDS,
  requestField,
  type RecipeField,
} from '../request/fields';
import type { GenerationRequestInput } from '../request/request';

export const RECIPE_TOOLS = [
  'Easel',
  'AUTOMATIC1111',
  'ComfyUI',
  'InvokeAI',
  'Fooocus',
  'stable-diffusion.cpp',
  'NovelAI',
] as const;
export type RecipeTool = (typeof RECIPE_TOOLS)[number];

/** What a picture was drawn with, in the terms of a request. */
export type RecipeRequest = Pick<GenerationRequestInput, RecipeField>;

export interface RecipeNote {
  readonly about: 'model' | 'sampler' | 'noise' | 'lora' | 'start-image' | 'setting';
  /** For a person, a whole sentence. */
  readonly message: string;
}

/** How a picture was made, as far as its file tells. */
export interface Recipe {
  readonly tool: RecipeTool;
  readonly toolVersion?: string;
  /** Every field is within its limits; what the file says besides is in `details`. */
  readonly request: RecipeRequest;
  /** The model as the tool calls it; Easel's own pictures name what a request takes. */
  readonly model?: string;
  /** What the tool wrote that a request has no field for, in its own words. */
  readonly details: Readonly<Record<string, string>>;
  /** What cannot be taken over, or will not come out the same. */
  readonly notes: readonly RecipeNote[];
}

/** The fields of a request that a picture keeps, always in the same order. */
export function keptFields(request: GenerationRequestInput): RecipeRequest {
  const given = RECIPE_FIELDS.filter((field) => request[field] !== undefined);
  return pickFields(request, given);
}

const RECIPE_SCHEMAS: ReadonlyMap<string, v.GenericSchema> = new Map(
  RECIPE_FIELDS.map((field) => [field, requestField(field).schema]),
);
/** Fields of a request that a file may name but that are no part of a recipe. */
const NEVER_KEPT: ReadonlySet<string> = new Set(
  FIELD_NAMES.filter((field) => requestField(field).recipe === false),
);

/**
 * Checks fields that a file gave one by one, so that a bad one does not cost the others.
 * @param fields may hold anything
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
