import { decodePercent } from '../references/addresses';
import { asciidocInline, linkText } from './link-format';
import {
  endsLine,
  intoValue,
  isBlank,
  lineAfter,
  lineAt,
  lineBefore,
  type Insertion,
  type Line,
  type Placement,
} from './placement';

/** Lines that begin and end a block whose text is shown as it is, or not at all. */
const VERBATIM = /^(?:-{4,}|\.{4,}|\+{4,}|\/{4,}|`{3,}.*)$/;
const HEADING = /^(?:=|#){1,6}\s+\S/;
/** A title, attributes or a mark of what follows, to which no blank line comes. */
const LEADS = /^(?:\.[^\s.].*|\[.*\]|\+)\s*$/;

/** Puts an image into AsciiDoc: a block of its own, or within a line. */
export function placeInAsciidoc(insertion: Insertion): Placement {
  const { text, offset, afterSelection, parts } = insertion;
  const line = lineAt(text, offset);
  const before = text.slice(line.start, offset);
  const block = linkText('asciidoc', parts);
  if (isVerbatim(text, line) || (line.text.startsWith('//') && before !== '')) {
    return { offset, text: decodePercent(parts.href) };
  }
  const macro = macroAt(line, offset);
  if (macro) {
    return macro.inAddress
      ? intoValue(insertion, macro, parts.href)
      : { offset: macro.behind, text: ` ${asciidocInline(parts)}` };
  }
  const entry = /^:[\w-]+:(\s*)/.exec(line.text);
  if (entry && before.length >= entry[0].trimEnd().length) {
    const start = line.start + entry[0].length;
    return {
      ...intoValue(insertion, { start, end: line.end }, decodePercent(parts.href)),
      ...(entry[1] === '' && { text: ` ${decodePercent(parts.href)}` }),
    };
  }
  if (isInTable(text, line)) return cell(insertion, line, before);
  const header = headerEnd(text);
  if (offset < header) {
    return {
      offset: header,
      text: `${text.slice(0, header).endsWith('\n') ? '' : '\n'}\n${block}`,
    };
  }
  const [above, next] = [lineBefore(text, line), lineAfter(text, line)];
  if (isBlank(line)) {
    const lead = isBlank(above) || LEADS.test(above?.text ?? '') ? '' : '\n';
    return {
      offset: line.start,
      length: line.end - line.start,
      text: `${lead}${block}${isBlank(next) ? '' : '\n'}`,
    };
  }
  const trail = isBlank(next) ? '' : '\n';
  if (endsLine(text, offset) && HEADING.test(line.text)) {
    return { offset: line.end, text: `\n\n${block}${trail}` };
  }
  if (afterSelection && endsLine(text, offset)) {
    // A block in an item of a list is attached to it.
    const isItem = /^\s*(?:[*.-]+|\d+\.)\s/.test(line.text);
    return { offset, text: isItem ? `\n+\n${block}${trail}` : `\n\n${block}${trail}` };
  }
  if (before === '') {
    const isItem = /^\s*(?:[*.-]+|\d+\.)\s/.test(line.text);
    if (isItem && !isBlank(above)) return { offset, text: `+\n${block}\n` };
    return { offset, text: `${isBlank(above) ? '' : '\n'}${block}\n\n` };
  }
  const lead = afterSelection || /\w|[^\s([{"'«>]/.test(before.slice(-1)) ? ' ' : '';
  const gap = /^\w/.test(text.slice(offset, offset + 1)) ? ' ' : '';
  return { offset, text: `${lead}${asciidocInline(parts)}${gap}` };
}

function isVerbatim(text: string, line: Line): boolean {
  let open: string | undefined;
  for (
    let at: Line | undefined = lineAt(text, 0);
    at && at.start < line.start;
    at = lineAfter(text, at)
  ) {
    const mark = VERBATIM.exec(at.text.trimEnd())?.[0].slice(0, 4).replace(/`.*/, '`');
    if (mark === undefined) continue;
    if (open === undefined) open = mark;
    else if (mark === open) open = undefined;
  }
  return open !== undefined && !VERBATIM.test(line.text.trimEnd());
}

/** The image macro that an offset is in: its address, or the words between its brackets. */
function macroAt(
  line: Line,
  offset: number,
): { start: number; end: number; behind: number; inAddress: boolean } | undefined {
  for (const { index, 0: opening } of line.text.matchAll(/\b(?:image|video|icon)::?/g)) {
    const start = line.start + index + opening.length;
    const length = /^[^[\]\n]*/.exec(line.text.slice(index + opening.length))?.[0].length ?? 0;
    const end = start + length;
    const closing = line.text.indexOf(']', end - line.start);
    const behind = closing < 0 ? line.end : line.start + closing + 1;
    if (offset < start || (offset >= behind && offset > end)) continue;
    return { start, end, behind, inAddress: offset <= end };
  }
  return undefined;
}

function isInTable(text: string, line: Line): boolean {
  let isOpen = false;
  for (
    let at: Line | undefined = lineAt(text, 0);
    at && at.start < line.start;
    at = lineAfter(text, at)
  ) {
    if (/^[|,:!]={3,}\s*$/.test(at.text)) isOpen = !isOpen;
  }
  return isOpen && !/^[|,:!]={3,}\s*$/.test(line.text);
}

/** Within a cell: behind the bar that begins it. */
function cell(
  { text, offset, parts, afterSelection }: Insertion,
  line: Line,
  before: string,
): Placement {
  const link = asciidocInline(parts);
  if (isBlank(line)) return { offset, text: `|${link}` };
  if (before.trim() === '' && line.text.startsWith('|')) {
    return { offset: line.start + 1, text: `${link} ` };
  }
  const lead = /[\s|]$/.test(before) && !afterSelection ? '' : ' ';
  return {
    offset,
    text: `${lead}${link}${/^(?:\s|$)/.test(text.slice(offset, offset + 1)) ? '' : ' '}`,
  };
}

/** Behind the title of a document and the lines that belong to it: they end with a blank line. */
function headerEnd(text: string): number {
  if (!/^=\s+\S/.test(text)) return 0;
  let line: Line | undefined = lineAt(text, 0);
  let end = line.end;
  for (; line && !isBlank(line); line = lineAfter(text, line)) end = line.end;
  return end;
}
