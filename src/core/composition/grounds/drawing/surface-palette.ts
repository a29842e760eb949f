import {
  difference,
  fromOklch,
  isDark,
  lightness,
  mix,
  mixHues,
  oklch,
  onRamp,
  tint,
} from '../../colours';
import type { Ground } from '../../composition';
import type { Random } from '../../random';

/** The colours of a surface. */
export interface SurfacePalette {
  /** The colour of the most of it. */
  readonly base: string;
  /** Colours for gradients, in their order; the base is among them. At least three. */
  readonly flow: readonly string[];
  /** Colours for shapes on the base, two to four, in their strength. */
  readonly marks: readonly string[];
  /** Further colours that were asked for, or the brand's: used as they are. */
  readonly accents: readonly string[];
  readonly dark: boolean;
  /** Whether the base was asked for: then it must stay the colour of the most. */
  readonly asked: boolean;
}

/** Sets of colours that go well together, from one hue to the next. */
const SETS: readonly (readonly string[])[] = [
  ['#4f46e5', '#7c3aed', '#db4fa4'],
  ['#0ea5e9', '#6366f1', '#a855f7'],
  ['#06b6d4', '#3b82f6', '#8b5cf6'],
  ['#f97f4b', '#ee5d8f', '#8b5cf6'],
  ['#10b981', '#06b6d4', '#3b82f6'],
  ['#fbbf4a', '#f98a4b', '#ef6262'],
  ['#f48fb8', '#fb8b96', '#fdba8c'],
  ['#14b8a6', '#74c365', '#e6cf5a'],
  ['#0f766e', '#14b8a6', '#8fe8d8'],
  ['#1e3a8a', '#2563eb', '#38bdf8'],
  ['#3730a3', '#6d3fd1', '#c04ad0'],
  ['#be2a4f', '#f0617c', '#f9b0a6'],
  ['#6b8f71', '#a3b18a', '#dad7b4'],
  ['#d97a5c', '#ecc58a', '#86b096'],
  ['#264653', '#2a9d8f', '#e4c574'],
  ['#355070', '#7d6a92', '#d57f87'],
  ['#33658a', '#86bbd8', '#f2b66a'],
  ['#5b7ec0', '#9fb6e3', '#e7c6dd'],
  ['#b48ead', '#d8a7b1', '#f0c9a8'],
  ['#48639c', '#4c9bb8', '#82d4bb'],
  ['#8a5a83', '#c66f80', '#f0a97f'],
  ['#2f6f6a', '#5aa690', '#b8d8a8'],
  ['#5a4fcf', '#4f8fe6', '#5fd0d6'],
  ['#c2644a', '#d99a6c', '#e9cfa8'],
];

/** How often a surface is light or colourful where nobody asked. A dark one looks chosen only where it was. */
const GRADIENT_MOODS: readonly Mood[] = ['vivid', 'vivid', 'vivid', 'light', 'light'];
const SHAPE_MOODS: readonly Mood[] = ['light', 'light', 'light', 'light', 'vivid'];

/**
 * The colours of a surface: those that were asked for; else those of the brand; else a set by chance.
 * `dark` gives a dark or a light version; without it, chance decides.
 * @param subject the mean colour of what stands on it, which must be seen
 */
export function surfacePalette(
  ground: Ground,
  brand: readonly string[],
  random: Random,
  subject?: string,
): SurfacePalette {
  const moods = ground.name.includes('gradient') ? GRADIENT_MOODS : SHAPE_MOODS;
  const asked = ground.colours ?? [];
  if (asked.length > 0) {
    const base = inMood(asked[0]!, ground.dark);
    const others = asked.length > 1 ? asked.slice(1) : brand;
    return around(base, others, random, true);
  }
  if (brand.length > 0) {
    const own = ofBrand(brand, ground.dark, moods === GRADIENT_MOODS, random);
    const isLost = subject !== undefined && !standsOut(own, subject);
    return isLost
      ? ofBrand(brand, lightness(subject) > 0.7, moods === GRADIENT_MOODS, random)
      : own;
  }
  if (subject === undefined || ground.dark !== undefined)
    return bySet(random.pick(SETS), ground.dark, random, moods);
  // The first set by chance that the subject is not lost on: a light one, or middle tones behind a pale subject.
  const sets = random.shuffle(SETS);
  const tries = [
    ...sets.map((set) => bySet(set, false, random, moods)),
    ...[0.66, 0.54].flatMap((l) => sets.map((set) => softOf(set, l))),
  ];
  return tries.find((own) => standsOut(own, subject)) ?? tries[0]!;
}

/** How far a subject's mean colour must be from each colour of the ground behind it, in OKLab. */
const APART = 0.19;

/** Whether a subject's mean colour is far enough from what is behind it. */
function standsOut({ base, flow }: SurfacePalette, subject: string): boolean {
  return [base, ...flow].every((colour) => difference(colour, subject) >= APART);
}

