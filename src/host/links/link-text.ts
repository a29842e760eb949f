import { escapeMarkdown, markdownImage } from '../../core/markdown-image';

/** How a language shows a picture. */
export type LinkStyle = 'markdown' | 'mdx' | 'html' | 'jsx' | 'css';

export interface LinkParts {
  readonly href: string;
  readonly alt: string;
  /** Pixels. */
  readonly width?: number;
  readonly height?: number;
}

/** Text to insert, and where: a 0-based offset into the document. */
export interface Placement {
  readonly offset: number;
  readonly text: string;
}

const STYLES: Readonly<Record<string, LinkStyle>> = {
  markdown: 'markdown',
  mdx: 'mdx',
  html: 'html',
  vue: 'html',
  svelte: 'html',
  astro: 'html',
  handlebars: 'html',
  php: 'html',
  razor: 'html',
  javascriptreact: 'jsx',
  typescriptreact: 'jsx',
  css: 'css',
  scss: 'css',
  less: 'css',
  sass: 'css',
  stylus: 'css',
  postcss: 'css',
};

/** Languages that show pictures, by VS Code's names. */
export const LINK_LANGUAGES: readonly string[] = Object.keys(STYLES);

/** @param languageId VS Code's name of the document's language */
export function linkStyleOf(languageId: string): LinkStyle | undefined {
  return STYLES[languageId];
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
 * Decides what to insert at an offset. Inside `![…](`, `src="` or `url(` that waits for its address, only
 * the address; after a selection, a line or paragraph of its own where the line ends there; before a line
 * of Markdown a paragraph of its own, because a heading or list would not be one with a picture before it.
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
    // A document that was only opened has its cursor there, where no picture can be.
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
