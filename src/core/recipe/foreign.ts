import { writeLoraWeights, type LoraWeights } from '../request/lora-weights';
import { SEAMLESS_AXES } from '../request/seamless';
import { findScheduler } from '../diffusion/schedulers/registry';
import {
  checkFields,
  type Recipe,
  type RecipeNote,
  type RecipeTool,
  START_IMAGE_MISSING,
} from './recipe';
import { findSampler } from './samplers';

/** The findings of the readers for other tools. The values are not validated. */
export interface Findings {
  readonly prompt?: unknown;
  readonly negativePrompt?: unknown;
  /** What a second text encoder read, where it was another text. */
  readonly prompt2?: unknown;
  readonly negativePrompt2?: unknown;
  readonly seed?: unknown;
  readonly variationSeed?: unknown;
  readonly variationStrength?: unknown;
  readonly steps?: unknown;
  readonly guidanceScale?: unknown;
  readonly imageGuidanceScale?: unknown;
  readonly noiseLevel?: unknown;
  readonly guidanceRescale?: unknown;
  readonly width?: unknown;
  readonly height?: unknown;
  readonly sampler?: unknown;
  readonly schedule?: unknown;
  readonly eta?: unknown;
  /** The layer of the text encoder that is used, counted from 1 for the last, as AUTOMATIC1111 does. */
  readonly clipLayer?: unknown;
  /** The axes along which the edges of the image meet; anything else is none. */
  readonly seamless?: unknown;
  readonly strength?: unknown;
  readonly model?: unknown;
  readonly loras?: readonly FoundLora[];
  /** The model that did the last steps, and the share of them at which it began. */
  readonly refiner?: unknown;
  readonly refinerStart?: unknown;
  /** A second pass over the enlarged image. */
  readonly hires?: FoundHires | undefined;
  /** What changed the image and is not taken over, with its value; without a value it was not used. */
  readonly missed?: readonly (readonly [name: string, value: unknown])[];
  /** The generator of the initial noise; `cpu` is torch's CPU generator, which Easel has too. */
  readonly noise?: 'cpu' | 'other';
  /** Whether the tool reads `(word:1.2)` as a weight. */
  readonly weighted?: boolean;
  /** Whether it was made from an initial image. */
  readonly fromImage?: boolean;
  readonly toolVersion?: unknown;
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface FoundLora {
  readonly name: string;
  readonly scale?: number | undefined;
  readonly weights?: LoraWeights | undefined;
}

export interface FoundHires {
  readonly scale: unknown;
  readonly strength?: unknown;
  readonly steps?: unknown;
  /** The tool's name of it. */
  readonly upscaler?: unknown;
}

/** Longer details, such as graphs, are left out. In characters. */
const LONGEST_DETAIL = 2000;
const MOST_DETAILS = 200;
/** Maximum characters of a LoRA's or model's name. */
const LONGEST_NAME = 200;

/** Makes a recipe from the findings of a reader, with notes about differences in the result. */
export function foreignRecipe(tool: RecipeTool, found: Findings): Recipe {
  const sampler = readName(found.sampler);
  const known = sampler === undefined ? {} : findSampler(sampler, readName(found.schedule));
  const takesEta = known.scheduler && findScheduler(known.scheduler)?.definition.takesEta;
  const number = (value: unknown) => readNumber(value);
  const { request, notes } = checkFields({
    prompt: readString(found.prompt),
    negativePrompt: readString(found.negativePrompt),
    prompt2: readText(found.prompt2),
    negativePrompt2: readText(found.negativePrompt2),
    seed: number(found.seed),
    variationSeed: number(found.variationSeed),
    variationStrength: number(found.variationStrength),
    steps: number(found.steps),
    guidanceScale: number(found.guidanceScale),
    imageGuidanceScale: number(found.imageGuidanceScale),
    noiseLevel: number(found.noiseLevel),
    guidanceRescale: number(found.guidanceRescale),
    width: number(found.width),
    height: number(found.height),
    strength: number(found.strength),
    ...(found.hires && { hires: readHires(found.hires) }),
    seamless: SEAMLESS_AXES.find((axes) => axes === found.seamless),
    scheduler: known.scheduler,
    clipSkip: clipSkipOf(found.clipLayer),
    // A request with it is refused for other schedulers.
    eta: takesEta ? number(found.eta) : undefined,
    ...(found.weighted === true ? { promptSyntax: 'weighted' } : {}),
  });
  const add = (about: RecipeNote['about'], message: string) => notes.push({ about, message });
  const model = readName(found.model);
  const toolVersion = readName(found.toolVersion);
  if (known.note !== undefined) add('sampler', known.note);
  if (model !== undefined) add('model', `It was drawn with the model ${model}; choose yours.`);
  const refiner = readName(found.refiner);
  if (refiner !== undefined) add('setting', refinerNote(refiner, readNumber(found.refinerStart)));
  if (found.noise === 'other') {
    add('noise', `Its noise is of another kind than Easel's: the same seed gives another image.`);
  }
  if (found.fromImage === true) add('start-image', START_IMAGE_MISSING);
  if (found.hires) addHiresNotes(found.hires, (message) => add('setting', message));
  const missed = (found.missed ?? []).flatMap(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value ?? '');
    return text === '' || text === '""' || text === 'false' ? [] : `${name} ${text.slice(0, 100)}`;
  });
  if (missed.length > 0) {
    const list = missed.join(', ').slice(0, 300);
    add('setting', `It was drawn with what Easel does not take over: ${list}.`);
  }
  for (const { name, scale, weights } of found.loras ?? []) {
    const parts = weights && ` with ${writeLoraWeights(weights)}`;
    const weight = scale === undefined ? '' : ` at ${scale}${parts ?? ''}`;
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

/** Without its refiner, all steps are those of the model. */
function refinerNote(refiner: string, start: number | undefined): string {
  const isShare = start !== undefined && start > 0 && start < 1;
  const [from, option] = isShare
    ? [`from ${start} of the steps on`, ` and --denoising-end ${start}`]
    : ['in the last steps', ''];
  return `It was refined by the model ${refiner} ${from}; choose yours with --refiner${option}.`;
}

/** @returns undefined where no layer is left out */
function clipSkipOf(clipLayer: unknown): number | undefined {
  const layer = readNumber(clipLayer);
  return layer !== undefined && layer > 1 ? layer - 1 : undefined;
}

function readHires({ scale, strength, steps, upscaler }: FoundHires): Record<string, unknown> {
  const wanted = {
    scale: readNumber(scale),
    strength: readNumber(strength),
    steps: readNumber(steps),
  };
  const known = Object.entries(wanted).filter(
    // 0 steps are "as in the first pass".
    ([name, value]) => value !== undefined && !(name === 'steps' && value === 0),
  );
  return { ...Object.fromEntries(known), upscaler: ownUpscaler(upscaler) ?? 'lanczos' };
}

/** `latent` and `lanczos` by the names of other tools; undefined for models that enlarge. */
function ownUpscaler(upscaler: unknown): 'latent' | 'lanczos' | undefined {
  const name = readName(upscaler)?.toLowerCase() ?? 'latent';
  if (name.includes('latent')) return 'latent';
  return name.includes('lanczos') ? 'lanczos' : undefined;
}

function addHiresNotes({ upscaler }: FoundHires, add: (message: string) => void): void {
  const name = readName(upscaler);
  if (ownUpscaler(upscaler) === undefined) {
    add(`It was enlarged with ${name ?? ''} before its second pass; Easel enlarges with Lanczos.`);
  }
}

/** Reads a number, or a string that is a number. */
export function readNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const parsed = Number(value);
  return Number.isNaN(parsed) ? undefined : parsed;
}

export function readString(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** @returns undefined for an empty text, which means the same as none */
function readText(value: unknown): string | undefined {
  return value === '' ? undefined : readString(value);
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
