import letters from './letters.json';

const OUTLINES = letters as unknown as Readonly<
  Record<string, readonly [advance: number, d: string]>
>;

/** A letter as an outline, 1000 units to the em, with the baseline at 0. */
export interface LetterOutline {
  /** How far the next letter is. */
  readonly advance: number;
  /** Path data; empty for a space. */
  readonly d: string;
}

/** The outline of a letter of Fredoka; undefined where there is none. */
export function letterOutline(letter: string): LetterOutline | undefined {
  const outline = OUTLINES[letter];
  return outline && { advance: outline[0], d: outline[1] };
}
