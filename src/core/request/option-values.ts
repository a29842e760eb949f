import { EaselError } from '../errors';
import { formatOfFileName } from '../image/formats';
import { BLOCK_PRESETS, blockWeights, type LoraWeights } from './lora-weights';

/**
 * Reads the value of a command-line option into the value of a request field. What it returns is checked
 * later, with the whole request.
 * @param values what was typed: one value, or several where the option may be repeated
 * @param option the option's name without its dashes, for errors
 * @throws EaselError `bad-request`, naming the option
 */
export type OptionReader = (values: readonly string[], option: string) => unknown;

export const readText: OptionReader = ([value]) => value;

/** Of an option that may be repeated. */
export const readTexts: OptionReader = (values) => values;

/** One of some words, in any case: `CPU` is `cpu`. */
export const readWord: OptionReader = ([value = '']) => value.toLowerCase();

/** `full` or `tiny` in any case, or a name. */
export const readAutoencoder: OptionReader = ([value = '']) =>
  /^(full|tiny)$/i.test(value) ? value.toLowerCase() : value;

/** Of an option that may be repeated. */
export const readWords: OptionReader = (values) => values.map((value) => value.toLowerCase());

/** The name of an image format, or an ending of its files, in any case: `JPG` is `jpeg`. */
export const readFormat: OptionReader = ([value = '']) =>
  formatOfFileName(`file.${value.replace(/^\./, '')}`) ?? value.toLowerCase();

export const readNumber: OptionReader = ([value = ''], option) => toNumber(value, option);

export const readNumbers: OptionReader = (values, option) =>
  values.map((value) => toNumber(value, option));

/** For a switch whose presence means yes. */
export const readPresent: OptionReader = () => true;

/** For a switch whose presence means no, such as `--no-metadata`. */
export const readAbsent: OptionReader = () => false;

/** `on` or `off`. */
export const readOnOff: OptionReader = ([typed = ''], option) => {
  const value = typed.toLowerCase();
  if (value === 'on' || value === 'off') return value === 'on';
  throw new EaselError('bad-request', `--${option} is on or off, not "${typed}".`);
};

