import type { MarkupAttribute, MarkupElement } from './elements';
import { expressionValue, textValue } from './expressions';
import { escapedText, HTML_ESCAPE, partOf, type SourceText } from './source-text';

/** Characters of a tag, and of an expression in it. Real ones are shorter; more would cost too much each. */
const LONGEST_TAG = 20_000;
const LONGEST_EXPRESSION = 5000;

const COMMENT = /<!--[^]*?(?:-->|$)|\{\s*\/\*[^]*?(?:\*\/\s*\}|$)/g;
const TAG = /<([A-Za-z][\w.:-]*)(?=[\s/>])/g;
const NAME = /[^\s=>/"'`{}<]+/y;
const EQUALS = /\s*=\s*/y;
const QUOTED = /"[^"]*"|'[^']*'/y;
const UNQUOTED = /[^\s>"'`<={}]+/y;
const SKIPPED = /(?:\s+|\/(?!>)|\/\*[^]*?\*\/)+/y;
/** What ends or opens something in an expression; strings and comments hide what is in them. */
const IN_EXPRESSION =
  /\/\*[^]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'|`(?:[^`\\]|\\[^])*`|[{}]/g;

/**
 * The elements of text that is a mixture of HTML and expressions in braces: templates of Svelte and Astro, MDX,
 * and JSX that its parser rejects. It looks at tags alone, so what is between them can be anything.
 * @param isCode whether an offset is in code, where nothing is an element
 */
export function scanTags(
  text: SourceText,
  isCode: (offset: number) => boolean = () => false,
): MarkupElement[] {
  const source = text.value.replace(COMMENT, (comment) => ' '.repeat(comment.length));
  const elements: MarkupElement[] = [];
  TAG.lastIndex = 0;
  for (const match of source.matchAll(TAG)) {
    const [begin, name = ''] = match;
    if (isCode(match.index)) continue;
    const { attributes, end } = scanAttributes(text, source, match.index + begin.length);
    if (attributes.length > 0) {
      elements.push({ name, place: text.place(match.index, end), attributes });
    }
  }
  return elements;
}

/** The attributes up to the end of the tag, or to what cannot be in one. */
function scanAttributes(
  text: SourceText,
  source: string,
  start: number,
): { attributes: MarkupAttribute[]; end: number } {
  const attributes: MarkupAttribute[] = [];
  let at = start;
  while (at - start < LONGEST_TAG) {
    at = after(SKIPPED, source, at) ?? at;
    if (source[at] === '>' || source.startsWith('/>', at)) {
      return { attributes, end: source.indexOf('>', at) + 1 };
    }
    if (source[at] === '{') {
      // `{...props}`, or `{src}` of Svelte and Astro.
      const end = endOfExpression(source, at);
      if (end === undefined) break;
      const name = /^\{\s*([\w$]+)\s*\}$/.exec(source.slice(at, end))?.[1];
      if (name) attributes.push({ name, value: expressionValue(partOf(text, at + 1, end - 1)) });
      at = end;
      continue;
    }
    const nameEnd = after(NAME, source, at);
    if (nameEnd === undefined) break;
    const name = source.slice(at, nameEnd);
    const valueStart = after(EQUALS, source, nameEnd);
    at = nameEnd;
    if (valueStart === undefined) continue;
    const read = scanValue(text, source, valueStart);
    if (!read) break;
    attributes.push({ name, value: read.value });
    at = read.end;
  }
  return { attributes, end: at };
}

function scanValue(
  text: SourceText,
  source: string,
  start: number,
): { value: MarkupAttribute['value']; end: number } | undefined {
  const quoted = after(QUOTED, source, start);
  if (quoted !== undefined) {
    const raw = partOf(text, start + 1, quoted - 1);
    // Svelte takes `"{hero}"` for an expression.
    const whole = /^\{([^{}]*)\}$/.exec(raw.value);
    const value = whole
      ? expressionValue(partOf(raw, 1, raw.value.length - 1))
      : textValue(escapedText(raw, unescapeHtml(raw.value), HTML_ESCAPE));
    return { value, end: quoted };
  }
  if (source[start] === '{') {
    const end = endOfExpression(source, start);
    return end === undefined
      ? undefined
      : { value: expressionValue(partOf(text, start + 1, end - 1)), end };
  }
  if (source[start] === '`') {
    const end = source.indexOf('`', start + 1) + 1;
    return end === 0 || end - start > LONGEST_EXPRESSION
      ? undefined
      : { value: expressionValue(partOf(text, start, end)), end };
  }
  const end = after(UNQUOTED, source, start);
  return end === undefined ? undefined : { value: textValue(partOf(text, start, end)), end };
}

function endOfExpression(source: string, start: number): number | undefined {
  // A part, so that the search ends.
  const part = source.slice(start, start + LONGEST_EXPRESSION);
  let depth = 0;
  for (const { 0: token, index } of part.matchAll(IN_EXPRESSION)) {
    if (token === '{') depth += 1;
    else if (token === '}' && --depth === 0) return start + index + 1;
  }
  return undefined;
}

function after(pattern: RegExp, source: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(source) ? pattern.lastIndex : undefined;
}

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  quot: '"',
  apos: "'",
  lt: '<',
  gt: '>',
  nbsp: ' ',
};

/** The characters' names that addresses and texts have. */
function unescapeHtml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w+));/gi, (whole, decimal, hex, name) => {
    if (typeof name === 'string') return NAMED[name] ?? whole;
    const code = typeof hex === 'string' ? parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
