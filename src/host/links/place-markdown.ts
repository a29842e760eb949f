import { decodePercent } from '../references/addresses';
import { linkText } from './link-format';
import {
  HEADING,
  RULE,
  UNDERLINE,
  contentBefore,
  fenceAt,
  hasBars,
  isDelimiter,
  isInHtml,
  isIndentedCode,
  isInlineCode,
  prefixOf,
} from './markdown-blocks';
import { frontMatterOf, placeInFrontMatter } from './place-front-matter';
import { address, embedded } from './place-markdown-address';
import { above, below, beforeLine, linkOf, ownLines, paragraph } from './place-markdown-paragraph';
import { regionPlace, tagPlace, templatePlace } from './place-markup';
import { placeInScript } from './place-script';
import {
  endsLine,
  indentOf,
  isBlank,
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
  const path = decodePercent(parts.href);
  // The code stays in its quote and its item.
  const marks = /^(?:[ \t]*>)*[ \t]*/.exec(line.text)?.[0].length ?? 0;
  if (!isBlank(line)) return { offset: Math.max(offset, line.start + marks), text: path };
  const above = contentBefore(text, line);
  const indent = line.text === '' ? indentOf(above?.text ?? '') : '';
  return { offset, text: `${indent}${path}` };
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

function lastOf(text: string, line: Line, belongs: (line: Line | undefined) => boolean): Line {
  let last = line;
  for (let next = lineAfter(text, line); next && belongs(next); next = lineAfter(text, next)) {
    last = next;
  }
  return last;
}

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
