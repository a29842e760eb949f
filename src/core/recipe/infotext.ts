import { samplerLabel } from './samplers';

/** AUTOMATIC1111's text about an image: two prompts and a line of named settings. */
export interface Infotext {
  readonly prompt: string;
  readonly negativePrompt: string;
  /** In the order of the text. A size such as `Size: 512x768` is one value. */
  readonly settings: ReadonlyMap<string, string>;
}

/** A setting: a name, and a value that is quoted or ends at a comma (`re_param` in infotext_utils.py). */
const SETTING =
  /\s*(?<name>[\p{L}\p{N}_][\p{L}\p{N}_ \-/]+):\s*(?<value>"(?:\\.|[^\\"])+"|[^,]*)(?:,|$)/gu;
/** A last line with fewer settings is a part of the prompt. */
const FEWEST_SETTINGS = 3;
/** A longer last line is not parsed as settings, because the pattern would be slow. In characters. */
const LONGEST_LINE = 20_000;
const NEGATIVE = 'Negative prompt:';

/**
 * Parses AUTOMATIC1111's `parameters` (modules/infotext_utils.py, `parse_generation_parameters`), without its
 * defaults.
 */
export function parseInfotext(text: string): Infotext {
  const lines = text.trim().split('\n');
  const last = lines.at(-1) ?? '';
  const found = last.length > LONGEST_LINE ? [] : [...last.matchAll(SETTING)];
  const isSettings = found.length >= FEWEST_SETTINGS;
  const texts: { prompt?: string; negativePrompt?: string } = {};
  let field: keyof typeof texts = 'prompt';
  for (const raw of isSettings ? lines.slice(0, -1) : lines) {
    let line = raw.trim();
    if (line.startsWith(NEGATIVE)) {
      field = 'negativePrompt';
      line = line.slice(NEGATIVE.length).trim();
    }
    const before = texts[field];
    texts[field] = before ? `${before}\n${line}` : line;
  }
  const settings = new Map<string, string>();
  for (const { groups } of isSettings ? found : []) {
    settings.set(groups?.name ?? '', unquote(groups?.value ?? ''));
  }
  const { prompt = '', negativePrompt = '' } = texts;
  return { prompt, negativePrompt, settings };
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
  readonly guidanceScale?: number | undefined;
  readonly seed?: number | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly model?: string | undefined;
  /** Strength of image to image; absent without an initial image. */
  readonly strength?: number | undefined;
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
    ['Seed', facts.seed],
    ['Size', known ? `${width}x${height}` : undefined],
    ['Model', facts.model],
    ['Denoising strength', facts.strength],
    ['RNG', 'CPU'],
    ['Version', facts.version],
  ];
  const present = settings.flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  );
  const plain = (text: string) => (facts.weighted ? text : text.replace(/[()[\]\\]/g, '\\$&'));
  return {
    prompt: plain(facts.prompt),
    negativePrompt: plain(facts.negativePrompt),
    settings: new Map(present),
  };
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
