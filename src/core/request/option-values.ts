import { EaselError } from '../errors';
import { formatOfFileName } from '../image/formats';

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

/** `style.safetensors:0.8`. A colon that no number follows is part of the name, as in `C:\\style.safetensors`. */
export const readLoras: OptionReader = (values) =>
  values.map((value) => {
    const match = /^(.+):([-+]?(?:\d+(?:\.\d*)?|\.\d+))$/.exec(value);
    const [, path = value, scale] = match ?? [];
    return scale === undefined ? { path } : { path, scale: Number(scale) };
  });

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
