import { frontMatterOf } from './place-front-matter';
import { isBlank, lineAfter, lineAt, lineBefore, type Line } from './placement';

// What the lines of a Markdown document are: code, HTML, tables, quotes, lists, headings.

const FENCE = /^(?:[ \t]*>)*[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}|~{3,})(.*)$/;

/** Where a line is in a fenced block of code. */
export function fenceAt(text: string, line: Line): 'inside' | 'opening' | 'closing' | undefined {
  let open: string | undefined;
  for (let at: Line | undefined = lineAt(text, 0); at; at = lineAfter(text, at)) {
    const isHere = at.start === line.start;
    const [, marks = '', info = ''] = FENCE.exec(at.text) ?? [];
    if (open === undefined) {
      if (marks !== '' && !(marks.startsWith('`') && info.includes('`'))) {
        if (isHere) return 'opening';
        open = marks;
      } else if (isHere) return undefined;
    } else {
      const isEnd = marks.startsWith(open) && info.trim() === '';
      if (isHere) return isEnd ? 'closing' : 'inside';
      if (isEnd) open = undefined;
    }
  }
  return undefined;
}

/** Whether a place in a line is in code between backticks. */
export function isInlineCode(line: Line, offset: number): boolean {
  for (const { 0: whole, 1: marks = '', index } of line.text.matchAll(
    /(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g,
  )) {
    const start = line.start + index + marks.length;
    if (offset >= start && offset <= line.start + index + whole.length - marks.length) return true;
  }
  return false;
}

/** Code by its indentation: below a blank line and outside of lists. */
export function isIndentedCode(text: string, line: Line): boolean {
  const isIndented = /^(?: {4}| {0,3}\t)/;
  if (!isIndented.test(line.text) || isBlank(line)) return false;
  let at = lineBefore(text, line);
  while (at && (isBlank(at) || isIndented.test(at.text))) at = lineBefore(text, at);
  const above = at && lineAfter(text, at);
  if (at && /^\s*(?:[-*+]|\d{1,9}[.)]|\[\^[^\]]+\]:)\s/.test(at.text)) return false;
  if (at && /^ {1,3}\S/.test(at.text)) return false;
  return at === undefined || isBlank(above);
}

const BLOCK_TAG =
  /^ {0,3}<\/?(?:address|article|aside|blockquote|body|center|dd|details|dialog|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|html|iframe|legend|li|main|menu|nav|ol|p|section|summary|table|tbody|td|tfoot|th|thead|tr|ul|pre|textarea)(?=[\s>/]|$)/i;
/** A tag alone on its line begins a block too. */
const LONE_TAG = /^ {0,3}<\/?[a-z][\w-]*(?:\s+[^<>]*)?\/?>\s*$/i;

/** Whether a place is in a block of HTML, in which Markdown is not read: it ends with a blank line. */
export function isInHtml(text: string, line: Line, offset: number): boolean {
  if (isBlank(line)) {
    // A blank line would end the block, unless an image fills it.
    const above = lineBefore(text, line);
    return above !== undefined && !isBlank(above) && !isBlank(lineAfter(text, line))
      ? isInHtml(text, above, above.end)
      : false;
  }
  let first = line;
  for (let at = lineBefore(text, line); at && !isBlank(at); at = lineBefore(text, at)) {
    if (BLOCK_TAG.test(at.text)) return true;
    first = at;
  }
  if (first !== line && LONE_TAG.test(first.text)) return true;
  const isOpened = BLOCK_TAG.test(line.text) || (first === line && LONE_TAG.test(line.text));
  return isOpened && offset > line.start + line.text.indexOf('<');
}

