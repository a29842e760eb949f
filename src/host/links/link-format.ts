import { escapeMarkdown, markdownImage } from '../../core/markdown-image';
import { collapseSpaces } from '../../core/shown-text';
import type { LinkStyle } from '../languages';
import { decodePercent } from '../references/addresses';

export interface LinkParts {
  /** The address with what a link may not hold percent-encoded. */
  readonly href: string;
  readonly alt: string;
  /** Pixels. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

/** What stands for the prompt in `easel.altText`. */
const PROMPT = '${prompt}';

/** Fills the template of `easel.altText` with a prompt, on one line. */
export function altText(template: string, prompt: string): string {
  return collapseSpaces(template.replaceAll(PROMPT, () => prompt));
}

/** The text of a link in a language, with a place of its own. */
export function linkText(style: LinkStyle, { href, alt: given, width, height }: LinkParts): string {
  const alt = collapseSpaces(given);
  switch (style) {
    case 'markdown':
      return markdownImage(href, alt);
    case 'mdx':
      return `![${escapeMarkdown(alt).replace(/[{}]/g, '\\$&')}](${href})`;
    case 'html':
    case 'template':
    case 'astro':
    case 'jsx': {
      const size = width && height ? ` width="${width}" height="${height}"` : '';
      const end = style === 'jsx' || style === 'astro' ? ' />' : '>';
      return `<img ${imageAttributes(style, { href, alt })}${size}${end}`;
    }
    case 'css':
    case 'sass':
      return `url("${href}")`;
    case 'asciidoc':
      return `image::${href}[${asciidocAlt(alt)}]`;
    case 'restructuredtext':
      return `.. image:: ${restructuredtextPath(href)}${alt ? `\n   :alt: ${alt}` : ''}`;
  }
}

/** `src` and `alt` of an element that shows an image. */
export function imageAttributes(style: LinkStyle, { href, alt }: LinkParts): string {
  return `src="${attributeAddress(href)}" alt="${escapeAttribute(style, collapseSpaces(alt))}"`;
}

/** An image within a line of AsciiDoc. */
export function asciidocInline({ href, alt }: LinkParts): string {
  return `image:${href}[${asciidocAlt(collapseSpaces(alt))}]`;
}

/** An address as an attribute holds it, in quotes of either kind: the address has none. */
export function attributeAddress(href: string): string {
  return href.replaceAll('&', '&amp;');
}

/** The name of a module that is a file: without `./` it would be a package's. */
export function modulePath(href: string): string {
  const path = decodePercent(href);
  return /^\.{0,2}\//.test(path) || /^[a-z][a-z0-9+.-]*:/i.test(path) ? path : `./${path}`;
}

/** A path as docutils reads it: spaces are left out unless they are escaped. */
export function restructuredtextPath(href: string): string {
  return decodePercent(href).replace(/[\\ ]/g, '\\$&');
}

function escapeAttribute(style: LinkStyle, text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  if (style !== 'template') return escaped;
  // What Svelte, Handlebars and Razor would compute.
  return escaped.replace(/[{}@]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Text between brackets; one with a comma or an equals sign would be read as several attributes. */
function asciidocAlt(alt: string): string {
  const escaped = alt.replace(/[\]|]/g, '\\$&');
  return /[",=]/.test(alt) ? `"${escaped.replaceAll('"', '\\"')}"` : escaped;
}
