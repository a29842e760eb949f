import type { Paint } from '../paint';

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

/** The shade over the side of a thing that is away from the light. */
export const SHADE = 'fill="#1d2740" fill-opacity=".12"';

/** A rectangle with rounded corners. `fill` is a colour, or attributes such as SHADE. */
export function box(
  x: number,
  y: number,
  width: number,
  height: number,
  radius: number,
  fill: string,
): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}"${radius > 0 ? ` rx="${radius}"` : ''} ${filled(fill)}/>`;
}

export function disc(x: number, y: number, radius: number, fill: string): string {
  return `<circle cx="${x}" cy="${y}" r="${radius}" ${filled(fill)}/>`;
}

export function oval(x: number, y: number, rx: number, ry: number, fill: string): string {
  return `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" ${filled(fill)}/>`;
}

/** A filled path. */
export function area(d: string, fill: string): string {
  return `<path d="${d}" ${filled(fill)}/>`;
}

/** A line with round ends. */
export function stroke(d: string, colour: string, width: number, more = ''): string {
  return `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"${more}/>`;
}

function filled(fill: string): string {
  return fill.includes('=') ? fill : `fill="${fill}"`;
}
