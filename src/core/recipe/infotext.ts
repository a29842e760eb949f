import type { RecipeRequest } from './recipe';
import type { SeamlessAxes } from '../request/seamless';
import { DDIM } from '../diffusion/schedulers/ddim';
import type { FoundLora } from './foreign';
import { writeLoraTag } from './lora-tags';
import { samplerLabel } from './samplers';

/** AUTOMATIC1111's text about an image: two prompts and a line of named settings. */
export interface Infotext {
  readonly prompt: string;
  readonly negativePrompt: string;
  /** In the order of the text. A size such as `Size: 512x768` is one value. */
  readonly settings: ReadonlyMap<string, string>;
}

/** A last line with fewer settings is a part of the prompt. */
const FEWEST_SETTINGS = 3;
/** Settings after these are not read. Real texts have fewer than fifty. */
const MOST_SETTINGS = 1000;
const NEGATIVE = 'Negative prompt:';

/**
 * Parses AUTOMATIC1111's `parameters` (modules/infotext_utils.py, `parse_generation_parameters`), without its
 * defaults.
 */
export function parseInfotext(text: string): Infotext {
  const lines = text.trim().split('\n');
  const found = readSettings(lines.at(-1) ?? '');
  const isSettings = found.length >= FEWEST_SETTINGS;
  const texts = { prompt: [] as string[], negativePrompt: [] as string[] };
  let field: keyof typeof texts = 'prompt';
  for (const raw of isSettings ? lines.slice(0, -1) : lines) {
    let line = raw.trim();
    if (line.startsWith(NEGATIVE)) {
      field = 'negativePrompt';
      line = line.slice(NEGATIVE.length).trim();
    }
    texts[field].push(line);
  }
  // Empty lines at the start are no lines, as there.
  const join = (parts: string[]) => parts.slice(parts.findIndex((part) => part !== '')).join('\n');
  return {
    prompt: join(texts.prompt),
    negativePrompt: join(texts.negativePrompt),
    settings: new Map(isSettings ? found : []),
  };
}

const NAME_START = /[\p{L}\p{N}_]/u;
/** Characters of a name; it begins with a letter, a digit or an underscore and has at least two characters. */
const NAME_RUN = /[\p{L}\p{N}_ \-/]+/uy;
const QUOTED = /"(?:\\[^]|[^\\"])*"/y;
const SPACE = /\s*/y;

/**
 * Reads settings: a name, a colon, and a value that is quoted, is JSON, or ends at a comma (`re_param` in
 * infotext_utils.py; Civitai also writes JSON without quotes). Time is linear in the length of the line.
 */
function readSettings(line: string): [name: string, value: string][] {
  const settings: [string, string][] = [];
  const json = new JsonReader(line);
  let quoteFailed = false;
  let at = 0;
  while (at < line.length && settings.length < MOST_SETTINGS) {
    const run = matchAt(NAME_RUN, line, at);
    if (run === undefined) {
      at++;
      continue;
    }
    const end = at + run.length;
    at = end;
    if (line[end] !== ':') continue;
    const start = run.search(NAME_START);
    const name = start < 0 ? '' : run.slice(start);
    if (name.length < 2) continue;
    const from = end + 1 + (matchAt(SPACE, line, end + 1) ?? '').length;
    const isQuote: boolean = line[from] === '"' && !quoteFailed;
    const quoted: string | undefined = isQuote ? matchAt(QUOTED, line, from) : undefined;
    quoteFailed ||= isQuote && quoted === undefined;
    const whole = quoted ?? json.valueAt(from);
    const after = whole === undefined ? -1 : from + whole.length;
    const next = after < 0 ? -1 : after + (matchAt(SPACE, line, after) ?? '').length;
    if (whole !== undefined && (next === line.length || line[next] === ',')) {
      settings.push([name, unquote(whole)]);
      at = next + 1;
      continue;
    }
    const comma = line.indexOf(',', from);
    const stop = comma < 0 ? line.length : comma;
    settings.push([name, unquote(line.slice(from, stop))]);
    at = stop + 1;
  }
  return settings;
}

/** The match of a sticky pattern at a position. */
function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** Finds lists and objects in a line. After one that has no end, none is looked for: the time stays linear. */
class JsonReader {
  private failed = false;

  constructor(private readonly line: string) {}

  valueAt(from: number): string | undefined {
    const { line } = this;
    if (this.failed || (line[from] !== '[' && line[from] !== '{')) return undefined;
    let depth = 0;
    for (let at = from; at < line.length; at++) {
      const character = line[at];
      if (character === '"') {
        at++;
        while (at < line.length && line[at] !== '"') at += line[at] === '\\' ? 2 : 1;
      } else if (character === '[' || character === '{') depth++;
      else if ((character === ']' || character === '}') && --depth === 0) {
        return line.slice(from, at + 1);
      }
    }
    this.failed = true;
    return undefined;
  }
}

/** Writes the text (`create_infotext` in modules/processing.py). */
export function writeInfotext({ prompt, negativePrompt, settings }: Infotext): string {
  const line = [...settings].map(([name, value]) => `${name}: ${quote(value)}`).join(', ');
  const negative = negativePrompt ? `\n${NEGATIVE} ${negativePrompt}` : '';
  return `${prompt}${negative}\n${line}`.trim();
}