/** A set in middle tones, which neither hide a pale subject nor are louder than it. Warm ones would be mud. */
function softOf(set: readonly string[], light: number): SurfacePalette {
  const flow = set.map((colour, index) => {
    const { c, h } = oklch(colour);
    return fromOklch(light - index * 0.045, Math.min(Math.max(c, 0.06), 0.1), coolHue(h, index));
  });
  const base = flow[1]!;
  return { base, flow, marks: [flow[0]!, flow[2]!], accents: [], dark: true, asked: false };
}

/** The hue itself where it is a cool one, else one from blue to violet. */
function coolHue(h: number, step: number): number {
  return h > 165 && h < 345 ? h : 262 + (step - 1) * 24;
}

function ofBrand(
  brand: readonly string[],
  dark: boolean | undefined,
  gradient: boolean,
  random: Random,
): SurfacePalette {
  const byLightness = [...brand].sort((a, b) => lightness(a) - lightness(b));
  const first = brand[0]!;
  const solid = gradient || random.chance(0.5);
  const base =
    dark === undefined
      ? solid
        ? first
        : fromOklch(0.96, Math.min(oklch(first).c, 0.02), oklch(first).h)
      : inMood(dark ? byLightness[0]! : byLightness.at(-1)!, dark);
  const others = brand.filter((colour) => colour !== base);
  if (dark === undefined || !gradient) return around(base, others, random, false);
  return around(
    base,
    others.map((colour) => mix(base, colour, dark ? 0.45 : 0.35)),
    random,
    false,
  );
}

/** The colour itself, unless a dark version is wanted of a light one, or a light version of a dark one. */
function inMood(colour: string, dark: boolean | undefined): string {
  const { l, c, h } = oklch(colour);
  if (dark === true && l > 0.6) return fromOklch(0.24, Math.min(c, 0.06), h);
  if (dark === false && l < 0.6) return fromOklch(0.95, Math.min(c * 0.3, 0.03), h);
  return colour;
}

/** A palette around a base, with further colours as they are, or with neighbours of the base. */
function around(
  base: string,
  accents: readonly string[],
  random: Random,
  asked: boolean,
): SurfacePalette {
  const dark = isDark(base);
  const { l, c, h } = oklch(base);
  const grey = c < 0.02;
  // Who asks for dark blue does not want purple. A brand's neighbours can be further away.
  const turn = random.sign() * (grey ? 0 : asked ? random.range(0, 3.5) : random.range(10, 18));
  // On a dark base shapes are lighter, on a light base darker and more colourful.
  const steps = dark ? [0.09, 0.17, 0.27] : [-0.05, -0.11, -0.2];
  const neighbours = steps.map((step, index) =>
    fromOklch(
      Math.min(0.97, Math.max(0.1, l + step)),
      grey ? c : Math.max(c, 0.05) * (1 + index * 0.12),
      h + turn * index,
    ),
  );
  const flow =
    accents.length > 0
      ? [base, ...accents.slice(0, 3)]
      : [
          fromOklch(
            Math.min(0.97, l + (dark ? 0.11 : 0.085)),
            grey ? c : Math.max(c, 0.05),
            h - turn,
          ),
          base,
          fromOklch(Math.max(0.08, l - (dark ? 0.06 : 0.085)), c, h + turn),
        ];
  return {
    base,
    flow,
    marks: accents.length > 0 ? [neighbours[1]!, ...accents.slice(0, 3)] : neighbours,
    accents,
    dark,
    asked,
  };
}

type Mood = 'light' | 'vivid' | 'dark';

function bySet(
  set: readonly string[],
  wanted: boolean | undefined,
  random: Random,
  moods: readonly Mood[],
): SurfacePalette {
  const colours = random.chance(0.5) ? [...set] : [...set].reverse();
  const chance = random.pick(moods);
  const mood = wanted === undefined ? chance : wanted ? 'dark' : 'light';
  switch (mood) {
    case 'vivid': {
      const base = colours[0]!;
      const dark = isDark(onRamp(colours, 0.5));
      return { base, flow: colours, marks: colours.slice(1), accents: [], dark, asked: false };
    }
    case 'dark':
      return darkOf(colours);
    case 'light': {
      const soft = colours.map((colour, index) => {
        const { c, h } = oklch(colour);
        return fromOklch(0.972 - index * 0.045, Math.min(c * 0.5, 0.014 + index * 0.034), h);
      });
      const marks = colours.map((colour) => mixHues(soft[0]!, colour, 0.8));
      return { base: soft[0]!, flow: soft, marks, accents: [], dark: false, asked: false };
    }
  }
}

