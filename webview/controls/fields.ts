import { h, iconButton, newId, setAttribute } from './dom';
import { t } from '../l10n';

/** A control with a label above it. */
export function field(label: string, control: HTMLElement, ...extra: HTMLElement[]): HTMLElement {
  const id = control.id || newId('field');
  control.id = id;
  return h(
    'div',
    { class: 'field' },
    {},
    h('label', { for: id }, {}, label),
    h('div', { class: 'field-row' }, {}, control, ...extra),
  );
}

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly disabled?: boolean;
  readonly title?: string;
  readonly group?: string;
}

/** A drop-down whose choices can change. */
export function selectBox(onChange: (value: string) => void) {
  const element = h('select', { class: 'select' }, { change: () => onChange(element.value) });
  let shown = '';
  return {
    element,
    show(choices: readonly Choice[], value: string): void {
      const key = JSON.stringify(choices);
      // Replacing the options of an open list would close it.
      if (key !== shown) element.replaceChildren(...options(choices));
      shown = key;
      element.value = value;
    },
  };
}

function options(choices: readonly Choice[]): HTMLElement[] {
  const made: HTMLElement[] = [];
  let group: HTMLOptGroupElement | undefined;
  for (const choice of choices) {
    const { value, label, disabled = false, title } = choice;
    const option = h('option', { value, disabled, title }, {}, label);
    if (!choice.group) {
      group = undefined;
      made.push(option);
      continue;
    }
    if (group?.label !== choice.group) {
      group = h('optgroup', { label: choice.group });
      made.push(group);
    }
    group.append(option);
  }
  return made;
}

/** Disables all controls of a field, and says why. @param reason undefined: they can be used */
export function setAvailable(element: HTMLElement, reason: string | undefined): void {
  element.classList.toggle('unavailable', reason !== undefined);
  setAttribute(element, 'title', reason);
  const controls = element.querySelectorAll<
    HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement | HTMLButtonElement
  >('input, select, textarea, button');
  for (const control of controls) {
    control.disabled = reason !== undefined;
    setAttribute(control, 'aria-description', reason);
  }
}

/** A checkbox with its label. */
export function checkField(label: string, onChange: (value: boolean) => void) {
  const box = h(
    'input',
    { type: 'checkbox', id: newId('check') },
    { change: () => onChange(box.checked) },
  );
  const element = h(
    'div',
    { class: 'field check' },
    {},
    box,
    h('label', { for: box.id }, {}, label),
  );
  return {
    element,
    show(value: boolean, { disabled = false, help }: { disabled?: boolean; help: string }): void {
      box.checked = value;
      box.disabled = disabled;
      element.title = help;
    },
  };
}

export interface NumberFieldOptions {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  /** The slider's ends, where the number input allows more. */
  readonly sliderMin?: number;
  readonly sliderMax?: number;
  readonly step: number;
  readonly help?: string;
  /** Stands at the end of the first line. */
  readonly button?: HTMLElement;
  /** Undefined: use the model's default. */
  readonly onChange: (value: number | undefined) => void;
}

/** A slider with a number input, and a button that resets to the model's default. */
export function numberField(options: NumberFieldOptions) {
  const { min, max, step, label, help } = options;
  const common = { step, title: help };
  const sliderMin = options.sliderMin ?? min;
  const slider = h(
    'input',
    {
      ...common,
      type: 'range',
      class: 'slider',
      min: sliderMin,
      max: options.sliderMax ?? max,
      'aria-label': label,
    },
    { input: () => options.onChange(slider.valueAsNumber) },
  );
  const number = h(
    'input',
    { ...common, type: 'number', class: 'number', min, max },
    {
      change: () => {
        const value = number.valueAsNumber;
        options.onChange(Number.isFinite(value) ? Math.min(max, Math.max(min, value)) : undefined);
      },
    },
  );
  const reset = iconButton({
    name: 'discard',
    label: t('resetValue', ''),
    class: 'reset',
    onClick: () => options.onChange(undefined),
  });
  number.id = newId('number');
  const element = h(
    'div',
    { class: 'field' },
    {},
    h(
      'div',
      { class: 'field-head' },
      {},
      h('label', { for: number.id }, {}, label),
      reset,
      options.button,
    ),
    h('div', { class: 'field-row' }, {}, slider, number),
  );
  return {
    element,
    /** Shows the user's value, or the model's default in grey. */
    show(value: number | undefined, ownDefault: number | undefined): void {
      const shown = value ?? ownDefault;
      slider.value = String(shown ?? sliderMin);
      paintSlider(slider);
      if (document.activeElement !== number || value === undefined) {
        number.value = String(shown ?? '');
      }
      // A server elsewhere does not tell its own.
      number.placeholder = shown === undefined ? t('valueAuto') : '';
      element.classList.toggle('unknown', shown === undefined);
      element.classList.toggle('own', value === undefined);
      reset.hidden = value === undefined;
      reset.title = t('resetValue', ownDefault ?? t('valueAuto'));
      reset.setAttribute('aria-label', reset.title);
    },
  };
}

/** Sets `--share` to the slider's position in percent, for the coloured part in the style sheet. */
export function paintSlider(slider: HTMLInputElement): void {
  const min = Number(slider.min);
  const share = (Number(slider.value) - min) / (Number(slider.max) - min || 1);
  slider.style.setProperty('--share', `${Math.round(share * 100)}%`);
}

/** A radio group, shown as buttons side by side. @param choices the values, with the text of each */
export function segments<Value extends string | number>(
  label: string,
  choices: readonly (readonly [Value, string])[],
  onChange: (value: Value) => void,
) {
  const name = newId('segments');
  const made = choices.map(([value, text]) => {
    const input = h(
      'input',
      { type: 'radio', name, value, id: newId('segment') },
      { change: () => onChange(value) },
    );
    return { value, input, text: h('label', { for: input.id, class: 'segment' }, {}, text) };
  });
  const legendId = newId('legend');
  const element = h(
    'div',
    { class: 'field', role: 'radiogroup', 'aria-labelledby': legendId },
    {},
    h('span', { class: 'label', id: legendId }, {}, label),
    h('div', { class: 'segments' }, {}, ...made.flatMap(({ input, text }) => [input, text])),
  );
  return {
    element,
    show(shown: Value): void {
      for (const { value, input } of made) input.checked = value === shown;
    },
    /** Disables a choice, and says why. @param reason undefined: it can be chosen */
    setAvailable(choice: Value, reason: string | undefined): void {
      for (const { value, input, text } of made) {
        if (value !== choice) continue;
        input.disabled = reason !== undefined;
        setAttribute(input, 'aria-description', reason);
        setAttribute(text, 'title', reason);
      }
    },
  };
}
