import { inAskedLight } from '../../src/core/composition/ground-choice';
import type { Form } from './form';
import { groundValue, partsOf, type Composing } from './parts';
import { groundOf } from './part-words';
import { readWords } from './vocabulary';

/** Reads the prompt of a form, with the user's changes and the ground of the settings. */
export function composingOf({ prompt, changed, ground: choice, transparent }: Form): Composing {
  const words = readWords(prompt);
  const parts = partsOf(prompt, changed, (text) => readWords(text).composition);
  const set = transparent && choice !== 'none' ? 'transparent' : groundValue(choice);
  const { composition: asked } = parts;
  const composition =
    set === 'auto' || set === 'none'
      ? asked
      : { ...asked, ground: inAskedLight(set, asked.ground) };
  return {
    composition,
    words: words.composition,
    size: words.size,
    isChanged: parts.isChanged,
    ground: set === 'none' ? 'none' : groundOf(composition),
    isPlain: set === 'none',
  };
}
