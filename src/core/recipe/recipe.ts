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

/** Request fields that are not saved: they hold images, or only say how and where the image is made. */
const NOT_KEPT = ['initImage', 'mask', 'numImages', 'device', 'preview', 'metadata'] as const;

/** The saved fields of a request. */
export type RecipeRequest = Omit<GenerationRequestInput, (typeof NOT_KEPT)[number]>;

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

export interface RestoredRequest {
  readonly request: GenerationRequestInput;
  readonly notes: readonly RecipeNote[];
}

/**
 * The request that draws the image of a recipe again, as exactly as possible.
 * @returns a request without a model if the image is of another tool; `notes` say what is missing
 */
export function recipeToRequest({ request, notes }: Recipe): RestoredRequest {
  return { request: { ...request }, notes };
}

/** The fields of a request that are saved in an image, always in the same order. */
export function keptFields(request: GenerationRequestInput): RecipeRequest {
  const left = new Set<string>(NOT_KEPT);
  const values: Readonly<Record<string, unknown>> = { ...request };
  const kept = Object.keys(GenerationRequestSchema.entries)
    .filter((field) => !left.has(field) && values[field] !== undefined)
    .map((field) => [field, values[field]] as const);
  return Object.fromEntries(kept) as unknown as RecipeRequest;
}

/**
 * Validates the fields from a file one by one, so that an invalid field does not affect the others.
 * @param fields untrusted values
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
