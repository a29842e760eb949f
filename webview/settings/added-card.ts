import { h, iconButton, newId } from '../controls/dom';
import { t } from '../l10n';

/** A card's heading. */
export interface CardHead {
  readonly title: string;
  /** One sentence of what it does. */
  readonly help?: string;
  readonly remove: () => void;
}

/** What the menu *Add control* has added: a title with a button that removes it, and its own controls. */
export function addedCard({ title, help, remove }: CardHead, ...own: HTMLElement[]) {
  const id = newId('added');
  const reason = h('p', { class: 'added-reason' });
  const content = h('div', { class: 'added-own' }, {}, ...own);
  const element = h(
    'div',
    { class: 'added', role: 'group', 'aria-labelledby': id, hidden: true },
    {},
    h(
      'div',
      { class: 'added-head' },
      {},
      h('span', { class: 'added-title', id }, {}, title),
      iconButton({ name: 'close', label: t('removeAddition', title), onClick: remove }),
    ),
    help !== undefined && h('p', { class: 'added-help' }, {}, help),
    reason,
    content,
  );
  return {
    element,
    /** @param refused why its controls cannot be used; undefined where they can */
    show(isAdded: boolean, refused: string | undefined): void {
      element.hidden = !isAdded;
      reason.hidden = refused === undefined;
      reason.textContent = refused ?? '';
      content.hidden = refused !== undefined;
    },
  };
}
