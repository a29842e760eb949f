import { type Composition, KINDS, MOST_SUBJECTS } from '../../src/core/composition/composition';
import { h, icon, iconButton, rove, setAttribute } from '../controls/dom';
import { Popup } from '../controls/popup';
import { t } from '../l10n';
import { fillChoiceMenu, type MenuChoice } from './choice-menu';
import { fillGroundMenu } from './ground-menu';
import { GroundSwatch } from './ground-swatch';
import { changedParts, withKind, withSubject, type GroundValue } from '../state/parts';
import { fillSubjectMenu } from './subject-menu';
import { isUnknown } from '../state/vocabulary';
import { groundWords, kindWords, subjectWords } from '../state/part-words';

/** What the chips show. */
export interface ChipState {
  /** What the next image is composed of. */
  readonly composition: Composition;
  /** What the words of the prompt say by themselves. */
  readonly words: Composition;
  /** What lies behind, the setting considered. */
  readonly ground: GroundValue;
  /** The prompt goes to the model as it is, so nothing is composed. */
  readonly isPlain: boolean;
  readonly palette: readonly string[];
  /** Which reading of the prompt is drawn; 0 is the plain one. */
  readonly variation: number;
  /** Whether the user has changed something of what the words say. */
  readonly isChanged: boolean;
  /** The last word may not be whole yet. */
  readonly isTyping: boolean;
  readonly size: {
    readonly width: number;
    readonly height: number;
    /** Whether the user has chosen it. */
    readonly isChosen: boolean;
  };
}

export interface ChipActions {
  readonly change: (composition: Composition) => void;
  readonly chooseGround: (ground: GroundValue) => void;
  readonly chooseSize: (size: { width: number; height: number } | undefined) => void;
  readonly chooseVariation: (variation: number) => void;
  /** Takes back what the user has changed of the words. */
  readonly reset: () => void;
  readonly sizes: () => { readonly choices: readonly MenuChoice[]; readonly current: string };
}

/** What was understood of the prompt, as a row of small buttons. Each opens a menu that changes it. */
export class Chips {
  readonly element: HTMLElement;
  private readonly subjects: readonly Chip[];
  private readonly ground: Chip;
  private readonly kind: Chip;
  private readonly size: Chip;
  private readonly variation: HTMLButtonElement;
  private readonly reset: HTMLButtonElement;
  private readonly swatch = new GroundSwatch();
  private state: ChipState | undefined;

  constructor(private readonly actions: ChipActions) {
    this.subjects = Array.from({ length: MOST_SUBJECTS }, (_, at) => this.subjectChip(at));
    this.ground = new Chip(t('ground.label'), (panel) => {
      const { state } = this;
      if (!state) return undefined;
      const { ground: value, palette } = state;
      const choose = actions.chooseGround;
      return fillGroundMenu(panel, { value, palette, isWhole: true, choose });
    });
    this.ground.lead.append(this.swatch.element);
    this.kind = new Chip(t('kind'), (panel) => {
      const { state } = this;
      if (!state) return undefined;
      const { composition, words } = state;
      const choices = KINDS.map((kind) => ({ value: kind, label: kindWords(kind) }));
      return fillChoiceMenu(panel, t('kind'), choices, composition.kind, (value) => {
        const kind = KINDS.find((one) => one === value) ?? composition.kind;
        this.kind.popup.close();
        actions.change(withKind(composition, kind, words));
      });
    });
    this.size = new Chip(t('size'), (panel) => {
      const { choices, current } = actions.sizes();
      return fillChoiceMenu(panel, t('size'), choices, current, (value) => {
        this.size.popup.close();
        const [width = 0, height = 0] = value.split('x').map(Number);
        actions.chooseSize(width > 0 ? { width, height } : undefined);
      });
    });
    this.variation = h(
      'button',
      { type: 'button', class: 'chip changed', title: t('dropVariation') },
      { click: () => actions.chooseVariation(0) },
    );
    this.reset = iconButton({
      name: 'discard',
      label: t('resetParts'),
      class: 'chip-reset',
      onClick: () => {
        actions.reset();
        // The button is hidden once nothing is changed.
        this.ground.popup.button.focus();
      },
    });
    this.element = h(
      'div',
      { class: 'chips', role: 'toolbar', 'aria-label': t('parts') },
      {},
      ...this.subjects.map(({ element }) => element),
      this.ground.element,
      this.kind.element,
      this.size.element,
      this.variation,
      this.reset,
    );
    rove(this.element, '.chip, .chip-reset');
  }

