import { h, icon } from '../controls/dom';
import type { Form } from '../state/form';
import { t } from '../words';

export interface PromptActions {
  readonly change: (fields: Partial<Form>) => void;
  readonly draw: () => void;
}

/** Where one types: grows with the words, Enter draws. */
export class PromptRow {
  readonly element: HTMLElement;
  readonly input: HTMLTextAreaElement;
  private readonly button: HTMLButtonElement;
  private readonly word = h('span', {}, {}, t('draw'));
  private readonly sketch: HTMLButtonElement;
  private useSketch = true;

  constructor(actions: PromptActions) {
    this.input = h(
      'textarea',
      {
        rows: 1,
        class: 'prompt',
        placeholder: t('promptPlaceholder'),
        'aria-label': t('prompt.label'),
      },
      {
        input: () => actions.change({ prompt: this.input.value }),
        keydown: (event) => {
          // Enter that confirms an input method's candidate is not meant for us.
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          actions.draw();
        },
      },
    );
    this.sketch = h(
      'button',
      { type: 'button', class: 'chip', title: t('useSketchHelp'), hidden: true },
      { click: () => actions.change({ useSketch: !this.useSketch }) },
      icon('edit'),
      h('span', {}, {}, t('useSketch')),
    );
    this.button = h(
      'button',
      { type: 'button', class: 'button primary draw', title: t('drawHelp') },
      { click: actions.draw },
      icon('sparkle'),
      this.word,
    );
    this.element = h(
      'div',
      { class: 'prompt-row' },
      {},
      h('div', { class: 'prompt-box' }, {}, this.input, this.sketch),
      this.button,
    );
  }

  /** @param hasSketch whether there is a sketch to draw from; @param busy whether a job is running */
  show(form: Form, hasSketch: boolean, busy: boolean): void {
    if (this.input.value !== form.prompt) this.input.value = form.prompt;
    this.useSketch = form.useSketch;
    this.sketch.hidden = !hasSketch;
    this.sketch.setAttribute('aria-pressed', String(form.useSketch));
    this.word.textContent = t(busy ? 'queue' : 'draw');
    this.button.classList.toggle('waiting', form.prompt.trim() === '' && !(hasSketch && form.useSketch)); // prettier-ignore
  }
}
