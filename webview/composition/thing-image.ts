import { h } from '../controls/dom';
import { cellOf } from '../state/vocabulary';

/** Small images in a row of the sheet `things.webp`, which the style sheet shows. */
const COLUMNS = 36;

/** The small image of a thing that the starter knows; empty for any other word. */
export function thingImage(thing: string | undefined): HTMLElement {
  const element = h('span', { class: 'thing-image', 'aria-hidden': 'true' });
  const cell = thing === undefined ? undefined : cellOf(thing);
  if (cell === undefined) element.classList.add('unknown');
  else {
    element.style.setProperty('--column', String(cell % COLUMNS));
    element.style.setProperty('--row', String(Math.floor(cell / COLUMNS)));
  }
  return element;
}
