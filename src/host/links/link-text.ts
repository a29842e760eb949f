import { escapeMarkdown, markdownImage } from '../../core/markdown-image';
import type { LinkStyle } from '../languages';

export interface LinkParts {
  readonly href: string;
  readonly alt: string;
  /** Pixels. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

/** Text to insert, and where: a 0-based offset into the document. */
export interface Placement {
  readonly offset: number;
  readonly text: string;
}

/** What stands for the prompt in `easel.altText`. */
const PROMPT = '${prompt}';

/** Fills the template of `easel.altText` with a prompt, on one line. */
export function altText(template: string, prompt: string): string {
  return template
    .replaceAll(PROMPT, () => prompt)
    .replace(/\s+/gu, ' ')
    .trim();
}

/** The text of a link in a language. */
export function linkText(style: LinkStyle, { href, alt, width, height }: LinkParts): string {
  switch (style) {
    case 'markdown':
      return markdownImage(href, alt);
    case 'mdx':
      return `![${escapeMarkdown(alt).replace(/[{}]/g, '\\$&')}](${href})`;
    case 'html':
    case 'jsx': {
      const size = width && height ? ` width="${width}" height="${height}"` : '';
      return `<img src="${href}" alt="${escapeAttribute(alt)}"${size}${style === 'jsx' ? ' />' : '>'}`;
    }
    case 'css':
      return `url("${href}")`;
  }
}

/** YAML between lines of dashes, with which a document can begin. */
const FRONT_MATTER = /^---[^\S\n]*\r?\n(?:[^]*?\n)??---[^\S\n]*\r?\n/;
const LINE_ENDS = /^[^\S\n]*(?:\r?\n|$)/;

/**
 * Decides what to insert at an offset:
 * - only the address after an open `![…](`, `src="` or `url(`;
 * - a new line or paragraph after a selection that ends its line;
 * - a paragraph of its own before a line of Markdown, where an inline image would break a heading or list.
 */
export function placeLink(
  document: string,
  offset: number,
  afterSelection: boolean,
  style: LinkStyle,
  parts: LinkParts,
): Placement {
  const before = document.slice(0, offset);
  const line = before.slice(before.lastIndexOf('\n') + 1);
  if (awaitsAddress(line, style)) return { offset, text: parts.href };
  const here = style === 'html' && /<style\b(?:(?!<\/style)[^])*$/i.test(before) ? 'css' : style;
  const link = linkText(here, parts);
  const isMarkdown = here === 'markdown' || here === 'mdx';
  if (isMarkdown && line === '') {
    // The cursor of a document that was just opened is before its front matter, where no image can be.
    const start = offset === 0 ? (FRONT_MATTER.exec(document)?.[0].length ?? 0) : offset;
    const blank = LINE_ENDS.test(document.slice(start));
    return { offset: start, text: blank ? link : `${link}\n\n` };
  }
  if (!afterSelection) return { offset, text: link };
  const endsLine = LINE_ENDS.test(document.slice(offset));
  if (!endsLine || here === 'css') return { offset, text: ` ${link}` };
  const indent = /^[^\S\n]*/.exec(line)?.[0] ?? '';
  return { offset, text: `${isMarkdown ? '\n\n' : '\n'}${indent}${link}` };
}

function awaitsAddress(line: string, style: LinkStyle): boolean {
  if (/\burl\(\s*["']?$/.test(line)) return true;
  if (style === 'css') return false;
  if (/\b(?:src|href|poster)\s*=\s*["']$/.test(line)) return true;
  return (style === 'markdown' || style === 'mdx') && /\]\(\s*<?$/.test(line);
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
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
