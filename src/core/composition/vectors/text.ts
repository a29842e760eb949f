import type { VectorImage } from '../vector-image';
import { letterOutline } from './letters';

/** Units above the baseline that capitals, digits and most accents reach, and below it. */
const ABOVE = 760;
const BELOW = 210;
const MARGIN = 30;
/** What accents on capitals need above. */
const ACCENTS = 190;
/** How far lines are apart. */
const LEADING = 900;
/** Longer texts break at spaces. */
const LINE_LENGTH = 14;

/**
 * Large friendly letters as outlines, so that no font of the machine is needed. They are of Fredoka.
 * @param text a few words; letters without an outline become spaces
 * @param options `colour` in hex; by default a dark blue grey
 */
export function drawText(
  text: string,
  { colour = '#27364b' }: { readonly colour?: string } = {},
): VectorImage {
  const lines = broken(text.normalize('NFC').trim()).map(typeset);
  const width = Math.max(200, ...lines.map((line) => line.width)) + 2 * MARGIN;
  const descends = /[gjpqyQ,;ç$()[\]{}|_@]/.test(text);
  const above = /[ÄÅÉÑÖØÜ]/.test(text) ? ABOVE + ACCENTS : ABOVE;
  const height = above + (lines.length - 1) * LEADING + (descends ? BELOW : MARGIN) + MARGIN;
  const body = lines
    .map((line, row) => {
      const x = Math.round((width - line.width) / 2);
      return `<g transform="translate(${x} ${above + MARGIN - 20 + row * LEADING})">${line.body}</g>`;
    })
    .join('');
  return { width, height, body: `<g fill="${colour}">${body}</g>` };
}

/** Lines of about the same length. */
function broken(text: string): string[] {
  const words = text.split(/\s+/);
  const count = Math.ceil(text.length / LINE_LENGTH);
  const length = Math.ceil(text.length / count);
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= Math.max(length, LINE_LENGTH)) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines;
}

function typeset(line: string): { readonly width: number; readonly body: string } {
  let x = 0;
  let body = '';
  for (const letter of line) {
    const { advance, d } = letterOutline(letter) ?? letterOutline(' ') ?? { advance: 250, d: '' };
    if (d !== '') body += `<path d="${d}"${x === 0 ? '' : ` transform="translate(${x})"`}/>`;
    x += advance;
  }
  return { width: x, body };
}
