import { difference, fromOklch, oklch, tint } from './colours';
import type { Ground, Kind } from './composition';
import { createRandom } from './random';

/** Images this much wider than high, or higher than wide, get a soft ground of colour. */
const WIDE = 1.35;

export interface BackdropFacts {
  readonly kind: Kind;
  readonly tiled: boolean;
  /** Several subjects, or one several times. */
  readonly many: boolean;
  readonly ratio: number;
  readonly seed: number;
  /** The mean colour of the subjects, hex. Absent: none is drawn by the model. */
  readonly subject?: string | undefined;
  readonly palette: readonly string[];
  /** 0 is the plain one. */
  readonly backdrop: number;
}

/**
 * The ground of an image whose words name none: white for icons and things in about a square, as the model
 * itself draws them, else a soft tone that the subject stands out from.
 */
export function backdropFor(facts: BackdropFacts): Ground {
  const { kind, many, tiled, ratio, subject, palette, backdrop, seed } = facts;
  const tone = subject === undefined ? undefined : oklch(subject);
  const square = ratio < WIDE && ratio > 1 / WIDE;
  const [brand] = palette;
  if (kind === 'avatar') {
    if (many)
      return { name: 'plain', colours: [brand === undefined ? '#f7f8fb' : tint(brand, 0.92)] };
    return { name: 'plain', colours: [circleColour(seed, backdrop, palette)] };
  }
  const own = tone && tone.c > 0.04 ? tone.h + OPPOSITE : 245;
  const hue = brand === undefined ? own + backdrop * 70 : oklch(brand).h + (backdrop % 2) * 20;
  const isSeenOnWhite = subject === undefined || difference(subject, '#ffffff') >= APART;
  const isPlainWhite = square && kind !== 'page' && isSeenOnWhite && brand === undefined;
  if (backdrop === 0 && isPlainWhite && !tiled) return { name: 'plain', colours: ['#ffffff'] };
  const soft = (light: number): string => behind(subject, light, hue);
  if (tiled) return { name: 'plain', colours: [soft(0.955)] };
  if (square && backdrop === 0) return { name: 'plain', colours: [soft(0.94)] };
  return {
    name: SURFACES[backdrop % SURFACES.length]!,
    colours: [soft(0.965), soft(0.9)],
  };
}

/** How far a subject's mean colour is from its ground at least, in OKLab. */
const APART = 0.2;

/**
 * A soft tone that a subject stands out from: a light one, else the lightest that is far enough from it. The
 * darker the more colour it has, or it would be grey.
 * @param light the lightness that it has where the subject allows
 * @param hue in OKLCH degrees
 */
function behind(subject: string | undefined, light: number, hue: number): string {
  const toneAt = (l: number): string => fromOklch(l, Math.min(0.085, 0.02 + (1 - l) * 0.25), hue);
  let l = light;
  while (subject !== undefined && l > 0.3 && difference(toneAt(l), subject) < APART) l -= 0.02;
  return toneAt(l);
}

/** Degrees from a subject's hue to that of its ground: beside the complement, which is calmer. */
const OPPOSITE = 165;

const SURFACES = ['linear-gradient', 'radial-gradient', 'blobs', 'mesh-gradient'] as const;

/** Hues of the grounds of portraits, in OKLCH degrees: each far from the one before. */
const HUES = [235, 65, 165, 300, 25, 195, 110, 345] as const;

/** The soft colour behind a portrait. */
export function circleColour(seed: number, nth: number, palette: readonly string[]): string {
  const first = createRandom(seed, 'circles').int(0, HUES.length - 1);
  if (palette.length > 0) return tint(palette[(first + nth) % palette.length]!, 0.55);
  return fromOklch(0.87, 0.075, HUES[(first + nth) % HUES.length]!);
}
