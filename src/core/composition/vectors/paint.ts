import { change, lightness, mix, oklch } from '../colours';
import type { Hue } from './sign-names';

/** The colours of a drawing by what they are for. */
export interface Paint {
  readonly main: string;
  /** The shaded side of `main`. */
  readonly deep: string;
  /** A light tone of `main`. */
  readonly light: string;
  /** A very light tone of `main` (a very dark one on dark grounds). */
  readonly soft: string;
  /** A very light tone of `main` on paper, whatever the ground. */
  readonly tint: string;
  readonly accent: string;
  readonly accentDeep: string;
  /** Cards, pages, screens. */
  readonly paper: string;
  /** What is printed on paper: lines of text, frames. */
  readonly line: string;
  /** The darkest parts: outlines, frames of devices. */
  readonly ink: string;
  /** Outlines that stand on the ground itself. */
  readonly outline: string;
}

const HUE_COLOURS: Readonly<Record<Hue, string>> = {
  blue: '#2f6fe4',
  green: '#1f9d5b',
  red: '#e0453f',
  amber: '#e39a13',
  violet: '#7a52d9',
  teal: '#12958e',
  pink: '#dd4b8c',
  slate: '#52627a',
  orange: '#e8702a',
};

export function colourOfHue(hue: Hue): string {
  return HUE_COLOURS[hue];
}

/**
 * @param colours hex, the most important first; absent: `own`
 * @param dark the ground behind is dark
 */
export function paintWith(
  own: readonly [main: string, accent: string],
  colours: readonly string[] | undefined,
  dark: boolean,
): Paint {
  const main = colours?.[0] ?? own[0];
  const accent = colours?.[1] ?? (colours?.[0] === undefined ? own[1] : accentTo(main, own[1]));
  return {
    main,
    deep: deeper(main, 0.12),
    light: dark ? mix(main, '#ffffff', 0.3) : mix(main, '#ffffff', 0.55),
    soft: dark ? mix(main, '#1b2130', 0.72) : mix(main, '#ffffff', 0.84),
    tint: mix(main, '#ffffff', 0.84),
    accent,
    accentDeep: deeper(accent, 0.12),
    paper: dark ? '#f3f5fa' : '#ffffff',
    line: mix(main, '#d5dbe6', 0.86),
    ink: mix(main, '#27303f', 0.86),
    outline: mix(main, dark ? '#aab4c6' : '#27303f', 0.86),
  };
}

/** An own second colour, or the turned main one where the two are alike. */
function accentTo(main: string, accent: string): string {
  const [a, b] = [oklch(main), oklch(accent)];
  const apart = Math.abs(((a.h - b.h + 540) % 360) - 180);
  return a.c > 0.04 && apart < 40 ? change(accent, { h: 150 }) : accent;
}

function deeper(hex: string, by: number): string {
  return change(hex, { l: Math.max(0.12, lightness(hex) - by) });
}
