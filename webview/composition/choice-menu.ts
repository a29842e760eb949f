import { h } from '../controls/dom';
import { roveGrid } from '../controls/popup';

export interface MenuChoice {
  readonly value: string;
  readonly label: string;
  /** Said beside it, in grey. */
  readonly note?: string;
}

/** Fills a panel with a list to choose one of. @returns the entry that is chosen now */
export function fillChoiceMenu(
  panel: HTMLElement,
  label: string,
  choices: readonly MenuChoice[],
  current: string,
  choose: (value: string) => void,
): HTMLElement | undefined {
  const entries = choices.map((choice) => {
    const isCurrent = choice.value === current;
    return h(
      'button',
      {
        type: 'button',
        role: 'radio',
        class: 'choice',
        'aria-checked': String(isCurrent),
        tabindex: isCurrent ? 0 : -1,
      },
      { click: () => choose(choice.value) },
      h('span', {}, {}, choice.label),
      choice.note !== undefined && h('span', { class: 'choice-note' }, {}, choice.note),
    );
  });
  const first = entries.find((entry) => entry.tabIndex === 0) ?? entries[0];
  if (first) first.tabIndex = 0;
  const list = h(
    'div',
    { class: 'choices', role: 'radiogroup', 'aria-label': label },
    {},
    ...entries,
  );
  roveGrid(list, '.choice');
  panel.replaceChildren(list);
  return first;
}
