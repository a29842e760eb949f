import type { LinkStyle } from '../languages';
import type { LinkParts } from './link-format';
import { placeInAsciidoc } from './place-asciidoc';
import { placeInMarkdown } from './place-markdown';
import { placeInMarkup, tagPlace } from './place-markup';
import { placeInRestructuredText } from './place-restructuredtext';
import { placeInScript } from './place-script';
import { placeInStyle } from './place-style';
import type { Insertion, Placement } from './placement';

export { altText, linkText, type LinkParts } from './link-format';
export type { Placement } from './placement';

/**
 * Decides what to insert at an offset, and where, so that the text around it stays what it is:
 * - only the address where the cursor is in one, in a definition, an attribute or a value;
 * - a new line or paragraph after a selection that ends its line;
 * - a paragraph of its own before a line of Markdown, where an inline image would break a heading or list;
 * - what the language has there: a declaration, an entry of front matter, an import, the path in code.
 * @param start where the selection begins; what is selected of an address is replaced
 */
export function placeLink(
  document: string,
  offset: number,
  afterSelection: boolean,
  style: LinkStyle,
  parts: LinkParts,
  start = offset,
): Placement {
  // A line that is selected as a whole ends at the beginning of the next one.
  const selected = afterSelection ? document.slice(start, offset) : '';
  const isSelected = selected.trim() !== '';
  const end = isSelected ? offset - (/\s*$/.exec(selected)?.[0].length ?? 0) : offset;
  const insertion: Insertion = {
    ...{ text: document, offset: end, start: isSelected ? start : end },
    ...{ afterSelection: afterSelection && (isSelected || start === offset), style, parts },
  };
  switch (style) {
    case 'markdown':
    case 'mdx':
      return placeInMarkdown(insertion);
    case 'html':
    case 'template':
    case 'astro':
      return placeInMarkup(insertion);
    case 'jsx':
      return tagPlace(insertion) ?? placeInScript(insertion, { hasElements: true, isModule: true });
    case 'css':
      return placeInStyle(insertion);
    case 'sass':
      return placeInStyle(insertion, { isIndented: true });
    case 'asciidoc':
      return placeInAsciidoc(insertion);
    case 'restructuredtext':
      return placeInRestructuredText(insertion);
  }
}

/** A replacement in a text, as VS Code reports it. */
export interface TextChange {
  readonly rangeOffset: number;
  readonly rangeLength: number;
  readonly text: string;
}

/** Where an offset lies after a change of the text; text inserted at the offset comes after it. */
export function shiftOffset(offset: number, change: TextChange): number {
  const { rangeOffset, rangeLength, text } = change;
  if (offset <= rangeOffset) return offset;
  // The text around the offset was replaced: the end of the replacement is the nearest place.
  if (offset < rangeOffset + rangeLength) return rangeOffset + text.length;
  return offset - rangeLength + text.length;
}
