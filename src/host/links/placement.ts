import type { LinkStyle } from '../languages';
import { isImageAddress } from '../references/addresses';
import type { LinkParts } from './link-format';

/** Text to insert, and where: 0-based offsets into the document. */
export interface Placement {
  readonly offset: number;
  /** Characters from `offset` that are replaced; absent: none. */
  readonly length?: number;
  readonly text: string;
}

/** What is to be inserted into a document, and where the user wants it. */
export interface Insertion {
  readonly text: string;
  /** The cursor, or the end of the selection. */
  readonly offset: number;
  /** Where the selection begins; equal to `offset` without one. */
  readonly start: number;
  /** Whether text is selected: what is inserted comes after it, and leaves it alone. */
  readonly afterSelection: boolean;
  readonly style: LinkStyle;
  readonly parts: LinkParts;
}

/** The line of an offset: its text without the line's end, and where it begins. */
export interface Line {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export function lineAt(text: string, offset: number): Line {
  const start = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  const next = text.indexOf('\n', offset);
  const whole = next < 0 ? text.length : next;
  const end = whole > start && text[whole - 1] === '\r' ? whole - 1 : whole;
  return { start, end, text: text.slice(start, end) };
}

export function lineBefore(text: string, { start }: Line): Line | undefined {
  return start === 0 ? undefined : lineAt(text, start - 1);
}

export function lineAfter(text: string, { end }: Line): Line | undefined {
  const next = text.indexOf('\n', end);
  return next < 0 ? undefined : lineAt(text, next + 1);
}

export function isBlank(line: Line | undefined): boolean {
  return line === undefined || line.text.trim() === '';
}

export function indentOf(text: string): string {
  return /^[^\S\n]*/.exec(text)?.[0] ?? '';
}

/** Whether only spaces follow in the line of an offset. */
export function endsLine(text: string, offset: number): boolean {
  return /^[^\S\n]*(?:\r?\n|$)/.test(text.slice(offset, offset + 1000));
}

/**
 * Puts an address into a value. One that is empty or an image's address is replaced, so is what is selected in
 * it; other words stay, and the address comes where the cursor is.
 */
export function intoValue(
  { text, start, offset, afterSelection }: Insertion,
  value: { readonly start: number; readonly end: number },
  address: string,
): Placement {
  const old = text.slice(value.start, value.end);
  if (afterSelection && start >= value.start && offset <= value.end && start < offset) {
    return { offset: start, length: offset - start, text: address };
  }
  if (old.trim() === '' || isImageAddress(old)) {
    return { offset: value.start, length: old.length, text: address };
  }
  return { offset, text: address };
}
