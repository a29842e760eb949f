import { h, newId } from './dom';

/** Pixels between a panel and what is around it. */
const MARGIN = 4;

export interface PopupOptions {
  /** The name of the panel for screen readers. */
  readonly label: string;
  /** A class of the button. */
  readonly class: string;
  /** Fills the panel each time it is opened. @returns what gets the focus */
  readonly fill: (panel: HTMLElement) => HTMLElement | undefined;
}

/** A button that opens a panel with controls. Escape, Tab out of it and a click elsewhere close it. */
export class Popup {
  readonly element: HTMLElement;
  readonly button: HTMLButtonElement;
  private readonly panel: HTMLElement;

  constructor(private readonly options: PopupOptions) {
    const id = newId('popup');
    this.panel = h('div', {
      id,
      class: 'popup',
      role: 'dialog',
      'aria-label': options.label,
      popover: 'manual',
      hidden: true,
    });
    this.button = h(
      'button',
      {
        type: 'button',
        class: options.class,
        'aria-haspopup': 'dialog',
        'aria-expanded': 'false',
        'aria-controls': id,
      },
      { click: () => (this.isOpen ? this.close() : this.open()) },
    );
    this.element = h('span', { class: 'popup-root' }, {}, this.button, this.panel);
    this.listen();
  }

  get isOpen(): boolean {
    return !this.panel.hidden;
  }

  open(): void {
    const { panel, button } = this;
    const focus = this.options.fill(panel);
    panel.hidden = false;
    panel.showPopover();
    this.place();
    button.setAttribute('aria-expanded', 'true');
    document.addEventListener('pointerdown', this.closeFromOutside, true);
    window.addEventListener('resize', this.closeQuietly);
    focus?.focus();
  }

  /** Closes the panel, and gives the focus back where it was inside. */
  readonly close = (): void => {
    const hadFocus = this.panel.contains(document.activeElement);
    this.closeQuietly();
    if (hadFocus) this.button.focus();
  };

  private readonly closeQuietly = (): void => {
    const { panel } = this;
    if (panel.hidden) return;
    document.removeEventListener('pointerdown', this.closeFromOutside, true);
    window.removeEventListener('resize', this.closeQuietly);
    panel.hidePopover();
    panel.hidden = true;
    panel.replaceChildren();
    this.button.setAttribute('aria-expanded', 'false');
  };

  private readonly closeFromOutside = (event: Event): void => {
    if (!this.element.contains(event.target as Node)) this.closeQuietly();
  };

  private listen(): void {
    this.element.addEventListener('focusout', (event) => {
      const to = event.relatedTarget as Node | null;
      // The system's colour picker takes the focus to nowhere.
      if (to && !this.element.contains(to)) this.closeQuietly();
    });
    this.panel.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.close();
      else if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
      else {
        // The row of the button moves by these keys; the panel is not a part of it.
        event.stopPropagation();
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    });
  }

  /** Above the button, or below it where there is more room, wholly inside of the page. */
  private place(): void {
    const { panel, button } = this;
    const at = button.getBoundingClientRect();
    const above = at.top - 2 * MARGIN;
    const below = innerHeight - at.bottom - 2 * MARGIN;
    panel.style.maxHeight = `${Math.max(above, below)}px`;
    const { offsetWidth: width, offsetHeight: height } = panel;
    const isAbove = height <= above || above >= below;
    const left = Math.min(at.left, innerWidth - width - MARGIN);
    panel.style.left = `${Math.max(MARGIN, left)}px`;
    panel.style.top = `${isAbove ? at.top - height - MARGIN : at.bottom + MARGIN}px`;
  }
}

/**
 * Lets the arrow keys, Home and End move in a grid of buttons, as many in a row as there is room for; the grid
 * is one tab stop.
 */
export function roveGrid(grid: HTMLElement, selector: string): void {
  const items = () => [...grid.querySelectorAll<HTMLElement>(selector)];
  grid.addEventListener('keydown', (event) => {
    const list = items();
    const at = list.findIndex((item) => item === document.activeElement);
    if (at < 0) return;
    const next = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1,
      ArrowDown: inNextRow(list, at, 1),
      ArrowUp: inNextRow(list, at, -1),
      Home: 0,
      End: list.length - 1,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const item = list[(next + list.length) % list.length];
    for (const other of list) other.tabIndex = other === item ? 0 : -1;
    item?.focus();
  });
}

/** The item of the row before or after that is nearest in its place; the same one where there is none. */
function inNextRow(items: readonly HTMLElement[], at: number, direction: -1 | 1): number {
  const from = items[at]?.getBoundingClientRect();
  if (!from) return at;
  const boxes = items.map((item) => item.getBoundingClientRect());
  const rows = boxes
    .map(({ top }) => top)
    .filter((top) => (direction > 0 ? top > from.top + 1 : top < from.top - 1));
  if (rows.length === 0) return at;
  const row = direction > 0 ? Math.min(...rows) : Math.max(...rows);
  let best = at;
  let nearest = Infinity;
  boxes.forEach(({ left, top }, index) => {
    const distance = Math.abs(left - from.left);
    if (Math.abs(top - row) > 1 || distance >= nearest) return;
    best = index;
    nearest = distance;
  });
  return best;
}
