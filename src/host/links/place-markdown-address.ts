import { decodePercent, isImageAddress } from '../references/addresses';
import { below, linkOf } from './place-markdown-paragraph';
import { intoValue, type Insertion, type Line, type Placement } from './placement';

/** In an address, a definition or the words of an image: undefined elsewhere. */
export function address(insertion: Insertion, line: Line): Placement | undefined {
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
        ? linkBehind(insertion, behind)
        : intoValue(insertion, { start, end }, parts.href);
    }
    // Between the brackets of the words and of the address, and behind the mark of an image.
    const isBetween =
      offset === line.start + index + 1 || (isImage && offset === line.start + label);
    const isInWords = isImage && offset >= line.start + label && offset < behind;
    const isInTitle = offset > end && offset < behind;
    if (isBetween || (isInTitle && !isImage)) return linkBehind(insertion, behind);
    if (!isInWords) continue;
    if (end === start && close >= 0) return { offset: start, text: parts.href };
    return linkBehind(insertion, behind);
  }
  // The words of an image whose address is a definition's.
  for (const { index, 0: whole } of line.text.matchAll(/!\[(?:\\.|[^\]\\])*\](?:\[[^\]]*\])?/g)) {
    const [start, end] = [line.start + index, line.start + index + whole.length];
    if (offset <= start || offset >= end) continue;
    return linkBehind(insertion, end);
  }
  return undefined;
}

/** `![[hero.png|300]]` of Obsidian: its address, which is a path. */
export function embedded(insertion: Insertion, line: Line): Placement | undefined {
  for (const { index, 1: path = '' } of line.text.matchAll(
    /!\[\[([^[\]|\n]*)(?:\|[^[\]\n]*)?\]\]/g,
  )) {
    const start = line.start + index + 3;
    const end = start + path.length;
    if (insertion.offset < start || insertion.offset > end) continue;
    return intoValue(insertion, { start, end }, decodePercent(insertion.parts.href));
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

function linkBehind(insertion: Insertion, offset: number): Placement {
  return { offset, text: ` ${linkOf(insertion)}` };
}
