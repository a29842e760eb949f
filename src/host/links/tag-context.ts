/** A place in the start tag of an element. */
export interface TagContext {
  readonly name: string;
  /** Where the tag begins. */
  readonly start: number;
  /** Where the tag ends, behind `>`; undefined where it is not closed. */
  readonly end: number | undefined;
  /** The attribute whose value the place is in; undefined between attributes. */
  readonly attribute?: AttributeContext;
  /** Whether the place is in the name of an attribute or of the element. */
  readonly inName: boolean;
}

export interface AttributeContext {
  readonly name: string;
  /** The value without its quotes or braces. */
  readonly start: number;
  readonly end: number;
  /** What is around the value; empty for one without quotes. */
  readonly delimiter: '"' | "'" | '{' | '';
}

/** Characters before a place in which its tag begins. */
const LONGEST_TAG = 4000;
/** Starts of tags that are tried, from the nearest. */
const MAX_STARTS = 8;

/**
 * The start tag that a place is in, of HTML, JSX, Vue, Svelte or Astro, also while it is being written.
 * @returns undefined for a place outside of tags
 */
export function tagAt(text: string, offset: number): TagContext | undefined {
  const from = Math.max(0, offset - LONGEST_TAG);
  let at = offset;
  for (let tried = 0; tried < MAX_STARTS; tried++) {
    at = at === 0 ? -1 : text.lastIndexOf('<', at - 1);
    if (at < from) return undefined;
    const tag = readTag(text, at, offset);
    if (tag === 'ended') return undefined;
    if (tag) return tag;
  }
  return undefined;
}

/** @returns `ended` where the tag ends before the place, undefined where no tag begins */
function readTag(text: string, start: number, offset: number): TagContext | 'ended' | undefined {
  const [, name] = /^<([a-z][\w.:-]*)/i.exec(text.slice(start, start + 200)) ?? [];
  if (name === undefined) return text[start + 1] === '/' ? 'ended' : undefined;
  let at = start + 1 + name.length;
  if (offset <= at) return offset > start ? context({ inName: true }) : undefined;
  for (;;) {
    at += /^\s*/.exec(text.slice(at, at + LONGEST_TAG))?.[0].length ?? 0;
    if (text.startsWith('/>', at) || text[at] === '>') {
      return at < offset ? 'ended' : context({ inName: false });
    }
    if (at >= offset || at >= text.length) return context({ inName: false });
    const own = attributeName(text, at);
    const nameEnd = at + Math.max(own.length, 1);
    if (offset < nameEnd) return context({ inName: true });
    const [assigned = ''] = /^\s*=\s*/.exec(text.slice(nameEnd, nameEnd + 200)) ?? [];
    if (assigned === '' || own === '') {
      at = nameEnd;
      if (offset === at && own !== '') return context({ inName: true });
      continue;
    }
    const value = readValue(text, nameEnd + assigned.length, offset);
    const equals = nameEnd + assigned.indexOf('=') + 1;
    if (offset >= equals && offset <= value.start && value.delimiter === '') {
      const empty = { name: own, start: offset, end: offset, delimiter: '' as const };
      return context({
        inName: false,
        attribute: offset < value.start ? empty : { name: own, ...value },
      });
    }
    if (offset <= value.end && offset >= nameEnd + assigned.length) {
      return context({ inName: false, attribute: { name: own, ...value } });
    }
    at = value.end + (value.delimiter === '' ? 0 : 1);
  }

  function context(more: Pick<TagContext, 'inName' | 'attribute'>): TagContext {
    return { name: name ?? '', start, end: tagEnd(text, at), ...more };
  }
}

function attributeName(text: string, at: number): string {
  return /^[^\s=>"'{}/<]+/.exec(text.slice(at, at + 200))?.[0] ?? '';
}

function readValue(
  text: string,
  start: number,
  offset: number,
): { start: number; end: number; delimiter: AttributeContext['delimiter'] } {
  const first = text[start];
  if (first === '"' || first === "'") {
    const closing = text.indexOf(first, start + 1);
    const end = closing < 0 ? text.length : closing;
    // A quote that nobody closed: the value ends where it is being written.
    const isOpen = offset > start && offset <= end && text.slice(start, end).includes('\n');
    return { start: start + 1, end: isOpen ? offset : end, delimiter: first };
  }
  if (first === '{') return { start: start + 1, end: closingBrace(text, start), delimiter: '{' };
  const value = /^[^\s>"'<]*/.exec(text.slice(start, start + LONGEST_TAG))?.[0] ?? '';
  const closes = value.endsWith('/') && text[start + value.length] === '>';
  const length = value.length - (closes ? 1 : 0);
  return { start, end: start + length, delimiter: '' };
}

/** The brace that closes the one at an offset, past strings; the text's end where there is none. */
function closingBrace(text: string, start: number): number {
  let depth = 0;
  let quote = '';
  for (let at = start; at < Math.min(text.length, start + LONGEST_TAG); at++) {
    const character = text[at] ?? '';
    if (quote) {
      if (character === '\\') at++;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'" || character === '`') quote = character;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return at;
  }
  return text.length;
}

/** Behind the `>` that ends a tag, past quoted values and braces. */
function tagEnd(text: string, from: number): number | undefined {
  for (let at = from; at < Math.min(text.length, from + LONGEST_TAG); at++) {
    const character = text[at];
    if (character === '>') return at + 1;
    if (character === '<') return undefined;
    if (character === '"' || character === "'") {
      const closing = text.indexOf(character, at + 1);
      if (closing < 0) return undefined;
      at = closing;
    } else if (character === '{') at = closingBrace(text, at);
  }
  return undefined;
}
