import { h, icon, newId } from './dom';

export interface MenuItem {
  readonly label: string;
  readonly icon: string;
  readonly run: () => void;
}

/** Pixels between a menu and what is around it. */
const MARGIN = 4;

/** Places a menu above its button, or below it where there is no room, wholly inside of the page. */
function place(list: HTMLElement, button: DOMRect): void {
  const { offsetWidth: width, offsetHeight: height } = list;
  const above = button.top - height - MARGIN;
  const top = above >= MARGIN ? above : button.bottom + MARGIN;
  const inside = (at: number, size: number, page: number) =>
    Math.max(MARGIN, Math.min(at, page - size - MARGIN));
  list.style.left = `${inside(button.right - width, width, innerWidth)}px`;
  list.style.top = `${inside(top, height, innerHeight)}px`;
}

/** A button that opens a menu. The arrow keys move in it, Escape closes it. */
export function menuButton(
  label: string,
  iconName: string,
  items: readonly MenuItem[],
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
      class: 'icon-button menu-button',
      title: label,
      'aria-label': label,
      'aria-haspopup': 'menu',
      'aria-expanded': 'false',
      'aria-controls': id,
    },
    { click: () => (list.hidden ? open() : close()) },
    icon(iconName),
    icon('chevron-down'),
  );
  const entries = items.map((item) =>
    h(
      'button',
      { type: 'button', role: 'menuitem', class: 'menu-item', tabindex: -1 },
      {
        click: () => {
          close();
          item.run();
        },
      },
      icon(item.icon),
      item.label,
    ),
  );
  list.append(...entries);
  const root = h('div', { class: 'menu-root' }, {}, button, list);

  function open(): void {
    list.hidden = false;
    list.showPopover();
    place(list, button.getBoundingClientRect());
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
