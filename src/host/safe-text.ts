import { oneLine } from '../core/shown-text';

/**
 * A text of a file, a model or an agent for a notification, in which VS Code makes links, also to commands, of
 * `[text](address)`.
 * @param limit characters
 */
export function noticeText(text: string, limit?: number): string {
  return oneLine(text, limit).replaceAll('](', '] (');
}

/**
 * Such a text with its Markdown escaped. `MarkdownString.appendText` would also replace spaces, so that lines
 * do not wrap.
 * @param limit characters
 */
export function markdownText(text: string, limit?: number): string {
  return oneLine(text, limit).replace(/[!-/:-@[-`{-~]/g, '\\$&');
}
