import { change, lightness, mix } from '../colours';
import { colourOfHue } from './paint';
import type { Sign } from './sign-names';
import signs from './signs.json';

const OUTLINES = signs as unknown as Readonly<
  Record<string, readonly [area: string, lines: string]>
>;

/** The view box of Phosphor's icons is 256 x 256; some touch its edges, so they get a margin. */
const MARGIN = 8;
export const SIGN_SIZE = 256 + 2 * MARGIN;

/** An interface sign in two tones: a pale area with strong lines on it. */
export function signBody(
  { icon, hue }: Sign,
  colours: readonly string[] | undefined,
  dark: boolean,
): string {
  const [area, lines] = OUTLINES[icon] ?? ['', ''];
  const colour = colours?.[0] ?? colourOfHue(hue);
  const strong = dark ? change(colour, { l: Math.max(0.78, lightness(colour)) }) : colour;
  const pale = colours?.[1] ?? (dark ? mix(strong, '#10151f', 0.62) : mix(colour, '#ffffff', 0.72));
  const body =
    (area === '' ? '' : `<path fill="${pale}" d="${area}"/>`) +
    `<path fill="${strong}" d="${lines}"/>`;
  return `<g transform="translate(${MARGIN} ${MARGIN})">${body}</g>`;
}
