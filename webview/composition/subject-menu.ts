import { LONGEST_WORDS, MOST_OF_ONE, type Subject } from '../../src/core/composition/composition';
import { h, iconButton, newId } from '../controls/dom';
import { t } from '../l10n';
import { thingImage } from './thing-image';
import { isUnknown, nearestThings, subjectOf } from '../state/vocabulary';

/** Things that are offered at a time. */
const OFFERED = 6;

export interface SubjectMenuOptions {
  readonly subject: Subject;
  /** Whether the image is something without it. */
  readonly isRemovable: boolean;
  readonly choose: (subject: Subject | undefined) => void;
  readonly close: () => void;
}

/** Fills a panel with what a subject can be: any words, or the nearest things that the model knows. */
export function fillSubjectMenu(
  panel: HTMLElement,
  { subject, isRemovable, choose, close }: SubjectMenuOptions,
): HTMLElement {
  let { count } = subject;
  const input = h(
    'input',
    {
      type: 'text',
      class: 'text-input',
      value: subject.words,
      maxlength: LONGEST_WORDS,
      id: newId('subject'),
      autocomplete: 'off',
      spellcheck: 'false',
    },
    {
      input: () => offer(input.value),
      keydown: (event) => {
        if (event.isComposing) return;
        if (event.key === 'Enter') apply(input.value);
        else if (event.key === 'ArrowDown') list.querySelector('button')?.focus();
        else return;
        event.preventDefault();
      },
    },
  );
  const list = h('div', { class: 'thing-list', role: 'group', 'aria-label': t('nearestThings') });
  list.addEventListener('keydown', (event) => {
    const buttons = [...list.querySelectorAll('button')];
    const at = buttons.findIndex((button) => button === document.activeElement);
    if (event.key === 'ArrowDown') buttons[Math.min(at + 1, buttons.length - 1)]?.focus();
    else if (event.key === 'ArrowUp') (buttons[at - 1] ?? input).focus();
    else return;
    event.preventDefault();
  });
  const shownCount = h('output', { class: 'count' });
  const fewer = iconButton({ name: 'remove', label: t('fewer'), onClick: () => setCount(-1) });
  const more = iconButton({ name: 'add', label: t('moreOfIt'), onClick: () => setCount(1) });

  function apply(text: string): void {
    const words = text.trim();
    if (words) {
      const read = subjectOf(words);
      choose({
        ...read,
        count: read.count > 1 ? read.count : count,
        ...(subject.relation && { relation: subject.relation }),
      });
    }
    close();
  }
  function setCount(by: number): void {
    count = Math.min(MOST_OF_ONE, Math.max(1, count + by));
    showCount();
    choose({ ...subject, count });
  }
  function showCount(): void {
    shownCount.textContent = String(count);
    fewer.disabled = count <= 1;
    more.disabled = count >= MOST_OF_ONE;
  }
  function offer(text: string): void {
    const things = nearestThings(text, OFFERED).filter((thing) => thing !== text.trim());
    list.replaceChildren(
      ...things.map((thing) =>
        h(
          'button',
          { type: 'button', class: 'thing-option', tabindex: -1 },
          { click: () => apply(thing) },
          thingImage(thing),
          thing,
        ),
      ),
    );
    list.hidden = things.length === 0;
  }

  const countRow = h(
    'div',
    { class: 'count-row', role: 'group', 'aria-label': t('howMany') },
    {},
    h('span', {}, {}, t('howMany')),
    fewer,
    shownCount,
    more,
  );
  panel.replaceChildren(
    h('label', { for: input.id, class: 'popup-head' }, {}, t('subject')),
    input,
    ...(isUnknown(subject)
      ? [h('p', { class: 'hint' }, {}, t('subjectUnknown', subject.words))]
      : []),
    list,
    countRow,
  );
  if (isRemovable) {
    const remove = () => {
      choose(undefined);
      close();
    };
    panel.append(
      h('button', { type: 'button', class: 'link' }, { click: remove }, t('removeSubject')),
    );
  }
  showCount();
  offer(subject.words);
  input.select();
  return input;
}
