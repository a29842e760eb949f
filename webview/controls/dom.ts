import { isToolIcon, toolIcon } from './tool-icons';

type Child = Node | string | undefined | false;

type Listeners = {
  readonly [E in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[E]) => void;
};

export type Properties = Readonly<Record<string, string | number | boolean | undefined>>;

/** Makes an element: attributes as named (`true` is an empty attribute, `false` none), and listeners. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Properties = {},
  listeners: Listeners = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  for (const [type, listener] of Object.entries(listeners)) {
    element.addEventListener(type, listener as EventListener);
  }
  element.append(...children.filter((child) => child !== undefined && child !== false));
  return element;
}

export function setAttribute(
  element: Element,
  name: string,
  value: string | number | boolean | undefined,
): void {
  if (value === undefined || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? '' : String(value));
}

/** A codicon, or one of the drawing tools' icons; never read aloud, the control around it has the name. */
export function icon(name: string): Element {
  if (isToolIcon(name)) return toolIcon(name);
  return h('span', { class: `codicon codicon-${name}`, 'aria-hidden': 'true' });
}

export interface IconButton {
  readonly name: string;
  readonly label: string;
  readonly class?: string;
  readonly onClick: () => void;
}

/** A button that shows only an icon; its name is the tooltip too. */
export function iconButton({ name, label, class: extra = '', onClick }: IconButton) {
  return h(
    'button',
    { type: 'button', class: `icon-button ${extra}`.trim(), title: label, 'aria-label': label },
    { click: onClick },
    icon(name),
  );
}

/** A button with an icon and words. */
export function textButton({ name, label, class: extra = '', onClick }: IconButton) {
  return h(
    'button',
    { type: 'button', class: `button ${extra}`.trim() },
    { click: onClick },
    icon(name),
    h('span', { class: 'button-text' }, {}, label),
  );
}

let lastId = 0;

/** An id for tying a label to its control. */
export function newId(prefix: string): string {
  lastId += 1;
  return `${prefix}-${lastId}`;
}

/** One tab stop for a row of controls, walked with the arrow keys, Home and End. */
export function rove(row: HTMLElement, selector: string): void {
  const items = () =>
    [...row.querySelectorAll<HTMLElement>(selector)].filter((item) => !item.hidden);
  row.addEventListener('keydown', (event) => {
    const list = items();
    const at = list.findIndex((item) => item === document.activeElement);
    if (at < 0) return;
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: list.length - 1 }[
      event.key
    ];
    if (next === undefined) return;
    event.preventDefault();
    list[(next + list.length) % list.length]?.focus();
  });
  row.addEventListener('focusin', (event) => {
    const focused = (event.target as HTMLElement).closest<HTMLElement>(selector);
    if (focused) setTabStop(items(), focused);
  });
  setTabStop(items(), items()[0]);
}

/** Gives exactly one of these the tab stop. */
export function setTabStop(items: readonly HTMLElement[], stop: HTMLElement | undefined): void {
  for (const item of items) item.tabIndex = item === stop ? 0 : -1;
}
