import { h, newId } from '../controls/dom';
import { t } from '../l10n';
import { thingImage } from './thing-image';
import type { Completion, Completions } from '../state/vocabulary';

/** Pixels between the list and the prompt. */
const GAP = 2;
/** A page lower than this, in pixels, shows fewer entries, so that the image stays in sight. */
const LOW = 460;
const ENTRIES = { usual: 6, low: 3 } as const;

export interface CompletionActions {
  /** The entries for a text up to the caret, the best first. */
  readonly complete: (text: string, count: number) => Completions;
  /** Puts an entry into the text. */
  readonly take: (entry: Completion) => void;
  readonly announce: (text: string) => void;
}

/**
 * The things that the model knows, offered while words are typed. The focus stays in the prompt. None is chosen
 * until an arrow key chooses one, so that Enter draws and Up brings back earlier prompts as ever.
 */
export class CompletionList {
  readonly element: HTMLElement;
  private readonly id = newId('completions');
  private entries: readonly Completion[] = [];
  private isWhole = false;
  private options: readonly HTMLElement[] = [];
  /** -1 for none. */
  private chosen = -1;

  constructor(
    private readonly input: HTMLTextAreaElement,
    private readonly actions: CompletionActions,
  ) {
    this.element = h('div', {
      id: this.id,
      class: 'completions',
      role: 'listbox',
      'aria-label': t('completions'),
      popover: 'manual',
      hidden: true,
    });
    input.setAttribute('aria-autocomplete', 'list');
    // The prompt keeps the focus.
    this.element.addEventListener('pointerdown', (event) => event.preventDefault());
    input.addEventListener('blur', () => this.close());
    window.addEventListener('resize', () => this.close());
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  /** Offers what the text up to the caret can become; called when the user has typed. */
  update(): void {
    const { selectionStart, selectionEnd, value } = this.input;
    const count = innerHeight < LOW ? ENTRIES.low : ENTRIES.usual;
    if (selectionStart !== selectionEnd || !isWordEnd(value, selectionEnd)) {
      this.close();
      return;
    }
    const { entries, isWhole } = this.actions.complete(value.slice(0, selectionEnd), count);
    this.isWhole = isWhole;
    if (entries.length === 0) this.close();
    else this.show(entries);
  }

  /** @returns whether the key was for the list */
  handleKey(event: KeyboardEvent): boolean {
    if (!this.isOpen || event.ctrlKey || event.metaKey || event.altKey) return false;
    const { chosen, entries } = this;
    switch (event.key) {
      case 'ArrowDown':
        this.choose((chosen + 1) % entries.length);
        return true;
      case 'ArrowUp':
        // Without a choice the key is for the earlier prompts.
        if (chosen < 0) return this.leave();
        this.choose(chosen - 1);
        return true;
      case 'Escape':
        this.close();
        return true;
      case 'Enter':
        if (chosen < 0) return this.leave();
        return this.take(chosen);
      case 'Tab':
        if (event.shiftKey) return this.leave();
        // A word that is whole needs none: the key moves on, as it does everywhere.
        if (chosen < 0 && this.isWhole) return this.leave();
        return this.take(Math.max(0, chosen));
      default:
        return false;
    }
  }

  close(): void {
    if (!this.isOpen) return;
    this.element.hidePopover();
    this.element.hidden = true;
    this.choose(-1);
    this.input.removeAttribute('aria-controls');
  }

  private leave(): false {
    this.close();
    return false;
  }

  private take(at: number): boolean {
    const entry = this.entries[at];
    this.close();
    if (entry) this.actions.take(entry);
    return true;
  }

  private show(entries: readonly Completion[]): void {
    this.entries = entries;
    this.options = entries.map((entry, at) =>
      h(
        'div',
        { id: `${this.id}-${at}`, class: 'completion', role: 'option', 'aria-selected': 'false' },
        { click: () => this.take(at) },
        thingImage(entry.thing),
        h('span', { class: 'completion-text' }, {}, entry.label),
        entry.note !== undefined && h('span', { class: 'completion-note' }, {}, entry.note),
      ),
    );
    this.element.replaceChildren(...this.options);
    const wasOpen = this.isOpen;
    this.element.hidden = false;
    if (!wasOpen) this.element.showPopover();
    this.choose(-1);
    this.place();
    this.input.setAttribute('aria-controls', this.id);
    if (!wasOpen) this.actions.announce(t('completionsShown', entries.length));
  }

  private choose(at: number): void {
    this.chosen = at;
    this.options.forEach((option, index) => {
      option.setAttribute('aria-selected', String(index === at));
    });
    const option = this.options[at];
    if (option) this.input.setAttribute('aria-activedescendant', option.id);
    else this.input.removeAttribute('aria-activedescendant');
  }

  /** Over the prompt, from its left edge. */
  private place(): void {
    const { element } = this;
    const box = (this.input.parentElement ?? this.input).getBoundingClientRect();
    element.style.left = `${box.left}px`;
    element.style.maxWidth = `${box.width}px`;
    element.style.top = `${Math.max(0, box.top - element.offsetHeight - GAP)}px`;
  }
}

/** Whether no letter follows: within a word there is nothing to complete. */
function isWordEnd(text: string, at: number): boolean {
  return !/^[\p{L}\p{N}]/u.test(text.slice(at));
}
