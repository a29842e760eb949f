import { letterOutline } from '../composition/vectors/letters';
import { escapeXml } from '../recipe/files/xmp';

/** How a line of text is drawn. Lengths are pixels. */
export interface LineStyle {
  /** Of the em: capitals are about seven tenths of it. */
  readonly size: number;
  /** In hex. */
  readonly colour: string;
}

/** Letters that fill a square, as in Chinese, Japanese and Korean. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
/** Share of the em that a letter takes of which the width is not known. */
const USUAL_ADVANCE = 0.62;

/** The width of a line; of letters without an outline it is a guess. */
export function lineWidth(text: string, size: number): number {
  let width = 0;
  for (const letter of text) width += advanceOf(letter) * size;
  return width;
}

/** In ems. */
function advanceOf(letter: string): number {
  const outline = letterOutline(letter);
  if (outline) return outline.advance / 1000;
  return WIDE.test(letter) ? 1 : USUAL_ADVANCE;
}

/**
 * Draws a line of text as SVG. Letters that Easel has outlines of need no font of the machine; other letters, such as
 * Chinese ones, are drawn with a font of the machine where it has one.
 * @param x, y the left end of the baseline
 */
export function drawLine(text: string, x: number, y: number, { size, colour }: LineStyle): string {
  let body = '';
  let at = x;
  let foreign = '';
  const flush = () => {
    if (foreign === '') return;
    const start = round(at - lineWidth(foreign, size));
    body += `<text x="${start}" y="${round(y)}" font-family="sans-serif" font-size="${size}">${escapeXml(foreign)}</text>`;
    foreign = '';
  };
  for (const letter of text) {
    const outline = letterOutline(letter);
    if (!outline) foreign += letter;
    else {
      flush();
      if (outline.d !== '') {
        const scale = round(size / 1000, 4);
        body += `<path d="${outline.d}" transform="translate(${round(at)} ${round(y)}) scale(${scale})"/>`;
      }
    }
    at += advanceOf(letter) * size;
  }
  flush();
  return `<g fill="${colour}">${body}</g>`;
}

const round = (value: number, digits = 1) => Number(value.toFixed(digits));

/**
 * Breaks a text into lines that are no wider than a width: between words, and in words that are longer. What does
 * not fit into the lines is cut, with `…`.
 */
export function wrapLines(text: string, size: number, width: number, most: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const last = lines.at(-1);
    const joined = last === undefined ? word : `${last} ${word}`;
    if (last !== undefined && lineWidth(joined, size) <= width) lines[lines.length - 1] = joined;
    else lines.push(...pieces(word, size, width));
  }
  if (lines.length <= most) return lines;
  const kept = lines.slice(0, most);
  kept[most - 1] = cutLine(`${kept[most - 1] ?? ''}…`, size, width);
  return kept;
}

/** A word in parts that fit. */
function pieces(word: string, size: number, width: number): string[] {
  const parts = [''];
  for (const letter of word) {
    const last = parts.at(-1) ?? '';
    if (last === '' || lineWidth(last + letter, size) <= width)
      parts[parts.length - 1] = last + letter;
    else parts.push(letter);
  }
  return parts;
}

/** A line that ends with `…`, without the letters before that do not fit. */
function cutLine(line: string, size: number, width: number): string {
  const letters = Array.from(line).slice(0, -1);
  while (letters.length > 0 && lineWidth(`${letters.join('')}…`, size) > width) letters.pop();
  return `${letters.join('').trimEnd()}…`;
}
