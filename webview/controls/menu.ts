import { h, icon, newId, setAttribute } from './dom';

export interface MenuItem {
  readonly label: string;
  readonly icon: string;
  readonly run: () => void;
  /** It begins a group: a line is above it. */
  readonly begins?: boolean;
  /** Why the entry cannot be chosen now, shown in it; undefined where it can. */
  readonly refused?: () => string | undefined;
}

export interface MenuOptions {
  /** The button shows its label; else only its icon. */
  readonly text?: boolean;
}

/** Pixels between a menu and what is around it. */
const MARGIN = 4;

/**
 * Places a menu above its button, or below it where there is no room, wholly inside of the page.
 * @param fromLeft its left edge is that of the button; else its right edge
 */
function place(list: HTMLElement, button: DOMRect, fromLeft: boolean): void {
  const { offsetWidth: width, offsetHeight: height } = list;
  const above = button.top - height - MARGIN;
  const top = above >= MARGIN ? above : button.bottom + MARGIN;
  const inside = (at: number, size: number, page: number) =>
    Math.max(MARGIN, Math.min(at, page - size - MARGIN));
  list.style.left = `${inside(fromLeft ? button.left : button.right - width, width, innerWidth)}px`;
  list.style.top = `${inside(top, height, innerHeight)}px`;
}

/** A button that opens a menu. The arrow keys move in it, Escape closes it. */
export function menuButton(
  label: string,
  iconName: string,
  items: readonly MenuItem[],
  { text = false }: MenuOptions = {},
): HTMLElement {
  const id = newId('menu');
  // A popover lies above all else, and is not cut off by a toolbar that scrolls.
  const list = h('div', {
    id,
    class: 'menu',
    role: 'menu',
    'aria-label': label,
    popover: 'manual',
    hidden: true,
  });
  const button = h(
    'button',
    {
      type: 'button',
      class: text ? 'button secondary menu-button' : 'icon-button menu-button',
      ...(!text && { title: label, 'aria-label': label }),
      'aria-haspopup': 'menu',
      'aria-expanded': 'false',
      'aria-controls': id,
    },
    { click: () => (list.hidden ? open() : close()) },
    icon(iconName),
    text && h('span', { class: 'button-text' }, {}, label),
    icon('chevron-down'),
  );
  const made = items.map((item) => menuEntry(item, close));
  const entries = made.map(({ element }) => element);
  list.append(...entries);
  const root = h('div', { class: 'menu-root' }, {}, button, list);

  function open(): void {
    for (const { update } of made) update();
    list.hidden = false;
    list.showPopover();
    place(list, button.getBoundingClientRect(), text);
    button.setAttribute('aria-expanded', 'true');
    entries[0]?.focus();
  }
  function close(): void {
    if (list.hidden) return;
    list.hidePopover();
    list.hidden = true;
    button.setAttribute('aria-expanded', 'false');
  }
  root.addEventListener('focusout', (event) => {
    if (!root.contains(event.relatedTarget as Node | null)) close();
  });
  list.addEventListener('keydown', (event) => {
    const at = entries.findIndex((entry) => entry === document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }[
      event.key
    ];
    if (next !== undefined) entries[(next + entries.length) % entries.length]?.focus();
    else if (event.key === 'Escape') {
      close();
      button.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return root;
}

/** An entry of a menu. One that is refused can be reached by the arrow keys too, so that its reason is heard. */
function menuEntry(item: MenuItem, close: () => void) {
  const { label, icon: iconName, run, begins = false, refused } = item;
  const reason = h('span', { class: 'menu-reason', hidden: true });
  const element = h(
    'button',
    {
      type: 'button',
      role: 'menuitem',
      class: begins ? 'menu-item begins' : 'menu-item',
      tabindex: -1,
    },
    {
      click: () => {
        if (refused?.() !== undefined) return;
        close();
        run();
      },
    },
    icon(iconName),
    h('span', { class: 'menu-text' }, {}, label, reason),
  );
  return {
    element,
    update: (): void => {
      const why = refused?.();
      setAttribute(element, 'aria-disabled', why === undefined ? undefined : 'true');
      reason.hidden = why === undefined;
      reason.textContent = why ?? '';
    },
  };
}
