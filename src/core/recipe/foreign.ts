import { checkFields, type Recipe, type RecipeNote, type RecipeTool } from './recipe';
import { findSampler } from './samplers';

/** What readers of other tools' pictures find. Values are as the file has them: anything. */
export interface Findings {
  readonly prompt?: unknown;
  readonly negativePrompt?: unknown;
  readonly seed?: unknown;
  readonly steps?: unknown;
  readonly guidanceScale?: unknown;
  readonly guidanceRescale?: unknown;
  readonly width?: unknown;
  readonly height?: unknown;
  readonly sampler?: unknown;
  readonly schedule?: unknown;
  readonly strength?: unknown;
  readonly model?: unknown;
  readonly loras?: readonly FoundLora[];
  /** Who drew the starting noise; `cpu` is torch's generator on the processor, as Easel's. */
  readonly noise?: 'cpu' | 'other';
  /** Whether the tool reads `(word:1.2)` as a weight. */
  readonly weighted?: boolean;
  readonly fromPicture?: boolean;
  readonly toolVersion?: unknown;
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface FoundLora {
  readonly name: string;
  readonly scale?: number | undefined;
}

/** A long graph or dump of settings is not for reading. */
const LONGEST_DETAIL = 2000;
const MOST_DETAILS = 200;
/** Names of loras and models, for messages. */
const LONGEST_NAME = 200;

/** Makes a recipe of what a reader found, with notes on what will not come out the same. */
export function foreignRecipe(tool: RecipeTool, found: Findings): Recipe {
  const sampler = readName(found.sampler);
  const known = sampler === undefined ? {} : findSampler(sampler, readName(found.schedule));
  const number = (value: unknown) => readNumber(value);
  const { request, notes } = checkFields({
    prompt: readString(found.prompt),
    negativePrompt: readString(found.negativePrompt),
    seed: number(found.seed),
    steps: number(found.steps),
    guidanceScale: number(found.guidanceScale),
    guidanceRescale: number(found.guidanceRescale),
    width: number(found.width),
    height: number(found.height),
    strength: number(found.strength),
    scheduler: known.scheduler,
    ...(found.weighted === true ? { promptSyntax: 'weighted' } : {}),
  });
  const add = (about: RecipeNote['about'], message: string) => notes.push({ about, message });
  const model = readName(found.model);
  const toolVersion = readName(found.toolVersion);
  if (known.note !== undefined) add('sampler', known.note);
  if (model !== undefined) add('model', `It was drawn with the model ${model}; choose yours.`);
  if (found.noise === 'other') {
    add(
      'noise',
      `Its noise is not the kind that Easel draws: the same seed gives another picture.`,
    );
  }
  if (found.fromPicture === true) {
    add('start-image', 'It was drawn from another picture, which is not in the file.');
  }
  for (const { name, scale } of found.loras ?? []) {
    const weight = scale === undefined ? '' : ` at ${scale}`;
    add('lora', `It used the LoRA ${name.slice(0, LONGEST_NAME)}${weight}; add its file.`);
  }
  return {
    tool,
    ...(toolVersion === undefined ? {} : { toolVersion }),
    ...(model === undefined ? {} : { model }),
    request,
    details: readDetails(found.details ?? {}),
    notes,
  };
}

/** A number, or a text that is nothing but one. */
export function readNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const parsed = Number(value);
  return Number.isNaN(parsed) ? undefined : parsed;
}

export function readString(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function readName(value: unknown): string | undefined {
  const text = readString(value)?.trim();
  return text ? text.slice(0, LONGEST_NAME) : undefined;
}

function readDetails(details: Readonly<Record<string, unknown>>): Record<string, string> {
  const read: [string, string][] = [];
  for (const [name, value] of Object.entries(details).slice(0, MOST_DETAILS)) {
    if (value === undefined || value === null || value === '') continue;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    if (text.length <= LONGEST_DETAIL) read.push([name, text]);
  }
  return Object.fromEntries(read);
}