/** The facts of an image for AUTOMATIC1111's text. */
export interface InfotextFacts {
  readonly prompt: string;
  readonly negativePrompt: string;
  /** Whether brackets in the prompts are weights. Otherwise they are escaped. */
  readonly weighted: boolean;
  readonly steps?: number | undefined;
  readonly scheduler?: string | undefined;
  readonly eta?: number | undefined;
  readonly clipSkip?: number | undefined;
  readonly variationSeed?: number | undefined;
  readonly variationStrength?: number | undefined;
  readonly guidanceScale?: number | undefined;
  readonly imageGuidanceScale?: number | undefined;
  readonly noiseLevel?: number | undefined;
  readonly seed?: number | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly model?: string | undefined;
  /** Strength of image to image; absent without an initial image. */
  readonly strength?: number | undefined;
  /** The second pass. */
  readonly hires?: RecipeRequest['hires'];
  readonly hiresUpscaler?: string | undefined;
  /** The model that went on from a share of the denoising. */
  readonly refiner?: string | undefined;
  readonly denoisingEnd?: number | undefined;
  /** Names of LoRAs, with their scales. */
  readonly loras?: readonly FoundLora[];
  readonly tinyVae?: boolean;
  /** AUTOMATIC1111 knows both axes together. */
  readonly seamless?: SeamlessAxes | undefined;
  /** The name of another autoencoder than the model's own. */
  readonly vae?: string | undefined;
  /** What the image is composed of, in words; absent: it is not composed. */
  readonly composed?: string | undefined;
  readonly version: string;
}

/** The text for an image of Easel. With `RNG: CPU`, AUTOMATIC1111 uses the same noise. */
export function infotextOf(facts: InfotextFacts): Infotext {
  const { scheduler, width, height } = facts;
  const label = scheduler === undefined ? undefined : samplerLabel(scheduler);
  const known = width !== undefined && height !== undefined;
  const settings: [string, string | number | undefined][] = [
    ['Steps', facts.steps],
    ['Sampler', label?.sampler],
    ['Schedule type', label?.schedule],
    ['CFG scale', facts.guidanceScale],
    ['Image CFG scale', facts.imageGuidanceScale],
    ['Noise level', facts.noiseLevel],
    ['Seed', facts.seed],
    ['Size', known ? `${width}x${height}` : undefined],
    ['Model', facts.model],
    ['VAE', facts.vae],
    ['VAE Decoder', facts.tinyVae === true ? 'TAESD' : undefined],
    ...variationSettings(facts),
    ['Denoising strength', facts.hires ? (facts.hires.strength ?? HIRES.strength) : facts.strength],
    // It counts the layer that is used.
    ['Clip skip', facts.clipSkip ? facts.clipSkip + 1 : undefined],
    ['Tiling', facts.seamless === 'xy' ? 'True' : undefined],
    ['Eta DDIM', label?.sampler === DDIM.label ? facts.eta : undefined],
    ['RNG', 'CPU'],
    ...hiresSettings(facts.hires, facts.hiresUpscaler),
    ['Refiner', facts.refiner],
    ['Refiner switch at', facts.refiner === undefined ? undefined : facts.denoisingEnd],
    ['Composed', facts.composed],
    ['Version', facts.version],
  ];
  const present = settings.flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  );
  const plain = (text: string) => (facts.weighted ? text : text.replace(/[()[\]\\]/g, '\\$&'));
  const tags = (facts.loras ?? []).map(({ name, scale = 1, weights }) =>
    writeLoraTag(name, { scale, weights }),
  );
  return {
    prompt: [plain(facts.prompt), ...tags].join(' ').trimStart(),
    negativePrompt: plain(facts.negativePrompt),
    settings: new Map(present),
  };
}

/** A seed of which nothing is mixed in is not said. */
function variationSettings({
  variationSeed,
  variationStrength,
}: InfotextFacts): [string, number | undefined][] {
  if (!variationStrength) return [];
  return [
    ['Variation seed', variationSeed],
    ['Variation seed strength', variationStrength],
  ];
}

/** The defaults of a second pass. */
export const HIRES = { scale: 2, strength: 0.7, upscaler: 'latent' } as const;
/** AUTOMATIC1111's names of the upscalers. */
const UPSCALERS = { latent: 'Latent', lanczos: 'Lanczos' } as const;

/** The second pass as AUTOMATIC1111 writes it: `Size` is that of the first pass. */
function hiresSettings(
  hires: RecipeRequest['hires'],
  upscaler: string | undefined,
): [string, string | number | undefined][] {
  if (!hires) return [];
  return [
    ['Hires upscale', hires.scale ?? HIRES.scale],
    ['Hires steps', hires.steps],
    ['Hires upscaler', upscaler ?? UPSCALERS[hires.upscaler ?? HIRES.upscaler]],
  ];
}

function quote(value: string): string {
  return /[,\n:]/.test(value) ? JSON.stringify(value) : value;
}

function unquote(value: string): string {
  if (!value.startsWith('"') || !value.endsWith('"')) return value;
  try {
    const text: unknown = JSON.parse(value);
    return typeof text === 'string' ? text : value;
  } catch {
    return value;
  }
}
