import type { Place } from './image-reference';

/** Text as the document means it, and where in the document it is written. */
export interface SourceText {
  readonly value: string;
  /** The place in the document of `value.slice(start, end)`. */
  place(start: number, end: number): Place;
}

/** Text that is written as it is meant, at an offset of the document. */
export function plainText(value: string, offset = 0): SourceText {
  return { value, place: (start, end) => ({ start: offset + start, end: offset + end }) };
}

/** A part of a text. */
export function partOf(text: SourceText, start: number, end: number): SourceText {
  return {
    value: text.value.slice(start, end),
    place: (from, to) => text.place(start + from, start + to),
  };
}

/** Without white space around it. */
export function trimmed(text: SourceText): SourceText {
  const start = text.value.length - text.value.trimStart().length;
  return partOf(text, start, Math.max(start, text.value.trimEnd().length));
}

/** Texts that follow each other in what the document means, not in the document. */
export function joined(parts: readonly SourceText[]): SourceText {
  const starts: number[] = [];
  let length = 0;
  for (const { value } of parts) {
    starts.push(length);
    length += value.length;
  }
  const at = (offset: number): number => {
    const index = Math.max(
      0,
      starts.findLastIndex((start) => start <= offset),
    );
    const inPart = offset - (starts[index] ?? 0);
    return parts[index]?.place(inPart, inPart).start ?? 0;
  };
  const value = parts.map((part) => part.value).join('');
  // The end of a part, not the start of the next.
  const end = (offset: number) => (offset === 0 ? at(0) : at(offset - 1) + 1);
  return {
    value,
    place: (from, to) => ({ start: at(from), end: from === to ? at(from) : end(to) }),
  };
}

/** Whether an offset is in one of the places, which are in order and do not overlap. */
export function placeFinder(places: readonly Place[]): (offset: number) => boolean {
  return (offset) => {
    let [low, high] = [0, places.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((places[middle]?.end ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return (places[low]?.start ?? Infinity) <= offset;
  };
}

/** `&amp;`, `&#38;`, and line ends, which HTML reads as one character. */
export const HTML_ESCAPE = /&(?:#\w+|\w+);?|\r\n/y;
/** `\n`, `\u00e9` and the like, of JavaScript and JSON. */
export const STRING_ESCAPE = /\\(?:u\{[\da-f]+\}|u[\da-f]{4}|x[\da-f]{2}|\r\n|[^])/iy;

/**
 * Text with escapes: each escape stands for one character of the value, everything else for itself.
 * @param raw as it is written, from the first to the last character of the value
 * @param escape a sticky pattern of one escape
 */
export function escapedText(raw: SourceText, value: string, escape: RegExp): SourceText {
  if (raw.value === value) return raw;
  let offsets: Uint32Array | undefined;
  const at = (index: number): number =>
    (offsets ??= offsetsOf(raw.value, value, escape))[index] ?? 0;
  return { value, place: (start, end) => raw.place(at(start), at(end)) };
}

/** For each character of the value, and its end, the offset in the text as it is written. */
function offsetsOf(raw: string, value: string, escape: RegExp): Uint32Array {
  const offsets = new Uint32Array(value.length + 1);
  let at = 0;
  for (let index = 0; index < value.length; index++) {
    offsets[index] = at;
    escape.lastIndex = at;
    const escaped = escape.exec(raw)?.[0] ?? '';
    // HTML keeps an `&` that begins no character's name.
    const isPlain = escaped === '' || (escaped.startsWith('&') && value.startsWith(escaped, index));
    const length = isPlain ? 1 : escaped.length;
    const isPair = length > 1 && /[\ud800-\udbff]/.test(value[index] ?? '');
    at += length;
    // Both halves of a character beyond U+FFFF are one escape, or `\ud83d\ude00` of JSON.
    if (isPair && raw[at] !== '\\') offsets[++index] = at - length;
  }
  offsets[value.length] = raw.length;
  return offsets;
}
