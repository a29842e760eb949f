import { labDistance, labOfHex, mixLab, type Lab } from './lab-image';

/** The colours of a palette, from dark to light. */
export function byLightness(palette: readonly string[] | undefined): Lab[] {
  return (palette ?? []).map(labOfHex).sort(([one], [other]) => one - other);
}

export const WHITE: Lab = [1, 0, 0];
/** Soft colours for grounds and tiles that go with most subjects. */
const TILES = ['#cfe8ff', '#ffe3c2', '#d9f2d0', '#e6dcff', '#ffd9dc', '#d5f3f0', '#fff0b8'].map(
  labOfHex,
);

/** A ground's colour: the palette's that differs most from the subject, else a soft one. */
export function groundColour(
  subject: readonly Lab[],
  palette: readonly string[] | undefined,
  seed: number,
): Lab {
  const choices = palette && palette.length > 0 ? palette.map(labOfHex) : turned(TILES, seed);
  const clear = (colour: Lab) => Math.min(...subject.map((one) => labDistance(one, colour)), 1);
  return choices.reduce((best, one) => (clear(one) > clear(best) + 0.02 ? one : best));
}

function turned(colours: readonly Lab[], seed: number): Lab[] {
  const from = seed % colours.length;
  return [...colours.slice(from), ...colours.slice(0, from)];
}

/** A colour made lighter (above 0) or darker (below 0), by a share of the way to white or black. */
export function shade(colour: Lab, share: number): Lab {
  return share >= 0 ? mixLab(colour, WHITE, share) : mixLab(colour, [0, 0, 0], -share);
}

/** A colour made more or less colourful. */
export function saturate([lightness, a, b]: Lab, factor: number): Lab {
  return [lightness, a * factor, b * factor];
}