const DELIMITER_ROW = /^[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

/** Whether a line is the row of a table between its head and its body. */
export function isDelimiter(line: Line | undefined): line is Line {
  return line !== undefined && line.text.includes('|') && DELIMITER_ROW.test(line.text);
}

/** Whether a line can be a row of a table. */
export function hasBars(line: Line | undefined): line is Line {
  return line?.text.includes('|') === true;
}

/** The marks of quotes and lists that a line begins with. */
export interface Prefix {
  /** As it is written. */
  readonly text: string;
  /** What the lines after it begin with, to be in the same quote and item. */
  readonly next: string;
  readonly isItem: boolean;
  readonly isQuote: boolean;
}

const MARK = /^[ \t]*(?:>[ ]?|(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|$)(?:\[[ xX]\][ \t]+)?)/;

/** The marks that a line begins with, and its indentation behind them. */
export function prefixOf(text: string): Prefix {
  let rest = text;
  let next = '';
  let isItem = false;
  let isQuote = false;
  for (let mark = MARK.exec(rest)?.[0]; mark; mark = MARK.exec(rest)?.[0]) {
    if (mark.includes('>')) {
      isQuote = true;
      next += mark;
    } else {
      isItem = true;
      // A box to tick is a part of the item's text.
      next += ' '.repeat(mark.replace(/\[[ xX]\][ \t]+$/, '').length);
    }
    rest = rest.slice(mark.length);
    if (rest === '') break;
  }
  const [indent = ''] = /^[ \t]*/.exec(rest) ?? [];
  const written = text.slice(0, text.length - rest.length) + indent;
  return { text: written, next: next + indent, isItem, isQuote };
}

export const HEADING = /^(?:[ \t]*>)*[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*#{1,6}(?:[ \t]|$)/;
export const RULE = /^(?:[ \t]*>)*[ \t]*(?:(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|(?:-[ \t]*){3,})$/;
export const UNDERLINE = /^ {0,3}(?:=+|-{2,})[ \t]*$/;

/** Whether a line is of a paragraph alone, whose next line can be an image. */
export function isPlain(text: string, line: Line): boolean {
  const isOther =
    prefixOf(line.text).text !== '' || line.text.includes('|') || /^\[[^\]]+\]:/.test(line.text);
  return !isOther && !isInHtml(text, line, line.end);
}

/** Whether a line needs no blank line behind it: a heading, a rule, the end of a block of code. */
export function endsBlock(text: string, line: Line | undefined): boolean {
  if (!line) return true;
  return (
    HEADING.test(line.text) ||
    /^ {0,3}(?:`{3,}|~{3,})\s*$/.test(line.text) ||
    RULE.test(line.text) ||
    line.start < (frontMatterOf(text)?.after ?? 0)
  );
}

/** The indentation of an item's text, for a blank line between two items of a list. */
export function itemAround(text: string, line: Line): string | undefined {
  const above = contentBefore(text, line);
  const below = contentAfter(text, line);
  if (!above || !below) return undefined;
  const [from, to] = [prefixOf(above.text), prefixOf(below.text)];
  const isRest = !to.isItem && !to.isQuote && to.text.length > 1;
  // The item above goes on below.
  if (isRest && (from.isItem || from.text.length > 1)) return to.text;
  if (!to.isItem || from.isQuote || to.isQuote) return undefined;
  return from.isItem || from.text.length > 1 ? from.next : undefined;
}

/** For the first line after a blank one: the indentation of the item above, where the list goes on. */
export function itemBefore(text: string, line: Line): string | undefined {
  const above = contentBefore(text, line);
  const prefix = above && prefixOf(above.text);
  if (!prefix || prefix.isQuote) return undefined;
  return prefix.isItem || prefix.text.length > 1 ? prefix.next : undefined;
}

/** The nearest line above that is not blank. */
export function contentBefore(text: string, line: Line): Line | undefined {
  let above = lineBefore(text, line);
  while (above && isBlank(above)) above = lineBefore(text, above);
  return above;
}

/** The nearest line below that is not blank. */
function contentAfter(text: string, line: Line): Line | undefined {
  let below = lineAfter(text, line);
  while (below && isBlank(below)) below = lineAfter(text, below);
  return below;
}
