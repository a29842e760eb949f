import { hash } from '../random';
import type { VectorImage } from '../vector-image';
import { ALIASES } from './aliases';
import { DRAWINGS } from './drawings/drawings';
import { paintWith } from './paint';
import { SIGN_SIZE, signBody } from './sign';
import { SIGNS } from './sign-names';

/** Every name that `drawVector` takes, without the other names of signs. */
export const VECTOR_NAMES: readonly string[] = [...DRAWINGS.keys(), ...SIGNS.keys()];

/**
 * Draws an interface sign (of Phosphor, in two tones) or a drawing of our own, on a transparent ground.
 * @param name as `findVector` answers it, or another name of it
 * @param options `colours` in hex, the most important first, instead of its own; `dark`: the ground behind is dark
 * @throws RangeError where there is none of that name
 */
export function drawVector(
  name: string,
  { colours, dark = false }: { readonly colours?: readonly string[]; readonly dark?: boolean } = {},
): VectorImage {
  const alias = ALIASES.get(name) ?? '';
  const drawing = DRAWINGS.get(name) ?? DRAWINGS.get(alias);
  if (drawing) {
    const paint = paintWith(drawing.colours, colours, dark);
    const id = `${name}-${hash(JSON.stringify(paint)).toString(36)}-`;
    return { width: drawing.width, height: drawing.height, body: drawing.draw(paint, id) };
  }
  const sign = SIGNS.get(name) ?? SIGNS.get(alias);
  if (!sign) throw new RangeError(`There is no vector drawing "${name}".`);
  return { width: SIGN_SIZE, height: SIGN_SIZE, body: signBody(sign, colours, dark) };
}
