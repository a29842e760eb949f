import { decodePercent } from '../references/addresses';
import {
  endsLine,
  indentOf,
  intoValue,
  isBlank,
  lineAfter,
  lineAt,
  type Insertion,
  type Placement,
} from './placement';

/** What a place in a style sheet is in. */
interface StyleContext {
  readonly kind: 'comment' | 'string' | 'url' | 'code';
  /** Where the comment, text or address begins, behind its opening characters. */
  readonly start: number;
  /** How many blocks are around it. */
  readonly depth: number;
  /** Where the declaration or selector at the place begins. */
  readonly segment: number;
}

export interface StyleOptions {
  /** Where the sheet begins in the document, for one inside a page. */
  readonly from?: number;
  /** Where it ends. */
  readonly to?: number;
  /** Whether it holds declarations alone, as a `style` attribute does. */
  readonly isInline?: boolean;
  /** The quote for addresses: the other one than around a `style` attribute. */
  readonly quote?: '"' | "'";
  /** Whether blocks are told by indentation (Sass, Stylus). */
  readonly isIndented?: boolean;
}

/** Puts an image into a style sheet: as an address, a value, a declaration or a rule. */
export function placeInStyle(insertion: Insertion, options: StyleOptions = {}): Placement {
  const { text, offset, parts, afterSelection } = insertion;
  const { from = 0, to = text.length, isInline = false, quote = '"', isIndented = false } = options;
  const context = contextAt(text, from, offset, isIndented);
  const url = `url(${quote}${parts.href}${quote})`;
  const declaration = `background-image: ${url}${isIndented ? '' : ';'}`;
  switch (context.kind) {
    case 'comment':
      return afterSelection
        ? afterComment(text, offset, declaration, context.depth > 0 || isInline)
        : { offset, text: decodePercent(parts.href) };
    case 'string':
    case 'url': {
      const end = addressEnd(text, context, offset, to);
      return intoValue(insertion, { start: context.start, end }, parts.href);
    }
    case 'code':
  }
  const segment = text.slice(context.segment, offset);
  const inBlock = context.depth > 0 || isInline || isIndented;
  if (/^\s*(?:[$@]|--)?[\w-]+\s*:/.test(segment) && !isSelector(text, offset, to, isIndented)) {
    const [, name = '', value = ''] = /^\s*([^\s:]+)\s*:([^]*)$/.exec(segment) ?? [];
    if (value.trim() !== '' && /^[\w-]+$/.test(name) && !TAKES_IMAGE.test(name)) {
      return behindDeclaration(text, offset, declaration, isIndented);
    }
    // Several images have commas between them.
    const comma = /url\([^()]*\)\s*$/i.test(value) && !/^\s*,/.test(text.slice(offset)) ? ',' : '';
    const space = /[\s(,]$/.test(segment) && !afterSelection && comma === '' ? '' : ' ';
    return { offset, text: `${comma}${space}${url}` };
  }
  if (segment.trim() === '') {
    if (isInline) return { offset, text: declaration };
    const line = lineAt(text, offset);
    if (!inBlock || (isIndented && indentOf(line.text) === '')) {
      return rule(insertion, isIndented, { from, to });
    }
    return ownLine(text, offset, declaration);
  }
  if (afterSelection) return { offset, text: ` ${url}` };
  if (isSelector(text, offset, to, isIndented)) {
    const open = text.indexOf('{', offset) + 1;
    const indent = indentOf(lineAt(text, open).text);
    return { offset: open, text: `\n${indent}  ${declaration}` };
  }
  if (isIndented && !/[(@+$=]/.test(segment)) {
    const line = lineAt(text, offset);
    const own = indentOf(line.text);
    const next = indentOf(lineAfter(text, line)?.text ?? '');
    const deeper = next.length > own.length ? next : `${own}${own.includes('\t') ? '\t' : '  '}`;
    return { offset: line.end, text: `\n${deeper}${declaration}` };
  }
  return { offset, text: url };
}

/** Properties whose value can hold an image. */
const TAKES_IMAGE =
  /^(?:--|.*(?:background|mask|image|list-style|cursor|content|src|filter|shape|path|fill|stroke|marker|symbols))/i;

/** Behind a declaration that takes no image. */
function behindDeclaration(
  text: string,
  offset: number,
  declaration: string,
  isIndented: boolean,
): Placement {
  const rest = /^[^;{}\r\n]*;?/.exec(text.slice(offset, offset + 2000))?.[0].trimEnd() ?? '';
  const end = offset + rest.length;
  const semicolon = isIndented || rest.endsWith(';') ? '' : ';';
  const line = lineAt(text, offset);
  const isOwn = endsLine(text, end) && !line.text.includes('{');
  return {
    offset: end,
    text: `${semicolon}${isOwn ? `\n${indentOf(line.text)}` : ' '}${declaration}`,
  };
}

/** One pass over the sheet before a place. */
function contextAt(text: string, from: number, offset: number, isIndented: boolean): StyleContext {
  let depth = 0;
  let segment = from;
  const inside = (kind: StyleContext['kind'], start: number) => ({ kind, start, depth, segment });
  for (let at = from; at < offset;) {
    const character = text[at] ?? '';
    if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2);
      if (end < 0 || end + 2 > offset) return inside('comment', at + 2);
      at = end + 2;
      if (
        text
          .slice(segment, at)
          .replace(/\/\*[^]*?\*\//g, '')
          .trim() === ''
      )
        segment = at;
    } else if (text.startsWith('//', at) && text[at - 1] !== ':') {
      const end = text.indexOf('\n', at);
      if (end < 0 || end >= offset) return inside('comment', at + 2);
      at = end;
      segment = at;
    } else if (character === '"' || character === "'") {
      const end = stringEnd(text, at);
      if (offset <= end) return inside('string', at + 1);
      at = end + 1;
    } else if (/^url\(/i.test(text.slice(at, at + 4))) {
      const start = at + 4 + (/^\s*/.exec(text.slice(at + 4, at + 100))?.[0].length ?? 0);
      if (/["']/.test(text[start] ?? '') && start < offset) {
        at = start;
        continue;
      }
      const end = addressEnd(text, { kind: 'url', start, depth, segment }, start, text.length);
      if (offset <= Math.max(end, start)) return inside('url', Math.min(start, offset));
      at = end;
    } else {
      if (character === '{') depth++;
      if (character === '}') depth = Math.max(0, depth - 1);
      // `#{` and `@{` of Sass and Less are part of a value.
      const isBlock = character === '{' && !/[#@]/.test(text[at - 1] ?? '');
      at++;
      if (isBlock || character === '}' || character === ';') segment = at;
      if (isIndented && character === '\n') segment = at;
    }
  }
  return inside('code', offset);
}

/** The quote that ends a text; one that is not closed ends with its line. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === text[start] || text[at] === '\n') return at;
  }
  return text.length;
}

function addressEnd(
  text: string,
  { kind, start }: StyleContext,
  offset: number,
  to: number,
): number {
  if (kind === 'string') return Math.max(offset, stringEnd(text, start - 1));
  const length =
    /^[^\s)"';}]*/.exec(text.slice(start, Math.min(to, start + 2000)))?.[0].length ?? 0;
  return Math.max(offset, start + length);
}

/** Whether a block follows what is at a place: then that is a selector, such as `a:hover`. */
function isSelector(text: string, offset: number, to: number, isIndented: boolean): boolean {
  if (isIndented) return false;
  return /^[^;{}]*\{/.test(text.slice(offset, Math.min(to, offset + 500)));
}

/** A declaration on a line of its own: in the blank line at the place, else in a new one. */
function ownLine(text: string, offset: number, declaration: string): Placement {
  const line = lineAt(text, offset);
  if (isBlank(line)) return { offset, text: declaration };
  const before = text.slice(line.start, offset);
  const indent = indentOf(line.text);
  if (before.trim() === '') return { offset, text: `${declaration}\n${indent}` };
  if (endsLine(text, offset)) {
    const deeper = before.trimEnd().endsWith('{') ? '  ' : '';
    return { offset, text: `\n${indent}${deeper}${declaration}` };
  }
  const space = /\s$/.test(before) ? '' : ' ';
  const gap = /^\s/.test(text.slice(offset, offset + 1)) ? '' : ' ';
  return { offset, text: `${space}${declaration}${gap}` };
}

function afterComment(
  text: string,
  offset: number,
  declaration: string,
  inBlock: boolean,
): Placement {
  const line = lineAt(text, offset);
  const closing = text.indexOf('*/', offset);
  const isLine = /\/\/[^\n]*$/.test(text.slice(line.start, offset));
  const end = isLine || closing < 0 ? line.end : closing + 2;
  const own = inBlock ? declaration : `.image {\n  ${declaration}\n}`;
  return { offset: end, text: `\n${indentOf(line.text)}${own}` };
}

/** Outside of blocks only a rule is valid. Its class is named like the file. */
function rule(
  { text, offset, parts }: Insertion,
  isIndented: boolean,
  { from, to }: { from: number; to: number },
): Placement {
  const stem =
    decodePercent(parts.href)
      .split('/')
      .at(-1)
      ?.replace(/\.[^.]*$/, '') ?? '';
  const name = stem.replace(/[^\p{L}\p{N}_-]+/gu, '-').replace(/^(?=[\d-]|$)/, 'image-');
  const declaration = `background-image: url("${parts.href}")`;
  const own = isIndented ? `.${name}\n  ${declaration}` : `.${name} {\n  ${declaration};\n}`;
  const line = lineAt(text, offset);
  const start = Math.max(line.start, from);
  if (text.slice(start, Math.min(line.end, to)).trim() === '') return { offset, text: own };
  return endsLine(text, offset)
    ? { offset, text: `\n\n${own}` }
    : { offset: start, text: `${own}\n\n` };
}
