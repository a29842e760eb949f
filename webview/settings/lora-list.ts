import { LIMITS } from '../../src/core/request/fields/limits';
import { h, icon, iconButton, setAttribute } from '../controls/dom';
import { numberField, selectBox } from '../controls/fields';
import { t } from '../l10n';
import type { Form } from '../state/form';
import { saysWords, type FormLora, type ListedLora, type Loras } from '../state/loras';
import { addedCard } from './added-card';
import { modelLabel } from './labels';

/** As far as the slider goes; more distorts an image. */
const SLIDER = { sliderMin: -1, sliderMax: 2 };
const USUAL_WEIGHT = 1;

export interface LoraActions {
  readonly change: (fields: Partial<Form>) => void;
  readonly removeLoras: () => void;
  /** Adds a phrase to the prompt. */
  readonly addWords: (words: string) => void;
  /** Opens the setting of the folders. */
  readonly chooseLoraFolders: () => void;
}

/** The LoRAs that are merged into the model, each with its weight and its words for the prompt. */
export class LoraList {
  readonly element: HTMLElement;
  private readonly card;
  private readonly rows = h('ul', { class: 'loras' });
  private readonly more;
  private readonly none = h('p', { class: 'hint' });
  private readonly folders: HTMLElement;
  private shown: readonly LoraRow[] = [];
  private loras: readonly FormLora[] = [];

  constructor(private readonly actions: LoraActions) {
    this.more = selectBox((path) => this.set([...this.loras, { path, scale: USUAL_WEIGHT }]));
    this.more.element.setAttribute('aria-label', t('addLora'));
    this.folders = h(
      'button',
      { type: 'button', class: 'link' },
      { click: actions.chooseLoraFolders },
      t('loraFolders'),
    );
    this.card = addedCard(
      { title: t('loras.label'), remove: actions.removeLoras },
      ...[this.rows, this.more.element, this.none, this.folders],
    );
    this.element = this.card.element;
  }

  show(form: Form, { refused, listed, more }: Loras): void {
    this.loras = form.loras;
    this.card.show(form.added.includes('loras') || form.loras.length > 0, refused);
    this.placeRows(listed);
    listed.forEach((one, index) => this.shown[index]?.show(one, form.prompt));
    this.more.element.hidden = more.length === 0;
    this.none.hidden = this.folders.hidden = more.length > 0;
    const isEmpty = listed.every((one) => one.refused !== undefined);
    this.none.textContent = t(isEmpty ? 'lorasNone' : 'lorasAll', modelLabel(form.model));
    this.more.show(
      [
        { value: '', label: t('chooseLora') },
        ...more.map(({ id, label }) => ({ value: id, label, title: id })),
      ],
      '',
    );
  }

  /** A row that is there stays, so that its slider can be dragged. */
  private placeRows(listed: readonly ListedLora[]): void {
    const isSame = listed.length === this.shown.length;
    if (isSame && listed.every((one, index) => this.shown[index]?.isOf(one))) return;
    const old = [...this.shown];
    this.shown = listed.map((one) => {
      const at = old.findIndex((row) => row.isOf(one));
      const [kept] = at < 0 ? [] : old.splice(at, 1);
      return kept ?? this.makeRow(one);
    });
    this.rows.replaceChildren(...this.shown.map(({ element }) => element));
  }

  private makeRow({ lora: { path }, label }: ListedLora): LoraRow {
    const row: LoraRow = new LoraRow(path, label, {
      weigh: (scale) =>
        this.set(
          this.loras.map((lora, index) => (this.is(row, index) ? { ...lora, scale } : lora)),
        ),
      remove: () => {
        this.more.element.focus();
        this.set(this.loras.filter((_, index) => !this.is(row, index)));
      },
      addWords: this.actions.addWords,
    });
    return row;
  }

  private is(row: LoraRow, index: number): boolean {
    return this.shown[index] === row;
  }

  private set(loras: readonly FormLora[]): void {
    this.actions.change({ loras: [...loras] });
  }
}

interface RowActions {
  readonly weigh: (scale: number) => void;
  readonly remove: () => void;
  readonly addWords: (words: string) => void;
}

/** One LoRA: its name, its weight, and its words for the prompt. */
class LoraRow {
  readonly element: HTMLLIElement;
  private readonly weight;
  private readonly words = h('div', { class: 'lora-words' });
  private readonly note = h('p', { class: 'hint' });

  constructor(
    private readonly path: string,
    private readonly label: string,
    private readonly actions: RowActions,
  ) {
    const name = t('removeLora', label);
    this.weight = numberField({
      label,
      ...{ ...LIMITS.loraScale, ...SLIDER, step: 0.05 },
      button: iconButton({ name: 'close', label: name, onClick: actions.remove }),
      onChange: (scale) => actions.weigh(scale ?? USUAL_WEIGHT),
    });
    this.weight.element.title = path;
    this.words.setAttribute('role', 'group');
    this.words.setAttribute('aria-label', t('loraWords'));
    this.element = h('li', { class: 'lora' }, {}, this.weight.element, this.note, this.words);
  }

  /** The name is known once the host has told which LoRAs there are. */
  isOf({ lora, label }: ListedLora): boolean {
    return this.path === lora.path && this.label === label;
  }

  show({ lora, words, refused }: ListedLora, prompt: string): void {
    const { scale, weights } = lora;
    this.weight.show(scale === USUAL_WEIGHT ? undefined : scale, USUAL_WEIGHT);
    this.element.classList.toggle('refused', refused !== undefined);
    const parts = Object.entries(weights ?? {}).map(([part, weight]) => `${part} ${weight}`);
    this.note.textContent = refused ?? (parts.length > 0 ? t('loraParts', parts.join(', ')) : '');
    this.note.hidden = this.note.textContent === '';
    this.words.hidden = refused !== undefined || words.length === 0;
    if (this.words.dataset.shown !== words.join('\0')) {
      this.words.dataset.shown = words.join('\0');
      this.words.replaceChildren(...words.map((phrase) => this.wordButton(phrase)));
    }
    for (const button of this.words.querySelectorAll('button')) {
      const isSaid = saysWords(prompt, button.value);
      setAttribute(button, 'aria-disabled', isSaid && 'true');
    }
  }

  private wordButton(phrase: string): HTMLButtonElement {
    return h(
      'button',
      { type: 'button', class: 'lora-word', value: phrase, title: t('addWords', phrase) },
      { click: () => this.actions.addWords(phrase) },
      icon('add'),
      h('span', {}, {}, phrase),
    );
  }
}
