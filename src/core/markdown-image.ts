/** A picture in Markdown. */
export function markdownImage(href: string, alt: string): string {
  return `![${escapeMarkdown(alt)}](${href})`;
}

/** Keeps a text's own marks from being read as Markdown. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>|~$]/g, '\\$&').replace(/&(?=#?\w+;)/g, '\\&');
}

/**
 * Percent-encodes what ends or changes a link in Markdown, HTML or CSS, and `%` itself; letters of any
 * script stay readable.
 */
export function escapeLink(path: string): string {
  return path.replaceAll(
    // eslint-disable-next-line no-control-regex -- control characters are what must not stay
    /[\u0000-\u0020"'()<>[\]\\^`{|}#?%\u007f-\u00a0\u2028\u2029]/g,
    (character) =>
      [...new TextEncoder().encode(character)]
        .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
        .join(''),
  );
}
