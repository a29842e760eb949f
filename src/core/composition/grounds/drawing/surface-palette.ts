import {
  change,
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

/**
 * The colours of a surface: those that were asked for; else those of the brand; else a set by chance.
 * `dark` gives a dark or a light version; without it, chance decides.
 */
export function surfacePalette(
  ground: Ground,
  brand: readonly string[],
  random: Random,
): SurfacePalette {
  const asked = ground.colours ?? [];
  if (asked.length > 0) {
    const base = inMood(asked[0]!, ground.dark);
    const others = asked.length > 1 ? asked.slice(1) : brand;
    return around(base, others, random, true);
  }
  if (brand.length > 0) {
    const dark = ground.dark;
    const byLightness = [...brand].sort((a, b) => lightness(a) - lightness(b));
    const base =
      dark === true
        ? inMood(byLightness[0]!, true)
        : dark === false
          ? inMood(byLightness.at(-1)!, false)
          : random.chance(0.5)
            ? brand[0]!
            : tint(
                brand[0]!,
                Math.max(0, (0.95 - lightness(brand[0]!)) / (1 - lightness(brand[0]!) + 0.001)),
              );
    const others = brand.filter((colour) => colour !== base);
    return around(base, others, random, dark === undefined);
  }
  return bySet(random.pick(SETS), ground.dark, random);
}

/** The colour itself, unless a dark version is wanted of a light one, or a light version of a dark one. */
function inMood(colour: string, dark: boolean | undefined): string {
  const { l, c, h } = oklch(colour);
  if (dark === true && l > 0.6) return fromOklch(0.24, Math.min(c, 0.06), h);
  if (dark === false && l < 0.6) return fromOklch(0.95, Math.min(c * 0.3, 0.03), h);
  return colour;
}

function around(
  base: string,
  others: readonly string[],
  random: Random,
  asked: boolean,
): SurfacePalette {
  const dark = isDark(base);
  const { l, c } = oklch(base);
  const turn = random.sign() * (c < 0.025 ? 0 : random.range(14, 30));
  const up = Math.min(0.97, l + 0.085);
  const down = Math.max(0.08, l - 0.085);
  const flow =
    others.length > 0
      ? [base, base, ...others.slice(0, 3)]
      : [change(base, { l: up, h: -turn }), base, change(base, { l: down, h: turn })];
  // On a dark base shapes are lighter, on a light base darker and more colourful.
  const steps = dark ? [0.07, 0.14, 0.24] : [-0.05, -0.11, -0.2];
  const marks =
    others.length > 0
      ? others.slice(0, 4)
      : steps.map((step, index) => {
          const next = Math.min(0.97, Math.max(0.1, l + step));
          return fromOklch(
            next,
            Math.max(c, c < 0.02 ? c : 0.04) * 1.1,
            oklch(base).h + turn * index,
          );
        });
  return {
    base,
    flow: flow.length < 3 ? [...flow, flow.at(-1)!] : flow,
    marks: marks.length < 2 ? [mix(base, marks[0]!, 0.5), marks[0]!] : marks,
    dark,
    asked,
  };
}

function bySet(
  set: readonly string[],
  wanted: boolean | undefined,
  random: Random,
): SurfacePalette {
  const colours = random.chance(0.5) ? [...set] : [...set].reverse();
  const mood =
    wanted === undefined
      ? random.pick(['light', 'light', 'light', 'vivid', 'dark'])
      : wanted
        ? 'dark'
        : 'light';
  if (mood === 'vivid') {
    const base = colours[0]!;
    return {
      base,
      flow: colours,
      marks: colours.slice(1),
      dark: isDark(onRamp(colours, 0.5)),
      asked: false,
    };
  }
  const dark = mood === 'dark';
  const soft = (colour: string, index: number): string => {
    const { c, h } = oklch(colour);
    return dark
      ? fromOklch(0.2 + index * 0.07, Math.min(c * 0.5, 0.04 + index * 0.035), h)
      : fromOklch(0.965 - index * 0.04, Math.min(c * 0.45, 0.018 + index * 0.025), h);
  };
  const base = soft(colours[0]!, 0);
  return {
    base,
    flow: colours.map((colour, index) => soft(colour, index)),
    marks: colours.map((colour) => mixHues(base, colour, dark ? 0.75 : 0.8)),
    dark,
    asked: false,
  };
}

/** `count` colours from near the base to the marks, for shapes that lie on each other. */
export function layers(palette: SurfacePalette, count: number, reach = 0.85): string[] {
  const target = palette.marks;
  return Array.from({ length: count }, (_, index) => {
    const share = (index + 1) / count;
    return mix(
      palette.base,
      onRamp(target, count === 1 ? 0.5 : index / (count - 1)),
      0.12 + (reach - 0.12) * share,
    );
  });
}
