import { linkText, plainPath } from './link-format';
import { frontMatterOf, placeInFrontMatter } from './place-front-matter';
import { regionPlace, tagPlace, templatePlace } from './place-markup';
import { placeInScript } from './place-script';
import {
  endsLine,
  indentOf,
  intoValue,
  isBlank,
  isImageAddress,
  lineAfter,
  lineAt,
  lineBefore,
  type Insertion,
  type Line,
  type Placement,
} from './placement';

const LONGEST_LINE = 5000;

/** Puts an image into Markdown or MDX, so that what is around it stays what it is. */
export function placeInMarkdown(insertion: Insertion): Placement {
  const { text, offset, style } = insertion;
  const front = frontMatterOf(text);
  if (front && offset < front.after) {
    if (offset >= front.start && offset <= front.end && offset > 0) {
      return placeInFrontMatter(insertion, front);
    }
    // A document that was just opened has its cursor at the beginning, where no image can be.
    return paragraph({ ...insertion, offset: front.after, start: front.after });
  }
  const line = lineAt(text, offset);
  // No line that a user writes is that long, and the patterns below take time on one.
  if (line.text.length > LONGEST_LINE) return inline(insertion);
  const fence = fenceAt(text, line);
  if (fence === 'inside') return code(insertion);
  if (fence === 'opening') return above(insertion, line);
  if (fence === 'closing') return below(insertion, line);
  const markup = style === 'mdx' ? expression(insertion, line) : regionPlace(insertion);
  const placed =
    markup ??
    embedded(insertion, line) ??
    address(insertion, line) ??
    (style === 'markdown' ? templatePlace(insertion) : undefined) ??
    tagPlace(insertion);
  if (placed) return placed;
  if (isInlineCode(line, offset)) return code(insertion);
  if (isIndentedCode(text, line)) return code(insertion);
  if (style === 'markdown' && isInHtml(text, line, offset)) return html(insertion, line);
  return cell(insertion, line) ?? flow(insertion, line);
}

/** The path alone, where nothing else is shown. */
function code({ text, offset, parts }: Insertion): Placement {
  const line = lineAt(text, offset);
  const path = plainPath(parts.href);
  // The code stays in its quote and its item.
  const marks = /^(?:[ \t]*>)*[ \t]*/.exec(line.text)?.[0].length ?? 0;
  if (!isBlank(line)) return { offset: Math.max(offset, line.start + marks), text: path };
  let above = lineBefore(text, line);
  while (above && isBlank(above)) above = lineBefore(text, above);
  const indent = line.text === '' ? indentOf(above?.text ?? '') : '';
  return { offset, text: `${indent}${path}` };
}

const FENCE = /^(?:[ \t]*>)*[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}|~{3,})(.*)$/;

