import { decodePercent, isImageAddress } from '../references/addresses';
import {
  indentOf,
  intoValue,
  lineAfter,
  lineAt,
  lineBefore,
  type Insertion,
  type Line,
  type Placement,
} from './placement';

/** The data with which a document can begin, between lines of its own. */
export interface FrontMatter {
  readonly kind: 'yaml' | 'toml' | 'json';
  /** The data without the lines around it. */
  readonly start: number;
  readonly end: number;
  /** Where the document goes on. */
  readonly after: number;
}

const FENCED = /^(---|\+\+\+|;;;)[^\S\n]*\r?\n([^]*?\n)??(\1|\.\.\.)[^\S\n]*(?:\r?\n|$)/;
/** JSON without a fence, as Hugo reads it: an object that ends on a line of its own. */
const BARE_JSON = /^\{[^\S\n]*\r?\n([^]*?\n)??\}[^\S\n]*(?:\r?\n|$)/;
const KINDS = { '---': 'yaml', '+++': 'toml', ';;;': 'json' } as const;

export function frontMatterOf(text: string): FrontMatter | undefined {
  const fenced = FENCED.exec(text);
  const fence = fenced?.[1];
  if (fenced && (fence === '---' || fence === '+++' || fence === ';;;')) {
    const start = fenced[0].indexOf('\n') + 1;
    const end = start + (fenced[2]?.length ?? 0);
    return { kind: KINDS[fence], start, end, after: fenced[0].length };
  }
  const json = BARE_JSON.exec(text);
  if (!json) return undefined;
  const start = json[0].indexOf('\n') + 1;
  return { kind: 'json', start, end: start + (json[1]?.length ?? 0), after: json[0].length };
}

/** The name of a new entry. */
const KEY = 'image';

/** Puts an image into front matter: as the value of the entry at the cursor, else as a new entry. */
export function placeInFrontMatter(insertion: Insertion, front: FrontMatter): Placement {
  const { kind } = front;
  const { text, offset } = insertion;
  const line = lineAt(text, offset);
  const path = decodePercent(insertion.parts.href);
  const quoted = quotedAt(line, offset);
  if (quoted) {
    const inside = text.slice(quoted.start, quoted.end);
    const isSelected = insertion.afterSelection && insertion.start >= quoted.start;
    const isKey = /^["']\s*:/.test(text.slice(quoted.end, quoted.end + 20)) && kind === 'json';
    if (!isKey && (inside.trim() === '' || isImageAddress(inside) || isSelected)) {
      return intoValue({ ...insertion }, quoted, escapeQuoted(path, quoted.quote, kind));
    }
    return newEntry(text, line, path, front);
  }
  if (kind === 'yaml') return inYaml(insertion, line, path, front);
  const value = JSON.stringify(path);
  const before = text.slice(line.start, offset);
  // Behind `=`, `:`, `[` or a comma in a list.
  if (/(?:[:=[]|\[[^\]]*,)\s*$/.test(before)) {
    return { offset, text: /[:=]$/.test(before) ? ` ${value}` : value };
  }
  if (before.trim() === '' && isInList(text, line)) return { offset, text: value };
  return newEntry(text, line, path, front);
}

function inYaml(insertion: Insertion, line: Line, path: string, front: FrontMatter): Placement {
  const { text, offset } = insertion;
  const value = yamlValue(path);
  const before = text.slice(line.start, offset);
  const after = text.slice(offset, line.end);
  const [, head = '', old = ''] =
    /^(\s*(?:-\s+)*(?:[\w.$/-]+\s*:)?\s*(?:-\s+)*)(.*)$/.exec(line.text) ?? [];
  const isValue = /:\s*$|-\s*$/.test(head);
  if (isValue && before.length >= head.trimEnd().length) {
    const start = line.start + head.length;
    const space = /[:-]$/.test(head) ? ' ' : '';
    if (old.trim() === '' || isImageAddress(old)) {
      return { offset: start, length: line.end - start, text: `${space}${value}` };
    }
    // A list in one line: `[a.png, |]`.
    if (old.startsWith('[') && after.includes(']')) {
      return { offset, text: before.endsWith(',') ? ` ${value}` : value };
    }
  }
  return newEntry(text, line, path, front);
}

/** An entry of its own: on the line where that is blank, else below it, or at the end of the data. */
function newEntry(text: string, line: Line, path: string, { kind, end }: FrontMatter): Placement {
  if (kind === 'json') return jsonEntry(text, line, path);
  const entry = kind === 'yaml' ? `${KEY}: ${yamlValue(path)}` : `${KEY} = ${JSON.stringify(path)}`;
  if (kind === 'yaml' && !isBetweenEntries(text, line)) return { offset: end, text: `${entry}\n` };
  return line.text.trim() === ''
    ? { offset: line.start, length: line.end - line.start, text: entry }
    : { offset: line.end, text: `\n${entry}` };
}

/** Whether an entry of YAML can come behind a line: what follows does not belong to the entry at the line. */
function isBetweenEntries(text: string, line: Line): boolean {
  const isPart = /^(?:\s+\S|-\s)/;
  let next = lineAfter(text, line);
  while (next?.text.trim() === '') next = lineAfter(text, next);
  const isOpen = /:\s*[|>][-+\d]*\s*$/.test(line.text);
  return !isOpen && !isPart.test(line.text) && !isPart.test(next?.text ?? '');
}

/** JSON has commas between its entries, and none behind the last. */
function jsonEntry(text: string, line: Line, path: string): Placement {
  const entry = `"${KEY}": ${JSON.stringify(path)}`;
  const indent = indentOf(line.text);
  if (line.text.trim() !== '') return { offset: line.start, text: `${indent}${entry},\n` };
  let above = lineBefore(text, line);
  while (above?.text.trim() === '') above = lineBefore(text, above);
  let below = lineAfter(text, line);
  while (below?.text.trim() === '') below = lineAfter(text, below);
  const isLast = below === undefined || below.text.trim().startsWith('}');
  if (!isLast) return { offset: line.end, text: `${entry},` };
  const isOpen = !above || /[{,]\s*$/.test(above.text);
  if (isOpen) return { offset: line.end, text: entry };
  return { offset: above?.end ?? line.end, text: `,\n${indentOf(above?.text ?? '')}${entry}` };
}

/** The quotes on a line that an offset is between. */
function quotedAt(
  line: Line,
  offset: number,
): { start: number; end: number; quote: string } | undefined {
  for (const { 0: whole, 1: quote = '', index } of line.text.matchAll(
    /(["'])(?:\\.|(?!\1)[^\\])*\1/g,
  )) {
    const [start, end] = [line.start + index + 1, line.start + index + whole.length - 1];
    if (offset >= start && offset <= end) return { start, end, quote };
  }
  return undefined;
}

function escapeQuoted(path: string, quote: string, kind: FrontMatter['kind']): string {
  if (quote === '"') return JSON.stringify(path).slice(1, -1);
  return kind === 'yaml' ? path.replaceAll("'", "''") : path;
}

/** A plain scalar where YAML reads it as this text, else a quoted one. */
function yamlValue(path: string): string {
  return /^[\w./][\w./@~+()-]*$/.test(path) && !/^[\d.+-]+$/.test(path)
    ? path
    : JSON.stringify(path);
}

/** Whether a line of TOML or JSON is between the brackets of a list that began before it. */
function isInList(text: string, line: Line): boolean {
  const before = text.slice(0, line.start).replace(/"(?:\\.|[^"\\])*"/g, '');
  return before.lastIndexOf('[') > Math.max(before.lastIndexOf(']'), before.lastIndexOf('{'));
}
