import { caretLines } from '../controls/caret';
import { CompletionList } from '../composition/completion-list';
import { complete, type Completions } from '../state/vocabulary';
import { h, icon } from '../controls/dom';
import type { Form } from '../state/form';
import { t } from '../l10n';
import type { SketchUse } from './page-state';
import { PromptHistory } from './prompt-history';
import { SketchNote } from './sketch-note';

const NO_COMPLETIONS: Completions = { entries: [], isWhole: false };

export interface PromptActions {
  readonly change: (fields: Partial<Form>) => void;
  readonly draw: () => void;
  readonly showSketch: () => void;
  /** For screen readers. */
  readonly announce: (text: string) => void;
}

interface PromptFacts {
  /** Whether the model is one whose things are known. */
  readonly hasThings: boolean;
  /** Whether a job is queued or running. */
  readonly busy: boolean;
  /** The machine that draws, where it is not this one. */
  readonly host: string | undefined;
}

/** The prompt, with the *Draw* button and what it starts from. The input grows with its text. */
export class PromptRow {
  readonly element: HTMLElement;
  readonly input: HTMLTextAreaElement;
  readonly sketch: SketchNote;
  private readonly button: HTMLButtonElement;
  private readonly label = h('span', { class: 'long' });
  private readonly shortLabel = h('span', { class: 'short' });
  private readonly history = new PromptHistory();
  private readonly completions: CompletionList;
  /** Whether the model is one whose things are known. */
  private hasThings = false;

  constructor(private readonly actions: PromptActions) {
    this.input = h(
      'textarea',
      {
        rows: 1,
        class: 'prompt',
        placeholder: t('promptPlaceholder'),
        'aria-label': t('prompt.label'),
        'aria-description': t('promptHelp'),
      },
      {
        input: (event) => {
          this.change(this.input.value);
          // Text that is pasted is not being typed.
          if (event.inputType === 'insertFromPaste') this.completions.close();
          else this.completions.update();
        },
        keydown: (event) => this.handleKey(event),
      },
    );
    this.completions = new CompletionList(this.input, {
      complete: (text, count) => (this.hasThings ? complete(text, count) : NO_COMPLETIONS),
      take: ({ text }) => this.put(text),
      announce: actions.announce,
    });
    this.sketch = new SketchNote({
      use: (useSketch) => actions.change({ useSketch }),
      show: actions.showSketch,
    });
    this.button = h(
      'button',
      { type: 'button', class: 'button primary draw', title: t('drawHelp') },
      { click: actions.draw },
      icon('sparkle'),
      this.label,
      this.shortLabel,
    );
    this.element = h(
      'div',
      { class: 'prompt-row' },
      {},
      h(
        'div',
        { class: 'prompt-box' },
        {},
        this.sketch.element,
        this.input,
        this.completions.element,
      ),
      this.button,
    );
  }

  /** Whether things are offered for what is typed, so that the last word may not be whole yet. */
  get isCompleting(): boolean {
    return this.completions.isOpen;
  }

  /**
   * @param prompts the earlier ones, newest first
   * @param sketch what the sketch does for the next image
   */
  show(
    form: Form,
    prompts: readonly string[],
    sketch: SketchUse,
    { hasThings, busy, host }: PromptFacts,
  ): void {
    this.hasThings = hasThings;
    if (this.input.value !== form.prompt) this.input.value = form.prompt;
    this.history.update(prompts);
    this.sketch.update(sketch, host);
    const fromSketch = sketch === 'used' || sketch === 'followed' || sketch === 'old';
    const key = busy ? 'queue' : 'draw';
    const label = t(fromSketch ? `${key}FromSketch` : key);
    this.label.textContent = label;
    this.shortLabel.textContent = t(key);
    this.button.setAttribute('aria-label', label);
    this.button.classList.toggle('waiting', form.prompt.trim() === '' && !fromSketch);
  }

  private handleKey(event: KeyboardEvent): void {
    // Enter and the arrows can also choose a candidate of an input method (IME).
    if (event.isComposing) return;
    if (this.completions.handleKey(event)) {
      event.preventDefault();
      // Escape would also cancel the running job.
      event.stopPropagation();
      return;
    }
    if (event.shiftKey) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      this.actions.draw();
    } else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (this.walk(event.key === 'ArrowUp' ? -1 : 1)) event.preventDefault();
    }
  }

  /** Other words are read plainly first. */
  private change(prompt: string): void {
    this.actions.change({ prompt, variation: 0 });
  }

  /** Puts a text in the place of what is before the caret. */
  private put(text: string): void {
    const { input } = this;
    input.setRangeText(text, 0, input.selectionEnd, 'end');
    this.change(input.value);
  }

  /** @returns false where the arrow only moves the caret */
  private walk(direction: -1 | 1): boolean {
    const { input, history } = this;
    const { first, last } = caretLines(input);
    const atEdge = direction < 0 ? first : last;
    if (!atEdge && !history.isShowing(input.value)) return false;
    const text = history.move(input.value, direction);
    if (text === undefined) return false;
    input.value = text;
    input.setSelectionRange(text.length, text.length);
    this.change(text);
    return true;
  }
}
