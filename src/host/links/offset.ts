/** A replacement in a text, as VS Code reports it. */
export interface TextChange {
  readonly rangeOffset: number;
  readonly rangeLength: number;
  readonly text: string;
}

/** Where an offset lies after a change: what is typed at it comes behind it. */
export function shiftOffset(offset: number, change: TextChange): number {
  const { rangeOffset, rangeLength, text } = change;
  if (offset <= rangeOffset) return offset;
  // The text around the offset went; what replaced it is the nearest thing left.
  if (offset < rangeOffset + rangeLength) return rangeOffset + text.length;
  return offset - rangeLength + text.length;
}
