import { h, icon } from '../controls/dom';
import type { Form } from '../state/form';
import { t } from '../l10n';

export interface PromptActions {
  readonly change: (fields: Partial<Form>) => void;
  readonly draw: () => void;
}

/** The prompt, with the *Draw* button. The input grows with its text. */
export class PromptRow {
  readonly element: HTMLElement;
  readonly input: HTMLTextAreaElement;
  private readonly button: HTMLButtonElement;
  private readonly label = h('span', {}, {}, t('draw'));
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
          // Enter can also confirm a candidate of an input method (IME).
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
      this.label,
    );
    this.element = h(
      'div',
      { class: 'prompt-row' },
      {},
      h('div', { class: 'prompt-box' }, {}, this.input, this.sketch),
      this.button,
    );
  }

  /**
   * @param hasSketch whether the sketch has paint on it
   * @param busy whether a job is queued or running
   */
  show(form: Form, hasSketch: boolean, busy: boolean): void {
    if (this.input.value !== form.prompt) this.input.value = form.prompt;
    this.useSketch = form.useSketch;
    this.sketch.hidden = !hasSketch;
    this.sketch.setAttribute('aria-pressed', String(form.useSketch));
    this.label.textContent = t(busy ? 'queue' : 'draw');
    const canDraw = form.prompt.trim() !== '' || (hasSketch && form.useSketch);
    this.button.classList.toggle('waiting', !canDraw);
  }
}
