import { change, fromOklch, oklch, tint } from './colours';
import type { Ground, Kind } from './composition';

/** Images this much wider than high, or higher than wide, get a soft ground of colour. */
const WIDE = 1.35;
/** A mean lightness from here on is lost on white. */
const PALE = 0.86;

export interface BackdropFacts {
  readonly kind: Kind;
  readonly ratio: number;
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
export function backdropFor({ kind, ratio, subject, palette, backdrop }: BackdropFacts): Ground {
  const tone = subject === undefined ? undefined : oklch(subject);
  const pale = tone !== undefined && tone.l > PALE;
  const square = ratio < WIDE && ratio > 1 / WIDE;
  const [brand] = palette;
  if (backdrop === 0 && square && kind !== 'page' && !pale && brand === undefined) {
    return { name: 'plain', colours: ['#ffffff'] };
  }
  const own = tone && tone.c > 0.04 ? tone.h + OPPOSITE : 245;
  const hue = brand === undefined ? own + backdrop * 70 : oklch(brand).h + (backdrop % 2) * 20;
  const strong = pale || backdrop % 4 === 3;
  const light = strong ? fromOklch(0.62, 0.12, hue) : fromOklch(0.94, 0.035, hue);
  const [from, to] = [
    tint(light, strong ? 0.1 : 0.5),
    change(light, { l: strong ? 0.5 : 0.87, c: 1.3 }),
  ];
  const name = SURFACES[backdrop % SURFACES.length]!;
  if (square && backdrop === 0) return { name: 'plain', colours: [light] };
  return { name, colours: [from, to] };
}

/** Degrees from a subject's hue to that of its ground: beside the complement, which is calmer. */
const OPPOSITE = 165;

const SURFACES = ['linear-gradient', 'radial-gradient', 'blobs', 'mesh-gradient'] as const;
