import { isToolIcon, toolIcon } from './tool-icons';

type Child = Node | string | undefined | false;

type Listeners = {
  readonly [E in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[E]) => void;
};

export type Properties = Readonly<Record<string, string | number | boolean | undefined>>;

/** Creates an element. An attribute of `true` is set empty; one of `false` or undefined is not set. */
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

/** A codicon, or an icon of a drawing tool. Screen readers skip it: the control around it has the name. */
export function icon(name: string): Element {
  if (isToolIcon(name)) return toolIcon(name);
  return h('span', { class: `codicon codicon-${name}`, 'aria-hidden': 'true' });
}

export interface IconButton {
  readonly name: string;
  readonly label: string;
  readonly class?: string | undefined;
  readonly onClick: () => void;
}

/** A button with only an icon. The label is its name and its tooltip. */
export function iconButton({ name, label, class: extra = '', onClick }: IconButton) {
  return h(
    'button',
    { type: 'button', class: `icon-button ${extra}`.trim(), title: label, 'aria-label': label },
    { click: onClick },
    icon(name),
  );
}

/** A button with a text alone. */
export function plainButton(label: string, onClick: () => void): HTMLButtonElement {
  return h('button', { type: 'button', class: 'button secondary' }, { click: onClick }, label);
}

/** A button with an icon and a text. */
export function textButton({ name, label, class: extra = '', onClick }: IconButton) {
  return h(
    'button',
    { type: 'button', class: `button ${extra}`.trim() },
    { click: onClick },
    icon(name),
    h('span', { class: 'button-text' }, {}, label),
  );
}

/**
 * Whether the keyboard writes into an element. The focus of a page stays where it was while the keyboard is elsewhere in
 * the editor, and `focus()` would take it from there.
 */
export function hasFocusWithin(element: HTMLElement): boolean {
  return document.hasFocus() && element.contains(document.activeElement);
}

let lastId = 0;

/** A new id, such as for a label's `for`. */
export function newId(prefix: string): string {
  lastId += 1;
  return `${prefix}-${lastId}`;
}

/**
 * Makes a row of controls one tab stop (roving `tabindex`). The arrow keys, Home and End move in it.
 * @param selector matches the controls
 */
export function rove(row: HTMLElement, selector: string): void {
  const items = () =>
    [...row.querySelectorAll<HTMLElement>(selector)].filter((item) => !item.hidden);
  row.addEventListener('keydown', (event) => {
    // A narrow page leaves some out.
    const list = items().filter((item) => item.checkVisibility());
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

/** Makes one item the tab stop, and the others not. */
export function setTabStop(items: readonly HTMLElement[], stop: HTMLElement | undefined): void {
  for (const item of items) item.tabIndex = item === stop ? 0 : -1;
}