/** Where a line is in a fenced block of code. */
function fenceAt(text: string, line: Line): 'inside' | 'opening' | 'closing' | undefined {
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

/** MDX: in `import`, `export` and between braces is JavaScript. */
function expression(insertion: Insertion, line: Line): Placement | undefined {
  const { text, offset } = insertion;
  const before = text.slice(line.start, offset);
  const script = { from: line.start, hasElements: true, isModule: true };
  const isImport = /^import\b[^\n]*["'][^\S\n]*;?[^\S\n]*$/.test(before);
  if (isImport && endsLine(text, offset)) {
    let last = line;
    for (let next = lineAfter(text, line); /^import\b/.test(next?.text ?? '') && next;) {
      last = next;
      next = lineAfter(text, next);
    }
    return below(insertion, last);
  }
  if (/^(?:import|export)\b/.test(line.text) && before !== '') {
    return placeInScript(insertion, script);
  }
  const isOpen = before.lastIndexOf('{') > before.lastIndexOf('}');
  return isOpen && !/\\$/.test(before.slice(0, before.lastIndexOf('{'))) && !tagPlace(insertion)
    ? placeInScript(insertion, { ...script, from: line.start + before.lastIndexOf('{') + 1 })
    : undefined;
}

/** In an address, a definition or the words of an image: undefined elsewhere. */
function address(insertion: Insertion, line: Line): Placement | undefined {
  const { text, offset, parts } = insertion;
  const before = text.slice(line.start, offset);
  const definition = /^(?:[ \t]*>)*[ \t]*\[(?!\^)(?:\\.|[^\]\\])+\]:\s*(<?)/.exec(line.text);
  if (definition && before !== '' && before.length < definition[0].trimEnd().length) {
    return below(insertion, line);
  }
  if (definition && before.length >= definition[0].trimEnd().length) {
    const start = line.start + definition[0].length;
    const length = destination(line.text.slice(definition[0].length), definition[1] === '<');
    const isTitle = offset > start + length;
    const space = definition[0].endsWith(':') ? ' ' : '';
    return isTitle ? undefined : { offset: start, length, text: `${space}${parts.href}` };
  }
  for (const { index, 0: opening } of line.text.matchAll(/\]\(\s*<?/g)) {
    const start = line.start + index + opening.length;
    const rest = line.text.slice(index + opening.length);
    const end = start + destination(rest, opening.endsWith('<'));
    const label = labelStart(line.text, index);
    if (label === undefined) continue;
    const isImage = line.text[label - 1] === '!';
    const close = line.text.indexOf(')', end - line.start);
    const behind = close < 0 ? line.end : line.start + close + 1;
    if (offset > line.start + index + 1 && offset <= end) {
      const isKept = !isImage && end > start && !isImageAddress(text.slice(start, end));
      return isKept
        ? { offset: behind, text: ` ${linkText(insertion.style, parts)}` }
        : intoValue(insertion, { start, end }, parts.href);
    }
    // Between the brackets of the words and of the address, and behind the mark of an image.
    const isBetween =
      offset === line.start + index + 1 || (isImage && offset === line.start + label);
    const isInWords = isImage && offset >= line.start + label && offset < behind;
    const isInTitle = offset > end && offset < behind;
    if (isBetween || (isInTitle && !isImage))
      return { offset: behind, text: ` ${linkText(insertion.style, parts)}` };
    if (!isInWords) continue;
    if (end === start && close >= 0) return { offset: start, text: parts.href };
    return { offset: behind, text: ` ${linkText(insertion.style, parts)}` };
  }
  // The words of an image whose address is a definition's.
  for (const { index, 0: whole } of line.text.matchAll(/!\[(?:\\.|[^\]\\])*\](?:\[[^\]]*\])?/g)) {
    const [start, end] = [line.start + index, line.start + index + whole.length];
    if (offset <= start || offset >= end) continue;
    return { offset: end, text: ` ${linkText(insertion.style, parts)}` };
  }
  return undefined;
}

/** `![[hero.png|300]]` of Obsidian: its address, which is a path. */
function embedded(insertion: Insertion, line: Line): Placement | undefined {
  for (const { index, 1: path = '' } of line.text.matchAll(
    /!\[\[([^[\]|\n]*)(?:\|[^[\]\n]*)?\]\]/g,
  )) {
    const start = line.start + index + 3;
    const end = start + path.length;
    if (insertion.offset < start || insertion.offset > end) continue;
    return intoValue(insertion, { start, end }, plainPath(insertion.parts.href));
  }
  return undefined;
}

/** How long the address is that a text begins with. */
function destination(text: string, isPointed: boolean): number {
  if (isPointed) return /^[^<>\n]*/.exec(text)?.[0].length ?? 0;
  let depth = 0;
  let at = 0;
  for (; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '\\') at++;
    else if (/\s/.test(character)) break;
    else if (character === '(') depth++;
    else if (character === ')' && depth-- === 0) break;
  }
  return Math.min(at, text.length);
}

/** Where the words begin that the bracket at an offset ends. */
function labelStart(text: string, end: number): number | undefined {
  let depth = 0;
  for (let at = end; at >= 0; at--) {
    if (text[at - 1] === '\\') continue;
    if (text[at] === ']') depth++;
    else if (text[at] === '[' && --depth === 0) return at;
  }
  return undefined;
}

