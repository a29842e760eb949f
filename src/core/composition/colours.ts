/**
 * Colours as `#rrggbb`: their words, and mixes in OKLab and OKLCH, where equal steps look equal
 * (https://bottosson.github.io/posts/oklab/). The colour spaces are culori's.
 */
import {
  clampChroma,
  colorsNamed,
  converter,
  differenceEuclidean,
  formatHex,
  modeLrgb,
  modeOklab,
  modeOklch,
  modeRgb,
  useMode,
  wcagContrast,
} from 'culori/fn';

useMode(modeRgb);
useMode(modeLrgb);
useMode(modeOklab);
useMode(modeOklch);

const asOklab = converter('oklab');
const asOklch = converter('oklch');
const distance = differenceEuclidean('oklab');

/**
 * What people mean by a colour word, in the tones of today's pages. Words that are not here have the meaning
 * of CSS.
 */
const MEANT: Readonly<Record<string, string>> = {
  red: '#e02f3c',
  orange: '#f97316',
  amber: '#f59e0b',
  yellow: '#facc15',
  lime: '#84cc16',
  green: '#22a355',
  emerald: '#10b981',
  mint: '#a7e8cd',
  teal: '#0f9488',
  cyan: '#06b6d4',
  blue: '#2563eb',
  navy: '#14213d',
  indigo: '#4f46e5',
  violet: '#7c3aed',
  purple: '#8b3fd9',
  magenta: '#d926a9',
  pink: '#f472b6',
  rose: '#f43f5e',
  brown: '#8b5a2b',
  black: '#111111',
  white: '#ffffff',
  grey: '#808790',
  gold: '#e0ac2b',
  silver: '#c0c5cc',
  bronze: '#b0743a',
  copper: '#b87345',
  cream: '#fdf6e3',
  beige: '#f0e6d2',
  sand: '#e3cfa4',
  peach: '#ffcba4',
  apricot: '#fbb982',
  mustard: '#d9a521',
  ochre: '#c98a2b',
  rust: '#b1502b',
  terracotta: '#d0704f',
  burgundy: '#6d1a36',
  wine: '#722f3f',
  cherry: '#c2183c',
  scarlet: '#e0301e',
  ruby: '#b3123f',
  raspberry: '#c9245c',
  plum: '#6f2c62',
  aubergine: '#43243f',
  lilac: '#c5a9dd',
  mauve: '#b592b5',
  blush: '#f6cdd0',
  olive: '#76803a',
  sage: '#a9b99a',
  moss: '#6f7f3f',
  forest: '#1f5134',
  jade: '#1c9c72',
  petrol: '#0f5c6b',
  aqua: '#3fd0d4',
  azure: '#2a8cf0',
  sky: '#7cc4f5',
  cobalt: '#1c47ab',
  sapphire: '#1a4fb0',
  ice: '#e2f2f9',
  slate: '#475569',
  charcoal: '#2f363f',
  anthracite: '#30353b',
  graphite: '#43474d',
  midnight: '#121836',
  stone: '#b7b0a5',
  taupe: '#8b7f74',
  sepia: '#70492a',
  coffee: '#5f4330',
  chocolate: '#5a3420',
  caramel: '#c07a3a',
  honey: '#eaa833',
  lemon: '#fbe55a',
  champagne: '#f4e3c5',
  'off white': '#faf8f3',
  'hot pink': '#f23a92',
  'rose gold': '#dba39a',
  'dusty rose': '#cf9ba0',
  'dusty pink': '#d8a9ab',
  'baby blue': '#a9d6f2',
  'baby pink': '#f8c8d4',
  'electric blue': '#1f5bff',
  'neon green': '#39ff5a',
  'neon pink': '#ff3fa4',
  'navy blue': '#14213d',
  'brick red': '#a8402f',
  'blood red': '#8a0f18',
  'mint green': '#a7e8cd',
  'forest green': '#1f5134',
  'olive green': '#76803a',
  'ice blue': '#dceefa',
  'ocean blue': '#1470a8',
};

