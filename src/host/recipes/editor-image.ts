/** Endings of the images that VS Code's own hover shows (vscode-markdown-languageservice, `media.ts`). */
const SHOWN_BY_EDITOR = /\.(?:bmp|gif|ico|jpe?g|png|svg|webp)$/i;

/**
 * Whether VS Code's Markdown support shows the image itself in a hover at a place: it does over the address
 * of a link, not over its text. The hovers of one place are shown together.
 * @param text of the reference
 * @param offset in that text
 */
export function editorShowsImage(languageId: string, text: string, offset: number): boolean {
  if (languageId !== 'markdown') return false;
  const place = addressIn(text);
  if (!place || offset < place.start || offset > place.end) return false;
  return SHOWN_BY_EDITOR.test(text.slice(place.start, place.end).replace(/[?#].*$/s, ''));
}

/** Where the address stands in an image of Markdown, or in an `<img>` within it. */
function addressIn(text: string): { readonly start: number; readonly end: number } | undefined {
  const [, before, address] = /^([^]*?\bsrc\s*=\s*["']?)([^"'\s>]*)/.exec(text) ?? [];
  if (text.startsWith('<') && before !== undefined && address !== undefined) {
    return { start: before.length, end: before.length + address.length };
  }
  const open = text.lastIndexOf('](');
  if (open === -1 || !text.endsWith(')')) return undefined;
  const inside = text.slice(open + 2, -1);
  const start = open + 2 + (/^\s*<?/.exec(inside)?.[0].length ?? 0);
  // Between angle brackets an address can have spaces.
  const pattern = text[start - 1] === '<' ? /^[^>\n]*/ : /^\S*/;
  const length = pattern.exec(text.slice(start, -1))?.[0].length ?? 0;
  return { start, end: start + length };
}