/** Colours between commas: `#0066cc,#fc0`. The `#` may be left out, which shells need quotes for. */
export const readColours: OptionReader = ([value = '']) =>
  value
    .split(',')
    .map((part) => part.trim().replace(/^#?/, '#'))
    .map((colour) => colour.replace(/^#(.)(.)(.)$/, '#$1$1$2$2$3$3'))
    .filter((colour) => colour !== '#');

/** Width and height: `1024x768`. */
export const readSize: OptionReader = ([value = ''], option) => {
  const sides = value.toLowerCase().split(/[x×]/);
  if (sides.length !== 2) {
    throw new EaselError('bad-request', `--${option} is WxH, such as 1024x768, not "${value}".`);
  }
  const [width, height] = sides.map((side) => toNumber(side, option));
  return { width, height };
};

/** The factors of FreeU in the order of diffusers' `enable_freeu`: `0.9,0.2,1.5,1.6`. */
export const readFreeU: OptionReader = ([value = ''], option) => {
  const parts = value.split(',');
  if (parts.length !== 4) {
    throw new EaselError(
      'bad-request',
      `--${option} is S1,S2,B1,B2, such as 0.9,0.2,1.5,1.6, not "${value}".`,
    );
  }
  const [s1, s2, b1, b2] = parts.map((part) => toNumber(part, option));
  return { s1, s2, b1, b2 };
};

/** From the left and from the top: `0,256`. */
export const readCorner: OptionReader = ([value = ''], option) => {
  const parts = value.split(',');
  if (parts.length !== 2) {
    throw new EaselError('bad-request', `--${option} is X,Y, such as 0,256, not "${value}".`);
  }
  const [left, top] = parts.map((part) => toNumber(part, option));
  return { left, top };
};

/** `64` for every side, or left, top, right and bottom: `64,0,64,0`. */
export const readMargins: OptionReader = ([value = ''], option) => {
  const sides = value.split(',').map((side) => toNumber(side, option));
  const [left, top = left, right = left, bottom = top] = sides;
  if (sides.length > 4) {
    throw new EaselError('bad-request', `--${option} takes up to four numbers, not "${value}".`);
  }
  return { left, top, right, bottom };
};

/** The scale, then strength, steps and upscaler if they are given: `2`, `2,0.7`, `2,0.7,20,latent`. */
export const readSecondPass =
  (upscalers: readonly string[]): OptionReader =>
  ([value = ''], option) => {
    const parts = value.split(',');
    const upscaler = upscalers.find((known) => known === parts.at(-1)?.toLowerCase());
    const [scale, strength, steps] = (upscaler ? parts.slice(0, -1) : parts).map((part) =>
      toNumber(part, option),
    );
    if (parts.length > (upscaler ? 4 : 3)) {
      throw new EaselError('bad-request', `--${option} takes up to four values, not "${value}".`);
    }
    const given = Object.entries({ scale, strength, steps, upscaler });
    return Object.fromEntries(given.filter(([, part]) => part !== undefined));
  };

/** `w=0.4,m=3`, or nothing for the defaults. */
export const readForecast: OptionReader = ([value = ''], option) => {
  const parts = value.split(',').filter((part) => part.trim() !== '');
  return Object.fromEntries(
    parts.map((part) => {
      const [name = '', number, ...more] = part.split('=').map((side) => side.trim());
      if (number === undefined || more.length > 0) {
        throw new EaselError(
          'bad-request',
          `--${option} takes values such as w=0.4,m=3, not "${value}".`,
        );
      }
      return [name.toLowerCase(), toNumber(number, option)];
    }),
  );
};

/** `0.1:0.8` */
export const readInterval: OptionReader = ([value = ''], option) => {
  const ends = value.split(':');
  if (ends.length !== 2) {
    throw new EaselError('bad-request', `--${option} is START:END, such as 0:0.8, not "${value}".`);
  }
  const [start, end] = ends.map((part) => toNumber(part, option));
  return { start, end };
};

const NUMBER = String.raw`[-+]?(?:\d+(?:\.\d*)?|\.\d+)`;
/** `text=0.5` or `up.0=0.3`. */
const LORA_PART = new RegExp(String.raw`^[a-z_]+\d?(?:\.\w+)*=${NUMBER}$`);
/** A preset, or the first of some numbers. */
const LORA_BLOCKS = new RegExp(`^lbw=(?:[A-Za-z]+|${NUMBER})$`);
const LORA_SCALE = new RegExp(`^(.+):(${NUMBER})$`);
const ONE_NUMBER = new RegExp(`^${NUMBER}$`);

/**
 * `style.safetensors:0.8`, or `style.safetensors:0.8,text=0.5,down.1=0.7` with weights of parts. A colon that no
 * number follows is part of the name, as in `C:\\style.safetensors`, and so is a comma that no part follows.
 */
export const readLoras: OptionReader = (values, option) =>
  values.map((value) => {
    const [first = '', ...more] = value.split(',');
    const isEntry = (piece: string) =>
      LORA_PART.test(piece) || LORA_BLOCKS.test(piece) || ONE_NUMBER.test(piece);
    const start = more.findLastIndex((piece) => !isEntry(piece)) + 1;
    const [name, entries] = [[first, ...more.slice(0, start)].join(','), more.slice(start)];
    if (entries[0]?.includes('=') !== true) return readLora(value);
    const lora = readLora(name);
    return { ...lora, weights: readLoraParts(entries, lora.scale ?? 1, option) };
  });

function readLora(text: string): { readonly path: string; readonly scale?: number } {
  const [, path = text, scale] = LORA_SCALE.exec(text) ?? [];
  return scale === undefined ? { path } : { path, scale: Number(scale) };
}

/** @param entries of which the numbers alone belong to `lbw=` before them */
function readLoraParts(entries: readonly string[], scale: number, option: string): LoraWeights {
  const own: Record<string, number> = {};
  const list = entries.filter((entry) => entry.startsWith('lbw=') || !entry.includes('='));
  for (const entry of entries) {
    const [part = '', value] = entry.split('=');
    if (part !== 'lbw' && value !== undefined) own[part] = Number(value);
  }
  if (list.length === 0) return own;
  const text = list.join(',').replace('lbw=', '');
  const blocks = blockWeights(text, { text: scale, unet: scale });
  if (blocks !== undefined) return { ...blocks, ...own };
  throw new EaselError(
    'bad-request',
    `--${option}: lbw takes 12, 17, 20 or 26 numbers, or one of ${BLOCK_PRESETS.join(', ')}; not "${text}".`,
  );
}

/** `4x.pth:2`, a model alone, or a factor alone: `2`. A colon that no number follows is part of the name. */
export const readUpscaling: (values: readonly string[]) => {
  readonly model?: string;
  readonly factor?: number;
} = ([value = '']) => {
  if (/^(?:\d+(?:\.\d*)?|\.\d+)$/.test(value)) return { factor: Number(value) };
  const match = /^(.+):(\d+(?:\.\d*)?|\.\d+)$/.exec(value);
  const [, model = value, factor] = match ?? [];
  return factor === undefined ? { model } : { model, factor: Number(factor) };
};

/** A file with an ending, or a repository `org/name`, before the word of a textual inversion. */
const EMBEDDING_WORD =
  /^(.+\.\w+|[\w.-]+\/[\w.-]+(?:@[\w.+/-]+)?):(?![^:]*\.(?:pt|pth|bin|ckpt|safetensors)$)([^:\\/]+)$/;

/** `style.pt:my-word` or `org/name:my-word`. The word has no folder separator in it. */
export const readEmbeddings: OptionReader = (values) =>
  values.map((value) => {
    const match = EMBEDDING_WORD.exec(value);
    const [, path = value, token] = match ?? [];
    return token === undefined ? { path } : { path, token };
  });

function toNumber(value: string, option: string): number {
  const parsed = Number(value);
  if (value.trim() === '' || !Number.isFinite(parsed)) {
    throw new EaselError('bad-request', `--${option} must be a number, not "${value}".`);
  }
  return parsed;
}