/** Other spellings and words for the same colour. */
const SAME: Readonly<Record<string, string>> = {
  gray: 'grey',
  'off-white': 'off white',
  offwhite: 'off white',
  golden: 'gold',
  silvery: 'silver',
  violets: 'violet',
  fuschia: 'fuchsia',
  eggplant: 'aubergine',
  burgundi: 'burgundy',
  maroons: 'maroon',
  terra: 'terracotta',
  'terra cotta': 'terracotta',
  creamy: 'cream',
  sandy: 'sand',
  'light gray': 'light grey',
  'dark gray': 'dark grey',
};

/** Each colour word with its `#rrggbb`: what is meant on pages first, then CSS. Words are in lower case. */
export const COLOUR_WORDS: ReadonlyMap<string, string> = new Map([
  ...Object.entries(colorsNamed).map(([word, value]): [string, string] => [
    word,
    `#${(value as number).toString(16).padStart(6, '0')}`,
  ]),
  ...Object.entries(MEANT),
  ...Object.entries(SAME).flatMap(([word, other]): [string, string][] => {
    const value = MEANT[other];
    return value === undefined ? [] : [[word, value]];
  }),
]);

/** Lightness and chroma for a word before a colour, from those of the colour itself. */
const SHADES: Readonly<Record<string, (l: number, c: number) => [number, number]>> = {
  light: (l, c) => [Math.max(l, 0.78) * 0.45 + 0.5, c * 0.55],
  pale: (l, c) => [Math.max(l, 0.8) * 0.3 + 0.67, c * 0.35],
  pastel: (l, c) => [Math.max(l, 0.8) * 0.35 + 0.58, Math.min(c, 0.2) * 0.48],
  soft: (l, c) => [Math.max(l, 0.72) * 0.5 + 0.43, c * 0.55],
  bright: (l, c) => [l * 0.7 + 0.22, c * 1.15],
  vivid: (l, c) => [l, c * 1.25],
  neon: (l, c) => [Math.max(l, 0.72), c * 1.5 + 0.05],
  muted: (l, c) => [l, c * 0.45],
  dusty: (l, c) => [l * 0.85 + 0.1, c * 0.5],
  warm: (l, c) => [l, c],
  deep: (l, c) => [l * 0.66, c * 0.92],
  dark: (l, c) => [l * 0.6, c * 0.75],
  'very dark': (l, c) => [l * 0.4, c * 0.5],
  'very light': (l, c) => [Math.max(l, 0.8) * 0.25 + 0.73, c * 0.3],
};
/** Words that change the colour word after them: "dark", "pastel". */
export const SHADE_WORDS: readonly string[] = Object.keys(SHADES);

/**
 * The colour that words name: "dark blue", "light-green", "navy", "pastel pink", "bluish", "#08f", "#0088ff",
 * "rgb(0, 136, 255)". Undefined: no colour.
 */
export function colourOfWords(text: string): string | undefined {
  const words = text.trim().toLowerCase();
  const hex = /^#?([0-9a-f]{6}|[0-9a-f]{3})$/.exec(words)?.[1];
  if (hex !== undefined && (words.startsWith('#') || /\d/.test(hex))) {
    return `#${hex.length === 6 ? hex : hex.replace(/./g, '$&$&')}`;
  }
  const rgb = /^rgba?\((\d{1,3})[ ,]{1,3}(\d{1,3})[ ,]{1,3}(\d{1,3})\)$/.exec(words);
  if (rgb !== null) {
    const parts = rgb.slice(1).map((part) => Math.min(255, Number(part)));
    return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
  }
  return ofWords(words.replace(/[\s_-]+/g, ' '));
}

