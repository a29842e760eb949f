import { lastName } from '../../repository-id';
import type { ControlPreprocessor } from './names';

/** What a ControlNet was taught to follow, by a word of its name; the first that is found counts. */
const BY_WORD: readonly (readonly [RegExp, ControlPreprocessor])[] = [
  [/scribble|sketch/i, 'scribble'],
  [/line_?-?art/i, 'lineart'],
  [/soft_?-?edge|hed|pidi/i, 'softedge'],
  [/canny/i, 'canny'],
  [/tile/i, 'tile'],
  [/colou?r/i, 'color'],
  [/qr_?-?code/i, 'qr'],
];

/**
 * What to make of a sketch for a ControlNet, as its authors name theirs: `control_v11p_sd15_scribble` follows
 * scribbles. `none` for others: what they follow, such as a pose, is drawn as it is.
 * @param model a repository id or a path
 */
export function suitablePreprocessor(model: string): ControlPreprocessor {
  // The folder above a model may be called anything.
  const name = lastName(model);
  return BY_WORD.find(([word]) => word.test(name))?.[1] ?? 'none';
}

/** What follows a sketch best comes first. */
const FOLLOWS: readonly ControlPreprocessor[] = ['scribble', 'lineart', 'softedge', 'canny'];

/** Whether a ControlNet follows the lines of a sketch. */
export function followsLines(model: string): boolean {
  return FOLLOWS.includes(suitablePreprocessor(model));
}

/** Sorts ControlNets: those that follow a sketch best come first. */
export function byLines(one: string, other: string): number {
  const rank = (model: string) => {
    const index = FOLLOWS.indexOf(suitablePreprocessor(model));
    return index < 0 ? FOLLOWS.length : index;
  };
  return rank(one) - rank(other);
}
