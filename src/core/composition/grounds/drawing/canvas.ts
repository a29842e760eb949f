import type { VectorImage } from '../../vector-image';

/** Where it is on the gradient from 0 to 1, its colour, and its opacity (1 where it is absent). */
export type Stop = readonly [place: number, colour: string, opacity?: number];

/** Collects the SVG elements of one drawing. Sizes and places are in pixels of the asked size. */
export class Canvas {
  private readonly definitions: string[] = [];
  private readonly elements: string[] = [];
  private readonly known = new Map<string, string>();

  constructor(
    readonly width: number,
    readonly height: number,
    /** Before each id, so that drawings on one page do not share them. */
    private readonly prefix: string,
  ) {}

  add(element: string): void {
    this.elements.push(element);
  }

  /** Defines an element once and gives its id. `text` has `ID` where the id comes. */
  define(text: string): string {
    const known = this.known.get(text);
    if (known !== undefined) return known;
    const id = `${this.prefix}${this.known.size.toString(36)}`;
    this.known.set(text, id);
    this.definitions.push(text.replace('ID', id));
    return id;
  }

  /** A gradient from one point to another, in pixels; from the top to the bottom where they are absent. */
  linear(stops: readonly Stop[], from = [0, 0], to = [0, this.height]): string {
    const place = `x1="${num(from[0]!)}" y1="${num(from[1]!)}" x2="${num(to[0]!)}" y2="${num(to[1]!)}"`;
    return this.gradient('linearGradient', place, stops);
  }

  radial(stops: readonly Stop[], x: number, y: number, radius: number): string {
    const place = `cx="${num(x)}" cy="${num(y)}" r="${num(Math.max(radius, 0.1))}"`;
    return this.gradient('radialGradient', place, stops);
  }

  /** A gradient in the box of the shape that it fills: 0, 0 to 1, 1. */
  inBox(stops: readonly Stop[], [x1, y1, x2, y2] = [0, 0, 0, 1]): string {
    const body = stops.map(stopText).join('');
    const place = `x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"`;
    return `url(#${this.define(`<linearGradient id="ID" ${place}>${body}</linearGradient>`)})`;
  }

  /** A round gradient in the box of the shape that it fills, from its middle to its edge. */
  inDisc(stops: readonly Stop[]): string {
    const body = stops.map(stopText).join('');
    return `url(#${this.define(`<radialGradient id="ID">${body}</radialGradient>`)})`;
  }

  private gradient(kind: string, place: string, stops: readonly Stop[]): string {
    const body = stops.map(stopText).join('');
    const text = `<${kind} id="ID" gradientUnits="userSpaceOnUse" ${place}>${body}</${kind}>`;
    return `url(#${this.define(text)})`;
  }

  rect(x: number, y: number, width: number, height: number, fill: string, more = ''): void {
    if (!(width > 0 && height > 0)) return;
    this.add(
      `<rect x="${num(x)}" y="${num(y)}" width="${num(width)}" height="${num(height)}" fill="${fill}"${attributes(more)}/>`,
    );
  }

  /** The whole canvas in one colour or gradient. */
  fill(fill: string, more = ''): void {
    this.add(
      `<rect width="${this.width}" height="${this.height}" fill="${fill}"${attributes(more)}/>`,
    );
  }

  circle(x: number, y: number, radius: number, fill: string, more = ''): void {
    this.ellipse(x, y, radius, radius, fill, more);
  }

  ellipse(x: number, y: number, rx: number, ry: number, fill: string, more = ''): void {
    if (!(rx > 0 && ry > 0)) return;
    this.add(
      rx === ry
        ? `<circle cx="${num(x)}" cy="${num(y)}" r="${num(rx)}" fill="${fill}"${attributes(more)}/>`
        : `<ellipse cx="${num(x)}" cy="${num(y)}" rx="${num(rx)}" ry="${num(ry)}" fill="${fill}"${attributes(more)}/>`,
    );
  }

  path(d: string, fill: string, more = ''): void {
    if (d !== '') this.add(`<path d="${d}" fill="${fill}"${attributes(more)}/>`);
  }

  line(d: string, stroke: string, width: number, more = ''): void {
    if (d === '') return;
    this.add(
      `<path d="${d}" fill="none" stroke="${stroke}" stroke-width="${num(width, 2)}"${attributes(more)}/>`,
    );
  }

  toImage(): VectorImage {
    const definitions =
      this.definitions.length > 0 ? `<defs>${this.definitions.join('')}</defs>` : '';
    return { width: this.width, height: this.height, body: definitions + this.elements.join('') };
  }
}

function attributes(more: string): string {
  return more === '' ? '' : ` ${more}`;
}

function stopText([place, colour, opacity]: Stop): string {
  const alpha = opacity === undefined || opacity === 1 ? '' : ` stop-opacity="${num(opacity, 3)}"`;
  return `<stop offset="${num(place, 3)}" stop-color="${colour}"${alpha}/>`;
}

/**
 * A number in an SVG text. Rounded, so that the last bits of a machine's mathematics are not in the text.
 * @throws RangeError where it is not finite
 */
export function num(value: number, decimals = 1): string {
  if (!Number.isFinite(value)) throw new RangeError('A coordinate of a drawing is not a number.');
  const factor = 10 ** decimals;
  const rounded = Math.round(value * factor) / factor;
  return (rounded === 0 ? 0 : rounded).toString();
}
