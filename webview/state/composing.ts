import type { Composition } from '../../src/core/composition/composition';
import type { Form } from './form';
import { groundValue, partsOf, type Composing, type GroundValue } from './parts';
import { groundOf } from './part-words';
import { readWords } from './vocabulary';

/** Reads the prompt of a form, with the user's changes and the ground of the settings. */
export function composingOf({ prompt, changed, ground: choice, transparent }: Form): Composing {
  const words = readWords(prompt);
  const parts = partsOf(prompt, changed, (text) => readWords(text).composition);
  const set = transparent && choice !== 'none' ? 'transparent' : groundValue(choice);
  const { composition: asked } = parts;
  const composition =
    set === 'auto' || set === 'none' ? asked : { ...asked, ground: inLightOf(set, asked.ground) };
  return {
    composition,
    words: words.composition,
    size: words.size,
    isChanged: parts.isChanged,
    ground: set === 'none' ? 'none' : groundOf(composition),
    isPlain: set === 'none',
  };
}

/** A ground by its name, in the light and colours that the words ask for: as the engine takes it. */
function inLightOf(
  named: Exclude<GroundValue, 'auto' | 'none'>,
  asked: Composition['ground'],
): Exclude<GroundValue, 'auto' | 'none'> {
  if (named === 'transparent' || asked === undefined || asked === 'transparent') return named;
  const { time, colours, dark } = asked;
  return {
    ...(time !== undefined && { time }),
    ...(colours !== undefined && { colours }),
    ...(dark !== undefined && { dark }),
    ...named,
  };
}
