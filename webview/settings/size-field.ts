import { h, newId } from '../controls/dom';
import type { Defaults, Form } from '../state/form';
import { nearest, PURPOSES, sizeChoices } from './sizes';
import { LIMITS } from '../../src/core/request/fields';
import { t } from '../l10n';
import { field, selectBox, type Choice } from '../controls/fields';

const CUSTOM = 'custom';

/** The size of the image: a common aspect ratio with the model's usual area, or a custom width and height. */
export function sizeField(change: (size: { width: number; height: number } | undefined) => void) {
  let form: Form | undefined;
  let defaults: Defaults | undefined;
  let custom = false;
  const select = selectBox((value) => {
    custom = value === CUSTOM;
    const [width, height] = value.split('x').map(Number);
    if (!custom && width && height) {
      const own = width === defaults?.width && height === defaults.height;
      change(own ? undefined : { width, height });
    }
    render();
  });
  const width = side('width');
  const height = side('height');
  const hint = h('p', { class: 'hint', id: newId('hint') });
  width.setAttribute('aria-describedby', hint.id);
  height.setAttribute('aria-describedby', hint.id);
  const sides = h(
    'div',
    { class: 'field-row sides', hidden: true },
    {},
    width,
    h('span', { 'aria-hidden': 'true' }, {}, '×'),
    height,
  );
  const element = h('div', { class: 'size' }, {}, field(t('size'), select.element), sides, hint);

  function side(name: 'width' | 'height'): HTMLInputElement {
    const input = h(
      'input',
      {
        type: 'number',
        class: 'number',
        min: LIMITS.size.min,
        max: LIMITS.size.max,
        'aria-label': t(`${name}.label`),
      },
      {
        change: () => {
          const multiple = defaults?.multiple ?? 8;
          input.valueAsNumber = nearest(input.valueAsNumber || 512, multiple);
          change({ width: width.valueAsNumber, height: height.valueAsNumber });
        },
      },
    );
    return input;
  }

  function render(): void {
    if (!form) return;
    const now = { width: form.width ?? defaults?.width, height: form.height ?? defaults?.height };
    const value = `${now.width ?? 0}x${now.height ?? 0}`;
    const choices: Choice[] = (defaults ? sizeChoices(defaults) : []).map(
      ({ width, height, ratio }) => ({
        value: `${width}x${height}`,
        label: `${purposeOf(ratio)}${width} × ${height} (${ratio})`,
        group: t(width === height ? 'square' : width > height ? 'landscape' : 'portrait'),
      }),
    );
    const listed = choices.some((choice) => choice.value === value);
    choices.push({ value: CUSTOM, label: t('customSize') });
    const showSides = custom || !listed;
    select.show(choices, showSides ? CUSTOM : value);
    sides.hidden = !showSides;
    hint.hidden = !showSides;
    hint.textContent = t('sizeHint', defaults?.multiple ?? 8);
    for (const input of [width, height]) input.step = String(defaults?.multiple ?? 8);
    if (document.activeElement !== width) width.value = String(now.width ?? '');
    if (document.activeElement !== height) height.value = String(now.height ?? '');
  }
  return {
    element,
    show(next: Form, own: Defaults | undefined): void {
      if (form && next.model !== form.model) custom = false;
      form = next;
      defaults = own;
      render();
    },
  };
}

/** What images of a ratio are for, to stand before their size. */
function purposeOf(ratio: string): string {
  const key = PURPOSES[ratio];
  return key ? `${t(key)}: ` : '';
}
