import { oneLine } from './shown-text';

/** Characters of an alternative text at most. */
const MAX_ALT = 2000;

/** An image in Markdown, in one line. @param href must be escaped, see `escapeLink` */
export function markdownImage(href: string, alt: string): string {
  return `![${escapeMarkdown(oneLine(alt, MAX_ALT))}](${href})`;
}

/** Escapes the characters of a text that have a meaning in Markdown. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>|~$]/g, '\\$&').replace(/&(?=#?\w+;)/g, '\\&');
}

/**
 * Percent-encodes the characters that would end or change a link in Markdown, HTML or CSS, and `%`. Letters of
 * all scripts stay readable.
 */
export function escapeLink(path: string): string {
  return path.replaceAll(
    // eslint-disable-next-line no-control-regex -- control characters must be encoded
    /[\u0000-\u0020"'()<>[\]\\^`{|}#?%\u007f-\u00a0\u2028\u2029]/g,
    (character) =>
      [...new TextEncoder().encode(character)]
        .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
        .join(''),
  );
}