  /** @param state undefined for a model that does not compose */
  show(state: ChipState | undefined): void {
    this.state = state;
    this.element.hidden = !state;
    if (!state) return;
    const { composition, words, ground, isPlain, palette, size, variation } = state;
    const isEmpty = composition.subjects.length === 0 && ground === 'auto';
    const changed = changedParts(composition, words);
    this.subjects.forEach((chip, at) => {
      const subject = composition.subjects[at];
      chip.isHidden = !subject || isPlain;
      if (!subject) return;
      const unknown = !state.isTyping && isUnknown(subject);
      chip.show(subjectWords(subject), changed.subject(at));
      chip.warn(unknown ? t('subjectUnknown', subject.words) : undefined);
    });
    this.swatch.show(ground, palette);
    this.ground.show(groundWords(ground), changed.ground);
    this.kind.isHidden = isPlain || isEmpty;
    this.kind.show(kindWords(composition.kind), changed.kind);
    this.size.show(t('sizeOf', size.width, size.height), size.isChosen);
    this.variation.hidden = variation === 0 || isPlain;
    this.variation.textContent = t('variationOf', variation);
    this.reset.hidden = !state.isChanged;
  }

  private subjectChip(at: number): Chip {
    const chip: Chip = new Chip(t('subject'), (panel) => {
      const { state } = this;
      const subject = state?.composition.subjects[at];
      if (!state || !subject) return undefined;
      return fillSubjectMenu(panel, {
        subject,
        isRemovable:
          state.composition.subjects.length > 1 || state.composition.ground !== undefined,
        choose: (next) => {
          const { composition } = this.state ?? state;
          this.actions.change(withSubject(composition, at, next));
        },
        close: chip.popup.close,
      });
    });
    return chip;
  }
}

/** One part, such as "Ground: sea": its name in grey, then what it is. */
class Chip {
  readonly popup: Popup;
  /** Stands before the text. */
  readonly lead = h('span', { class: 'chip-lead' });
  private readonly text = h('span', { class: 'chip-text' });
  private readonly mark = h('span', { class: 'chip-mark', hidden: true }, {}, icon('question'));

  constructor(
    private readonly name: string,
    fill: (panel: HTMLElement) => HTMLElement | undefined,
  ) {
    this.popup = new Popup({ label: name, class: 'chip', fill });
    this.popup.button.append(
      this.lead,
      h('span', { class: 'chip-name' }, {}, t('partIs', name, '')),
      this.text,
      this.mark,
    );
  }

  get element(): HTMLElement {
    return this.popup.element;
  }

  set isHidden(hidden: boolean) {
    this.popup.element.hidden = hidden;
    // The arrow keys pass by what is hidden itself.
    this.popup.button.hidden = hidden;
  }

  show(text: string, isChanged: boolean): void {
    const { button } = this.popup;
    const label = t('partIs', this.name, text);
    this.text.textContent = text;
    button.setAttribute('aria-label', label);
    button.title = label;
    button.classList.toggle('changed', isChanged);
    setAttribute(button, 'aria-description', isChanged ? t('partChanged') : undefined);
  }

  /** @param warning why the part may not come out; undefined for no warning */
  warn(warning: string | undefined): void {
    this.mark.hidden = warning === undefined;
    if (warning === undefined) return;
    this.popup.button.title = warning;
    this.popup.button.setAttribute('aria-description', warning);
  }
}
