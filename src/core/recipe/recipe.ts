import * as v from 'valibot';
import { GenerationRequestSchema, LIMITS, type GenerationRequestInput } from '../request/request';

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

/** Request fields that say where and how a picture is delivered, not what it shows; or hold pictures. */
const NOT_KEPT = ['initImage', 'mask', 'numImages', 'device', 'preview', 'metadata'] as const;

/** What a picture was drawn with, in the terms of a request. */
export type RecipeRequest = Omit<GenerationRequestInput, (typeof NOT_KEPT)[number]>;

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

export interface RestoredRequest {
  readonly request: GenerationRequestInput;
  readonly notes: readonly RecipeNote[];
}

/**
 * The request that draws the picture of a recipe again, as nearly as Easel can.
 * @returns a request without a model where the file names one of another tool; `notes` tell what is
 *   missing
 */
export function recipeToRequest({ request, notes }: Recipe): RestoredRequest {
  return { request: { ...request }, notes };
}

/** The fields of a request that a picture keeps, always in the same order. */
export function keptFields(request: GenerationRequestInput): RecipeRequest {
  const left = new Set<string>(NOT_KEPT);
  const values: Readonly<Record<string, unknown>> = { ...request };
  const kept = Object.keys(GenerationRequestSchema.entries)
    .filter((field) => !left.has(field) && values[field] !== undefined)
    .map((field) => [field, values[field]] as const);
  return Object.fromEntries(kept) as unknown as RecipeRequest;
}

/**
 * Checks fields that a file gave one by one, so that a bad one does not cost the others.
 * @param fields may hold anything
 */
export function checkFields(fields: Readonly<Record<string, unknown>>): {
  readonly request: RecipeRequest;
  readonly notes: RecipeNote[];
} {
  const left = new Set<string>(NOT_KEPT);
  const notes: RecipeNote[] = [];
  const checked: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(fields)) {
    if (value === undefined || left.has(field)) continue;
    const schema = fieldSchema(field);
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

function fieldSchema(field: string): v.GenericSchema | undefined {
  const { entries } = GenerationRequestSchema;
  return Object.hasOwn(entries, field) ? entries[field as keyof typeof entries] : undefined;
}

function show(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