function ofWords(words: string): string | undefined {
  const plain =
    COLOUR_WORDS.get(words) ??
    COLOUR_WORDS.get(words.replace(/ colou?red$/, '')) ??
    SHADE_WORDS.reduce<string | undefined>((found, shade) => {
      if (found !== undefined || !words.startsWith(`${shade} `)) return found;
      const colour = ofWords(words.slice(shade.length + 1));
      return colour === undefined ? undefined : shaded(colour, shade);
    }, undefined) ??
    // "royal blue" is royalblue in CSS; "dark blue" has been read as a shade above.
    COLOUR_WORDS.get(words.replace(/ /g, ''));
  if (plain !== undefined) return plain;
  const root = /^([a-z]{3,})(?:ish|y)$/.exec(words)?.[1];
  if (root === undefined) return undefined;
  return (
    COLOUR_WORDS.get(root) ?? COLOUR_WORDS.get(`${root}e`) ?? COLOUR_WORDS.get(root.slice(0, -1))
  );
}

function shaded(hex: string, shade: string): string {
  const { l, c, h } = oklch(hex);
  const [lightness, chroma] = SHADES[shade]?.(l, c) ?? [l, c];
  return fromOklch(Math.min(0.985, lightness), chroma, h);
}

/** The colour word that is nearest to a colour: `#14213d` is "navy". Only words of one colour, no shades. */
export function wordOfColour(hex: string): string {
  let nearest = 'grey';
  let least = Infinity;
  for (const [word, value] of COLOUR_WORDS) {
    // The usual words first: "graphite" rather than "darkslategray".
    const away = distance(hex, value) + (MEANT[word] === undefined ? 0.04 : 0);
    if (away < least) [nearest, least] = [word, away];
  }
  return nearest;
}

/** Lightness from 0 to 1, chroma from 0 to about 0.37, hue in degrees (0 for greys). */
export interface Oklch {
  readonly l: number;
  readonly c: number;
  readonly h: number;
}

/** @throws RangeError where `hex` is no colour */
export function oklch(hex: string): Oklch {
  const colour = asOklch(hex);
  if (colour === undefined) throw new RangeError(`"${hex}" is not a colour.`);
  return { l: colour.l, c: colour.c, h: colour.h ?? 0 };
}

/** The nearest colour that screens show: chroma gives way, lightness and hue stay. */
export function fromOklch(l: number, c: number, h: number): string {
  const lightness = Math.min(1, Math.max(0, l));
  const hue = ((h % 360) + 360) % 360;
  return formatHex(
    clampChroma({ mode: 'oklch', l: lightness, c: Math.max(0, c), h: hue }, 'oklch'),
  );
}

/** The same colour with another lightness, chroma (as a factor) or hue (as degrees added). */
export function change(
  hex: string,
  by: { readonly l?: number; readonly c?: number; readonly h?: number },
): string {
  const { l, c, h } = oklch(hex);
  return fromOklch(by.l ?? l, c * (by.c ?? 1), h + (by.h ?? 0));
}

/** Lightness in OKLab, 0 to 1. */
export function lightness(hex: string): number {
  return oklch(hex).l;
}

/** Whether light text reads better on it. */
export function isDark(hex: string): boolean {
  return lightness(hex) < 0.6;
}

/** A mix along the straight line in OKLab: `share` 0 is `from`, 1 is `to`. It never passes another hue. */
export function mix(from: string, to: string, share: number): string {
  const [a, b] = [oklab(from), oklab(to)];
  const at = (x: number, y: number): number => x + (y - x) * share;
  return fromOklab(at(a.l, b.l), at(a.a, b.a), at(a.b, b.b));
}

/** A mix that goes around the hues the short way and stays colourful; greys take the other's hue. */
export function mixHues(from: string, to: string, share: number): string {
  const [a, b] = [oklch(from), oklch(to)];
  const [fromHue, toHue] = [a.c < 0.02 ? b.h : a.h, b.c < 0.02 ? a.h : b.h];
  const turn = ((((toHue - fromHue) % 360) + 540) % 360) - 180;
  return fromOklch(a.l + (b.l - a.l) * share, a.c + (b.c - a.c) * share, fromHue + turn * share);
}