/** Dark yellow, orange and green are mud: their base is a dark blue, and they are lights on it. */
function darkOf(colours: readonly string[]): SurfacePalette {
  const hue = (colour: string): number => oklch(colour).h;
  const cool = colours.find((colour) => hue(colour) > 190 && hue(colour) < 345);
  const baseHue = cool === undefined ? 262 : Math.min(310, Math.max(215, hue(cool)));
  const base = fromOklch(0.205, 0.045, baseHue);
  const flow = [0, 1, 2].map((step) => {
    const { c, h } = oklch(colours[step] ?? base);
    const near = h > 190 && h < 345 ? h : baseHue + (step - 1) * 32;
    return fromOklch(0.205 + step * 0.095, Math.min(Math.max(c, 0.08), 0.05 + step * 0.05), near);
  });
  const marks = colours.map((colour) => {
    const { l, c, h } = oklch(colour);
    return mixHues(base, fromOklch(Math.max(l, 0.62), c, h), 0.78);
  });
  return { base, flow, marks, accents: [], dark: true, asked: false };
}

/**
 * `count` colours from near the base to the marks, for shapes that lie on each other. Where there are
 * accents, these are the last ones, and the others are tones of the base: mixes of far hues are grey.
 */
export function layers(palette: SurfacePalette, count: number, reach = 0.85): string[] {
  const { base, marks, accents, dark } = palette;
  if (accents.length > 0) {
    const last = accents.slice(0, Math.max(1, Math.floor(count / 2)));
    const { l, c, h } = oklch(base);
    const own = Array.from({ length: count - last.length }, (_, index) => {
      // Shades of white are grey: tints of the first colour are clean.
      if (c < 0.025 && l > 0.85) return mix(base, last[0]!, 0.13 * (index + 1));
      const lightness = Math.min(0.98, Math.max(0.08, l + (dark ? 0.06 : -0.05) * (index + 1)));
      return fromOklch(lightness, c < 0.02 ? c : Math.max(c, 0.05) * (1 + 0.25 * index), h);
    });
    return [...own, ...last];
  }
  return Array.from({ length: count }, (_, index) => {
    const share = (index + 1) / count;
    const mark = onRamp(marks, count === 1 ? 0.5 : index / (count - 1));
    return mix(base, mark, 0.12 + (reach - 0.12) * share);
  });
}

/** How far from the base marks are where something stands on them, in OKLab. */
const QUIET = 0.09;

/**
 * A colour for marks on the base.
 * @param away how far it is from the base, in OKLab: less the more of the base they cover. Colours that were
 *   asked for are used as they are, unless they would not be seen.
 */
export function markColour(
  { palette, quiet }: { readonly palette: SurfacePalette; readonly quiet: boolean },
  away: number,
): string {
  const { base, accents, marks, asked } = palette;
  const reach = quiet ? Math.min(away, QUIET) : away;
  const [accent] = accents;
  if (accent === undefined)
    // Of two far hues that are as light as each other the border flickers.
    return asked || oklch(base).c > 0.07
      ? toneOf(base, reach)
      : towards(base, marks.at(-1)!, reach);
  if (asked)
    return quiet ? mix(base, accent, 0.6) : seen(base, accent, Math.min(0.17, away * 0.75));
  // Half of the way from one colour of a brand to another is grey.
  return oklch(base).c < 0.05 ? towards(base, accent, reach) : toneOf(base, reach);
}

/** A tone of the same hue: lighter on dark, darker on light. */
function toneOf(base: string, away: number): string {
  const { l, c, h } = oklch(base);
  return fromOklch(l + (isDark(base) ? away : -away), c < 0.02 ? c : Math.max(c, away * 0.4), h);
}

function towards(base: string, mark: string, away: number): string {
  return mix(base, mark, Math.min(1, away / Math.max(0.001, difference(base, mark))));
}

/** The colour, or one of its hue that is at least so far from the base that it is seen on it. */
export function seen(base: string, colour: string, least: number): string {
  const { l, c, h } = oklch(colour);
  const step = isDark(base) ? 0.02 : -0.02;
  let [found, at] = [colour, l];
  while (difference(base, found) < least && at > 0.1 && at < 0.98) {
    at += step;
    found = fromOklch(at, c < 0.02 ? c : Math.max(c, Math.abs(at - l) * 0.65), h);
  }
  return found;
}

/** Of small motifs of many colours where none are asked for. */
const FESTIVE = ['#ef5d6e', '#f7b32b', '#2bb39f', '#4f7df0', '#9b5de5'] as const;

/**
 * Colours for small motifs that should stand out: those that were asked for, the brand's, or many.
 * @param many whether there are several hues where no colour is named
 */
export function vivid(
  { base, marks, accents, dark, asked }: SurfacePalette,
  many = false,
): string[] {
  if (accents.length > 0) {
    const own = asked || accents.length > 1 ? [] : [tint(base, dark ? 0.75 : 0.3)];
    return [...accents.slice(0, 4), ...own].map((accent) => seen(base, accent, 0.16));
  }
  if (asked) return [0.16, 0.28, 0.4].map((away) => toneOf(base, away));
  return (many ? FESTIVE : marks).map((mark) => seen(base, mark, 0.22));
}
