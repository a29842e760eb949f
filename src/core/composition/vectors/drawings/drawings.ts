import type { Paint } from '../paint';
import { lighthouse } from './places';

/** A drawing of our own: flat shapes in a few colours, on a transparent ground. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  /** Its own first and second colour. */
  readonly colours: readonly [main: string, accent: string];
  /** Phrases that ask for it. */
  readonly phrases: readonly string[];
  /** SVG elements; ids begin with `id`. */
  draw(paint: Paint, id: string): string;
}

export const DRAWINGS: ReadonlyMap<string, Drawing> = new Map<string, Drawing>(
  Object.entries({ lighthouse }),
);