/** Towards white, `share` of the way. */
export function tint(hex: string, share: number): string {
  return mix(hex, '#ffffff', share);
}

/** Towards a very dark tone of the same hue, `share` of the way. */
export function shade(hex: string, share: number): string {
  const { c, h } = oklch(hex);
  return mix(hex, fromOklch(0.13, Math.min(c, 0.05), h), share);
}

/** The mean of colours in OKLab, each of the same weight or of its own. */
export function meanColour(colours: readonly string[], weights?: readonly number[]): string {
  let [l, a, b, sum] = [0, 0, 0, 0];
  for (const [index, hex] of colours.entries()) {
    const colour = oklab(hex);
    const weight = weights?.[index] ?? 1;
    l += colour.l * weight;
    a += colour.a * weight;
    b += colour.b * weight;
    sum += weight;
  }
  return sum === 0 ? '#808080' : fromOklab(l / sum, a / sum, b / sum);
}

/** `count` colours from the first stop to the last, evenly: around the hues where these are near, else straight. */
export function ramp(stops: readonly string[], count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    onRamp(stops, count === 1 ? 0.5 : index / (count - 1)),
  );
}

/** The colour at a place from 0 to 1 on evenly spaced stops. */
export function onRamp(stops: readonly string[], place: number): string {
  const last = stops.length - 1;
  const at = Math.min(1, Math.max(0, place)) * last;
  const index = Math.min(Math.floor(at), Math.max(0, last - 1));
  const from = stops[index] ?? '#808080';
  const to = stops[index + 1] ?? from;
  const share = at - index;
  const [a, b] = [oklch(from), oklch(to)];
  const turn = ((((b.h - a.h) % 360) + 540) % 360) - 180;
  // Around the hues from purple to orange lies pink, as in a sunset; from blue to yellow lies green, which
  // nobody asked for.
  const passesGreen = Math.abs(turn) > 80 && isBetween(GREEN, a.h, turn);
  if (Math.abs(turn) <= MOST_TURN && !passesGreen) return mixHues(from, to, share);
  // The straight way passes grey: a lighter one looks clean. Pale colours have little to lose.
  const between = mix(from, to, share);
  const lift = 0.3 * Math.min(1, (a.c + b.c) / 0.2);
  return change(between, {
    l: Math.min(0.97, lightness(between) + lift * share * (1 - share)),
  });
}

const GREEN = 145;
const MOST_TURN = 150;

/** Whether a hue lies on the way from another one, in degrees. */
function isBetween(hue: number, from: number, turn: number): boolean {
  const way = turn < 0 ? (from - hue + 720) % 360 : (hue - from + 720) % 360;
  return way < Math.abs(turn);
}

/** How far two colours are apart in OKLab: about 0.02 is just visible, black and white are 1 apart. */
export function difference(a: string, b: string): number {
  return distance(a, b);
}

/** Contrast as WCAG 2 measures it, 1 to 21. */
export function contrast(a: string, b: string): number {
  return wcagContrast(a, b);
}

/**
 * The text colour that reads best on a background, at a contrast of 4.5 or more: nearly white or nearly black
 * in the background's hue, or white or black where that is not enough.
 */
export function readableOn(background: string): string {
  const { c, h } = oklch(background);
  const better = (light: string, dark: string): string =>
    contrast(light, background) >= contrast(dark, background) ? light : dark;
  const text = better(fromOklch(0.98, Math.min(c, 0.01), h), fromOklch(0.2, Math.min(c, 0.04), h));
  return contrast(text, background) >= 4.5 ? text : better('#ffffff', '#000000');
}

function oklab(hex: string): { l: number; a: number; b: number } {
  const colour = asOklab(hex);
  if (colour === undefined) throw new RangeError(`"${hex}" is not a colour.`);
  return colour;
}

function fromOklab(l: number, a: number, b: number): string {
  return formatHex(clampChroma({ mode: 'oklab', l, a, b }, 'oklch'));
}
