import { h, icon, newId } from './dom';

export interface MenuItem {
  readonly label: string;
  readonly icon: string;
  readonly run: () => void;
}

/** A button that opens a menu. The arrow keys move in it, Escape closes it. */
export function menuButton(
  label: string,
  iconName: string,
  items: readonly MenuItem[],
): HTMLElement {
  const id = newId('menu');
  const list = h('div', { id, class: 'menu', role: 'menu', 'aria-label': label, hidden: true });
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
    button.setAttribute('aria-expanded', 'true');
    entries[0]?.focus();
  }
  function close(): void {
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
