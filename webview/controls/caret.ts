import { h } from './dom';

/** Properties that decide where a text breaks into lines. */
const LAYOUT = [
  'boxSizing',
  'fontFamily',
  'fontSize',
  'fontStyle',
  'fontWeight',
  'letterSpacing',
  'lineHeight',
  'paddingLeft',
  'paddingRight',
  'tabSize',
  'textIndent',
  'wordSpacing',
] as const;

/**
 * Whether the caret of a text field is on its first and on its last line, as they are shown: long texts wrap.
 * Neither where text is selected.
 */
export function caretLines(input: HTMLTextAreaElement): { first: boolean; last: boolean } {
  const { value, selectionStart, selectionEnd } = input;
  if (selectionStart !== selectionEnd) return { first: false, last: false };
  const style = getComputedStyle(input);
  const copy = h('div', { class: 'text-measure', 'aria-hidden': 'true' });
  for (const property of LAYOUT) copy.style[property] = style[property];
  copy.style.width = `${input.clientWidth}px`;
  const [start, caret, end] = [mark(), mark(), mark()];
  copy.append(start, value.slice(0, selectionStart), caret, value.slice(selectionStart), end);
  document.body.append(copy);
  const at = caret.offsetTop;
  const lines = { first: at === start.offsetTop, last: at === end.offsetTop };
  copy.remove();
  return lines;
}

/** A place in a text, of no width. */
function mark(): HTMLElement {
  return h('span', {}, {}, '\u200b');
}
