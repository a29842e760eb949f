import { decodePercent } from '../references/addresses';
import { linkText, restructuredtextPath } from './link-format';
import {
  indentOf,
  intoValue,
  isBlank,
  lineAfter,
  lineAt,
  lineBefore,
  type Insertion,
  type Line,
  type Placement,
} from './placement';

const DIRECTIVE =
  /^(\s*(?:(?:[-*+]|\(?(?:\d+|#)[.)])\s+)*\.\.\s+(?:\|[^|]+\|\s+)?(?:image|figure|thumbnail|carousel)::)(\s*)(.*)$/;
const ITEM = /^(\s*)((?:[-*+•]|(?:\d+|#|[a-z])[.)]|\((?:\d+|[a-z])\))\s+)/i;
/** What the lines after it are shown as they are. */
const VERBATIM =
  /^\s*\.\.\s+(?:code-block|code|sourcecode|parsed-literal|literalinclude|raw|highlight|math)::/;

/** Puts an image into reStructuredText, where one is a block of its own, indented like the text around it. */
export function placeInRestructuredText(insertion: Insertion): Placement {
  const { text, offset, parts } = insertion;
  const line = lineAt(text, offset);
  const before = text.slice(line.start, offset);
  const directive = DIRECTIVE.exec(line.text);
  if (directive) {
    const [, head = '', space = '', old = ''] = directive;
    if (before.length >= head.length) {
      const start = line.start + head.length + space.length;
      const address = `${space === '' ? ' ' : ''}${restructuredtextPath(parts.href)}`;
      return { ...intoValue(insertion, { start, end: start + old.length }, address) };
    }
  }
  const inPlace = { offset, text: decodePercent(parts.href) };
  if (isVerbatim(text, line) || /^\s*\|.*\|\s*$/.test(line.text)) return inPlace;
  // Within ``code``.
  if ((before.match(/``/g)?.length ?? 0) % 2 === 1) return inPlace;
  if (isBlank(line)) return onBlankLine(insertion, line);
  const marks = itemMarks(line.text);
  if (marks !== '' && line.text.trimEnd().length <= marks.length && before.trim() !== '') {
    // An item that is empty yet.
    const space = /\s$/.test(before) ? '' : ' ';
    const width = ' '.repeat(before.length + space.length);
    return { offset, text: `${space}${block(insertion, width).trimStart()}` };
  }
  const directiveAbove = /^\s+:[\w-]+:/.test(line.text) ? directiveOf(text, line) : undefined;
  if (directiveAbove) return behindDirective(insertion, directiveAbove);
  const previous = lineBefore(text, line);
  if (before === '' && isBlank(previous)) {
    return { offset, text: `${block(insertion, indentOf(line.text))}\n\n` };
  }
  return belowParagraph(insertion, line);
}

/** The marks of lists that a line begins with, one in the other. */
function itemMarks(line: string): string {
  let marks = '';
  for (;;) {
    const mark = ITEM.exec(`${line.slice(marks.length)} `)?.[0] ?? '';
    if (mark === '') return marks;
    marks = line.slice(0, marks.length + mark.length);
    if (marks === line) return marks;
  }
}

/** The directive of an image that the line of an option belongs to. */
function directiveOf(text: string, line: Line): Line | undefined {
  let at = lineBefore(text, line);
  while (at && /^\s+:[\w-]+:/.test(at.text)) at = lineBefore(text, at);
  return at && DIRECTIVE.test(at.text) ? at : undefined;
}

/** Behind a directive with its options and what is indented below it. */
function behindDirective(insertion: Insertion, directive: Line): Placement {
  const { text } = insertion;
  const indent = indentOf(directive.text);
  let last = directive;
  for (let at = lineAfter(text, directive); at; at = lineAfter(text, at)) {
    if (isBlank(at)) continue;
    if (indentOf(at.text).length <= indent.length) break;
    last = at;
  }
  const trail = isBlank(lineAfter(text, last)) ? '' : '\n';
  return { offset: last.end, text: `\n\n${block(insertion, indent)}${trail}` };
}

function block({ parts }: Insertion, indent: string): string {
  return linkText('restructuredtext', parts)
    .split('\n')
    .map((part) => indent + part)
    .join('\n');
}

function onBlankLine(insertion: Insertion, line: Line): Placement {
  const { text } = insertion;
  const [above, below] = [lineBefore(text, line), lineAfter(text, line)];
  const lead = isBlank(above) ? '' : '\n';
  const trail = isBlank(below) ? '' : '\n';
  return {
    offset: line.start,
    length: line.end - line.start,
    text: `${lead}${block(insertion, line.text)}${trail}`,
  };
}

/** Behind the last line of the paragraph, title or item at the place. */
function belowParagraph(insertion: Insertion, line: Line): Placement {
  const { text } = insertion;
  let last = line;
  for (let next = lineAfter(text, line); next && !isBlank(next); next = lineAfter(text, next)) {
    if (ITEM.test(next.text)) break;
    last = next;
  }
  const marks = itemMarks(line.text);
  const indent = marks ? marks.replace(/\S/g, ' ') : indentOf(line.text);
  const trail = isBlank(lineAfter(text, last)) ? '' : '\n';
  return { offset: last.end, text: `\n\n${block(insertion, indent)}${trail}` };
}

/** Whether a line is indented below `::` or a directive whose text is shown as it is. */
function isVerbatim(text: string, line: Line): boolean {
  if (isBlank(line)) return false;
  let indent = indentOf(line.text).length;
  for (let at = lineBefore(text, line); at && indent > 0; at = lineBefore(text, at)) {
    if (isBlank(at)) continue;
    const own = indentOf(at.text).length;
    if (own >= indent) continue;
    indent = own;
    if (VERBATIM.test(at.text)) return true;
    if (/::\s*$/.test(at.text) && !/^\s*\.\.\s/.test(at.text)) return true;
  }
  return false;
}
