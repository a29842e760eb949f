import { change, fromOklch, oklch, tint } from './colours';
import type { Ground, Kind } from './composition';
import { createRandom } from './random';

/** Images this much wider than high, or higher than wide, get a soft ground of colour. */
const WIDE = 1.35;
/** A mean lightness from here on is lost on white. */
const PALE = 0.86;

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
  const pale = tone !== undefined && tone.l > PALE;
  const square = ratio < WIDE && ratio > 1 / WIDE;
  const [brand] = palette;
  if (kind === 'avatar') {
    if (many)
      return { name: 'plain', colours: [brand === undefined ? '#f7f8fb' : tint(brand, 0.92)] };
    return { name: 'plain', colours: [circleColour(seed, backdrop, palette)] };
  }
  const own = tone && tone.c > 0.04 ? tone.h + OPPOSITE : 245;
  const hue = brand === undefined ? own + backdrop * 70 : oklch(brand).h + (backdrop % 2) * 20;
  if (tiled) {
    const light = pale ? fromOklch(0.6, 0.11, hue) : fromOklch(0.955, 0.028, hue);
    return { name: 'plain', colours: [light] };
  }
  const isPlainWhite = square && kind !== 'page' && !pale && brand === undefined;
  if (backdrop === 0 && isPlainWhite) return { name: 'plain', colours: ['#ffffff'] };
  const strong = pale;
  const light = strong ? fromOklch(0.62, 0.12, hue) : fromOklch(0.94, 0.035, hue);
  const [from, to] = [
    tint(light, strong ? 0.1 : 0.5),
    change(light, { l: strong ? 0.5 : 0.87, c: 1.3 }),
  ];
  if (square && backdrop === 0) return { name: 'plain', colours: [light] };
  return { name: SURFACES[backdrop % SURFACES.length]!, colours: [from, to] };
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