function isInlineCode(line: Line, offset: number): boolean {
  for (const { 0: whole, 1: marks = '', index } of line.text.matchAll(
    /(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g,
  )) {
    const start = line.start + index + marks.length;
    if (offset >= start && offset <= line.start + index + whole.length - marks.length) return true;
  }
  return false;
}

/** Code by its indentation: below a blank line and outside of lists. */
function isIndentedCode(text: string, line: Line): boolean {
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
function isInHtml(text: string, line: Line, offset: number): boolean {
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

function html(insertion: Insertion, line: Line): Placement {
  const { text, offset, afterSelection, parts } = insertion;
  const link = linkText('html', parts);
  if (afterSelection) {
    const isEnd = endsLine(text, offset);
    return { offset, text: isEnd ? `\n${indentOf(line.text)}${link}` : ` ${link}` };
  }
  const before = text.slice(line.start, offset);
  const isFirst = before.trim() === '' && !endsLine(text, offset);
  return { offset, text: isFirst ? `${link}\n${indentOf(line.text)}` : link };
}

const DELIMITER_ROW = /^[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

/** In a table: in one of its cells, on one line. Undefined elsewhere. */
function cell(insertion: Insertion, line: Line): Placement | undefined {
  const { text, parts, style, afterSelection } = insertion;
  if (!line.text.includes('|')) return undefined;
  let delimiter = isDelimiter(line) && hasBars(lineBefore(text, line)) ? line : undefined;
  for (let at = lineBefore(text, line); !delimiter && hasBars(at); at = lineBefore(text, at)) {
    if (isDelimiter(at)) delimiter = at;
  }
  const next = lineAfter(text, line);
  const isHeader = !delimiter && next !== undefined && isDelimiter(next);
  if (!delimiter && !isHeader) return undefined;
  if (delimiter === line) return below(insertion, lastOf(text, line, hasBars));
  const isAbove = insertion.offset === line.start && isHeader && isBlank(lineBefore(text, line));
  if (isAbove) return undefined;
  const link = linkText(style, parts);
  const [opening = ''] = /^[ \t>]*\|?/.exec(line.text) ?? [];
  const last = line.text.trimEnd().endsWith('|') ? line.text.lastIndexOf('|') : line.text.length;
  const column = Math.min(
    Math.max(insertion.offset - line.start, opening.length),
    Math.max(last, opening.length),
  );
  const [before = ' ', after = ' '] = [line.text[column - 1], line.text[column]];
  const lead = /\s/.test(before) && !afterSelection ? '' : ' ';
  return {
    offset: line.start + column,
    text: `${lead}${link}${/\s/.test(after) ? '' : ' '}`,
  };
}

function isDelimiter(line: Line | undefined): line is Line {
  return line !== undefined && line.text.includes('|') && DELIMITER_ROW.test(line.text);
}

function hasBars(line: Line | undefined): line is Line {
  return line?.text.includes('|') === true;
}

function lastOf(text: string, line: Line, belongs: (line: Line | undefined) => boolean): Line {
  let last = line;
  for (let next = lineAfter(text, line); next && belongs(next); next = lineAfter(text, next)) {
    last = next;
  }
  return last;
}

/** The marks of quotes and lists that a line begins with. */
interface Prefix {
  /** As it is written. */
  readonly text: string;
  /** What the lines after it begin with, to be in the same quote and item. */
  readonly next: string;
  readonly isItem: boolean;
  readonly isQuote: boolean;
}

const MARK = /^[ \t]*(?:>[ ]?|(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|$)(?:\[[ xX]\][ \t]+)?)/;

function prefixOf(text: string): Prefix {
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

const HEADING = /^(?:[ \t]*>)*[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*#{1,6}(?:[ \t]|$)/;
const RULE = /^(?:[ \t]*>)*[ \t]*(?:(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|(?:-[ \t]*){3,})$/;
const UNDERLINE = /^ {0,3}(?:=+|-{2,})[ \t]*$/;

/** In running text: within a line, or as a paragraph of its own. */
function flow(insertion: Insertion, line: Line): Placement {
  const { text, offset, afterSelection } = insertion;
  const before = text.slice(line.start, offset);
  const prefix = prefixOf(line.text);
  const isEnd = endsLine(text, offset);
  const next = lineAfter(text, line);
  const above = lineBefore(text, line);
  // The line below a title is a part of it.
  if (UNDERLINE.test(line.text) && !isBlank(above) && !prefix.isItem) return below(insertion, line);
  if (RULE.test(line.text) && before.trim() !== '') return below(insertion, line);
  const [marks] = HEADING.exec(line.text) ?? [];
  if (marks !== undefined && before !== '' && before.length < marks.length) {
    return flow({ ...insertion, offset: line.start + marks.length }, line);
  }
  if (!afterSelection) {
    if (isBlank(line)) return paragraph(insertion);
    if (before === '') return beforeLine(insertion, line, above, prefix);
  }
  if (before !== '' && before.length < prefix.text.length && !isBlank(line)) {
    const offset = line.start + prefix.text.length;
    return inline({ ...insertion, offset, afterSelection: false });
  }
  // A mark of a list that nothing follows yet.
  if (!afterSelection && isEnd && prefix.isItem && /(?:[-*+]|\d[.)])$/.test(before)) {
    return { offset, text: ` ${linkOf(insertion)}` };
  }
  const isHeading = HEADING.test(line.text) && line.text.replace(/[#\s>]/g, '') !== '';
  if (isEnd && isHeading) return below(insertion, line);
  const isTitle = next !== undefined && UNDERLINE.test(next.text) && !prefix.isItem;
  if (isEnd && isTitle && before.trim() !== '') return below(insertion, next);
  if (!afterSelection || !isEnd) return inline(insertion);
  // The lines of a paragraph that follow join the image's.
  return { offset, text: ownLines(prefix, linkOf(insertion)) };
}

function linkOf({ style, parts }: Insertion): string {
  return linkText(style, parts);
}

/** A blank line and the link, within the same quote and item. */
function ownLines({ next }: Prefix, link: string): string {
  return `\n${next.trimEnd()}\n${next}${link}`;
}

/** Within a line: apart from words, to which it would stick, and from what would escape it. */
function inline(insertion: Insertion): Placement {
  const { text, afterSelection } = insertion;
  const offset = outOfMarks(text, insertion.offset);
  const [before = ' ', after = ' '] = [text[offset - 1], text[offset]];
  const lead =
    (afterSelection && !/[*_~([]/.test(before)) || /[\w\\.,;:?)\]!]/.test(before) ? ' ' : '';
  const trail = /\w/.test(after) ? ' ' : '';
  return { offset, text: `${lead}${linkOf(insertion)}${trail}` };
}

/** A place before or behind marks of emphasis such as `**`, where it is between them. */
function outOfMarks(text: string, offset: number): number {
  const mark = text[offset] ?? '';
  const [note] = /\[\^[^\]\s]*$/.exec(text.slice(Math.max(0, offset - 200), offset)) ?? [];
  const rest = note ? /^[^\]\s]*\]/.exec(text.slice(offset, offset + 200)) : null;
  if (rest) return offset + rest[0].length;
  if (mark === '[' && text[offset - 1] === '!') return offset - 1;
  if (mark === '[' && text[offset - 1] === ']') {
    const end = text.indexOf(']', offset);
    return end < 0 ? offset : end + 1;
  }
  if (!/[*_~`]/.test(mark) || text[offset - 1] !== mark) return offset;
  let [start, end] = [offset, offset];
  while (text[start - 1] === mark) start--;
  while (text[end] === mark) end++;
  return start === 0 || /[\s([]/.test(text[start - 1] ?? ' ') ? start : end;
}

/** A paragraph of its own on a blank line, or before the line at the place. */
function paragraph(insertion: Insertion): Placement {
  const { text, offset } = insertion;
  const line = lineAt(text, offset);
  const link = linkOf(insertion);
  if (!isBlank(line)) return { offset, text: `${link}\n\n` };
  const [above, below] = [lineBefore(text, line), lineAfter(text, line)];
  const item = itemAround(text, line);
  const isApart = !above || isBlank(above) || endsBlock(text, above) || isPlain(text, above);
  const written = text.slice(line.start, line.end);
  if (!isApart && written !== '') {
    // The blanks of the line go on behind the line that sets the image apart.
    const trail = isBlank(below) ? '' : '\n';
    const own = `\n${written}${link}${trail}`;
    return { offset: line.start, length: line.end - line.start, text: own };
  }
  const lead = isApart ? '' : '\n';
  const trail = isBlank(below) || /^#{1,6}\s/.test(below?.text ?? '') ? '' : '\n';
  const indent = text.slice(line.start, offset);
  const own = item === undefined || indent !== '' ? '' : item;
  return { offset, text: `${lead}${own}${link}${trail}` };
}

/** Whether a line is of a paragraph alone, whose next line can be an image. */
function isPlain(text: string, line: Line): boolean {
  const isOther =
    prefixOf(line.text).text !== '' || line.text.includes('|') || /^\[[^\]]+\]:/.test(line.text);
  return !isOther && !isInHtml(text, line, line.end);
}

/** Whether a line needs no blank line behind it: a heading, a rule, the end of a block of code. */
function endsBlock(text: string, line: Line | undefined): boolean {
  if (!line) return true;
  return (
    HEADING.test(line.text) ||
    /^ {0,3}(?:`{3,}|~{3,})\s*$/.test(line.text) ||
    RULE.test(line.text) ||
    line.start < (frontMatterOf(text)?.after ?? 0)
  );
}

/** The indentation of an item's text, for a blank line between two items of a list. */
function itemAround(text: string, line: Line): string | undefined {
  let above = lineBefore(text, line);
  while (above && isBlank(above)) above = lineBefore(text, above);
  let below = lineAfter(text, line);
  while (below && isBlank(below)) below = lineAfter(text, below);
  if (!above || !below) return undefined;
  const [from, to] = [prefixOf(above.text), prefixOf(below.text)];
  const isRest = !to.isItem && !to.isQuote && to.text.length > 1;
  // The item above goes on below.
  if (isRest && (from.isItem || from.text.length > 1)) return to.text;
  if (!to.isItem || from.isQuote || to.isQuote) return undefined;
  return from.isItem || from.text.length > 1 ? from.next : undefined;
}

/** Before a line that is not blank, at its beginning. */
function beforeLine(
  insertion: Insertion,
  line: Line,
  previous: Line | undefined,
  prefix: Prefix,
): Placement {
  const { offset, text } = insertion;
  const link = linkOf(insertion);
  if (isBlank(previous)) {
    const isRest = !prefix.isItem && !prefix.isQuote;
    const item = isRest ? prefix.text : prefix.isItem ? itemBefore(text, line) : undefined;
    return { offset, text: `${item ?? ''}${link}\n\n` };
  }
  const last = prefixOf(previous?.text ?? '');
  if (prefix.isQuote && last.isQuote) {
    return { offset, text: `${prefix.next}${link}\n${prefix.next.trimEnd()}\n` };
  }
  // Between the items of a list without blank lines: in the item above.
  if (prefix.isItem && (last.isItem || last.text !== '')) {
    return { offset, text: `${last.next}${link}\n` };
  }
  const indent = indentOf(line.text);
  const own = indent.length > 1 ? indent : '';
  return { offset, text: `${endsBlock(text, previous) ? '' : '\n'}${own}${link}\n\n` };
}

/** For the first line after a blank one: the indentation of the item above, where the list goes on. */
function itemBefore(text: string, line: Line): string | undefined {
  let above = lineBefore(text, line);
  while (above && isBlank(above)) above = lineBefore(text, above);
  const prefix = above && prefixOf(above.text);
  if (!prefix || prefix.isQuote) return undefined;
  return prefix.isItem || prefix.text.length > 1 ? prefix.next : undefined;
}

function above(insertion: Insertion, line: Line): Placement {
  const { text } = insertion;
  const { next } = prefixOf(line.text.replace(/[`~].*$/, ''));
  const previous = lineBefore(text, line);
  const lead = isBlank(previous) || endsBlock(text, previous) ? '' : `${next.trimEnd()}\n`;
  return { offset: line.start, text: `${lead}${next}${linkOf(insertion)}\n${next.trimEnd()}\n` };
}

/** A paragraph below a line that cannot hold it. */
function below(insertion: Insertion, line: Line): Placement {
  const { text } = insertion;
  const next = lineAfter(text, line);
  const prefix = prefixOf(line.text);
  const isOver = isBlank(next) || next?.text.replace(/^[ \t>]*/, '') === '';
  const trail = isOver ? '' : `\n${prefix.isQuote ? prefix.next.trimEnd() : ''}`;
  return { offset: line.end, text: `${ownLines(prefix, linkOf(insertion))}${trail}` };
}
