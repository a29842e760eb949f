import { decodePercent } from '../references/addresses';
import { linkText, modulePath } from './link-format';
import {
  endsLine,
  indentOf,
  intoValue,
  isBlank,
  lineAt,
  lineAfter,
  lineBefore,
  type Insertion,
  type Placement,
} from './placement';

export interface ScriptOptions {
  /** Where the code begins in the document. */
  readonly from?: number;
  /** The quote for texts: the other one than around an attribute with code. */
  readonly quote?: '"' | "'";
  /** Whether the code may hold elements (JSX). */
  readonly hasElements: boolean;
  /** Whether the code is of a module, in which images are imported. */
  readonly isModule: boolean;
}

/** Properties of styles that take an image. */
const STYLE_PROPERTY =
  /\b(?:background|backgroundImage|borderImage|borderImageSource|listStyle|listStyleImage|maskImage|mask|content)["']?\s*:\s*$/;
/** What a module's name follows. */
const BEFORE_MODULE = /(?:\bfrom|\bimport|\brequire\s*\(|\bimport\s*\(|\bnew\s+URL\s*\()\s*$/;
/** What a text follows: a quote behind a word is an apostrophe. */
const BEFORE_TEXT = /(?:^|[=([{,:?+!&|<>;]|\b(?:from|import|return|case|default|echo|print))\s*$/;

/** Puts an image into JavaScript or TypeScript: an address in a text, a module's name, a value, an element. */
export function placeInScript(insertion: Insertion, options: ScriptOptions): Placement {
  const { text, offset, parts, afterSelection } = insertion;
  const { from = 0, quote = '"', hasElements, isModule } = options;
  const line = lineAt(text, offset);
  const lineStart = Math.max(line.start, from);
  const before = text.slice(lineStart, offset);
  // Quotes and signs are words there.
  if (hasElements && !afterSelection && isElementText(text, from, offset))
    return element(insertion);
  const string = stringAt(text, lineStart, line.end, offset);
  if (string) {
    const lead = text.slice(lineStart, string.start - 1);
    const isInUrl = /\burl\(\s*["']?[^"')]*$/.test(text.slice(string.start, offset));
    if (isInUrl) {
      const end = offset + (/^[^)"'\s]*/.exec(text.slice(offset, string.end))?.[0].length ?? 0);
      const start = offset - (/[^("'\s]*$/.exec(text.slice(string.start, offset))?.[0].length ?? 0);
      return intoValue(insertion, { start, end }, parts.href);
    }
    const address = BEFORE_MODULE.test(lead) ? modulePath(parts.href) : parts.href;
    return intoValue(insertion, string, address.replace(/["'`\\]/g, '\\$&'));
  }
  if (!afterSelection) {
    if (/(?:\/\/|\/\*)[^\n]*$/.test(withoutStrings(before))) {
      return { offset, text: decodePercent(parts.href) };
    }
    const quoted = (address: string) => {
      const space = /[=:,]$/.test(before) || /\w$/.test(before) ? ' ' : '';
      return { offset, text: `${space}${quote}${address.replace(/["'\\]/g, '\\$&')}${quote}` };
    };
    if (BEFORE_MODULE.test(before)) return quoted(modulePath(parts.href));
    // CSS in a template literal, as styled components have it.
    if (/^\s*[\w-]+\s*:\s*$/.test(before) && isInTemplate(text, from, offset)) {
      return { offset, text: `${/\s$/.test(before) ? '' : ' '}url("${parts.href}")` };
    }
    if (STYLE_PROPERTY.test(before)) return quoted(`url(${parts.href})`);
    if (
      isModule &&
      /^\s*import\b[^\n]*["'][^\S\n]*;?[^\S\n]*$/.test(before) &&
      endsLine(text, offset)
    ) {
      return { offset, text: `\n${indentOf(line.text)}${importOf(insertion, quote)}` };
    }
    const isArrow = /=>\s*$/.test(before);
    if (
      !isArrow &&
      /[\w$"'\])]\s*[=:]\s*$|\[\s*$|\[[^\]]*,\s*$|\(\s*["'`][^)]*,\s*$/.test(before)
    ) {
      return quoted(parts.href);
    }
    if (isModule && isBlank(line) && (!hasElements || isAmongImports(text, offset))) {
      return { offset, text: importOf(insertion, quote) };
    }
  }
  if (hasElements) return element(insertion);
  return { offset, text: `${afterSelection ? ' ' : ''}${quote}${parts.href}${quote}` };
}

/** An element at the place; on a line of its own after a selection that ends its line. */
function element({ text, offset, afterSelection, style, parts }: Insertion): Placement {
  const link = linkText(style === 'mdx' ? 'jsx' : style, parts);
  if (!afterSelection) return { offset, text: link };
  if (!endsLine(text, offset)) return { offset, text: ` ${link}` };
  return { offset, text: `\n${indentOf(lineAt(text, offset).text)}${link}` };
}

/** Whether a place is in the words of an element: behind a tag, and before an end tag. */
function isElementText(text: string, from: number, offset: number): boolean {
  const before = text.slice(Math.max(from, offset - 2000), offset);
  return (
    /<(?:[a-z][\w.:-]*(?:\s[^<>]*)?\/?|\/[\w.:-]*|)>[^<>{}]*$/i.test(before) &&
    /^[^<>{}]*<\//.test(text.slice(offset, offset + 2000))
  );
}

function isAmongImports(text: string, offset: number): boolean {
  const line = lineAt(text, offset);
  const isImport = (near: { text: string } | undefined) => /^import\b/.test(near?.text ?? '');
  return isImport(lineBefore(text, line)) || isImport(lineAfter(text, line));
}

/** `import aRedApple from './a-red-apple.png';`, named like the file. */
function importOf({ parts, text }: Insertion, quote: string): string {
  const path = modulePath(parts.href);
  const words = (path.split('/').at(-1) ?? '').replace(/\.[^.]*$/, '').split(/[^\p{L}\p{N}_$]+/u);
  const [first = '', ...rest] = words.filter(Boolean);
  const name = [first, ...rest.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))].join(
    '',
  );
  const safe = /^[\p{L}_$]/u.test(name) ? name : `image${name}`;
  // As the document's other imports are written.
  const own = /^import[^\n]*?(["'])/m.exec(text)?.[1] ?? (quote === '"' ? "'" : quote);
  return `import ${safe} from ${own}${path.replace(/["'\\]/g, '\\$&')}${own};`;
}

/** The text between quotes that an offset is in. */
function stringAt(
  text: string,
  from: number,
  to: number,
  offset: number,
): { start: number; end: number } | undefined {
  for (let at = from; at < offset; at++) {
    const quote = text[at] ?? '';
    if (quote === '\\') at++;
    // A tag such as `css` can stand before a template.
    if (quote !== '`' && (!/["']/.test(quote) || !BEFORE_TEXT.test(text.slice(from, at)))) continue;
    let end = at + 1;
    while (end < to && text[end] !== quote) end += text[end] === '\\' ? 2 : 1;
    if (offset <= end) return { start: at + 1, end: Math.min(end, to) };
    at = end;
  }
  return undefined;
}

function isInTemplate(text: string, from: number, offset: number): boolean {
  return (text.slice(from, offset).match(/(?<!\\)`/g)?.length ?? 0) % 2 === 1;
}

function withoutStrings(code: string): string {
  return code.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g, '""');
}
