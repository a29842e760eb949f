import { COMPOSED_SIDE } from '../../src/core/composition/composition';
import type { Size } from '../../src/core/image/resize';
import { LIMITS } from '../../src/core/request/fields/limits';
import { field, selectBox } from '../controls/fields';
import { h, newId } from '../controls/dom';
import { t } from '../l10n';
import { allowedSide, AUTO, sizeMenu, type SizeOf } from './sizes';

const CUSTOM = 'custom';

/** The size of the image: of files that pages have, or a ratio with the model's usual area; or any other. */
export function sizeField(change: (size: Size | undefined) => void) {
  let shown: SizeOf | undefined;
  let custom = false;
  const select = selectBox((value) => {
    custom = value === CUSTOM;
    const [width, height] = value.split('x').map(Number);
    const { defaults, suitable } = shown ?? {};
    if (value === AUTO) change(undefined);
    else if (!custom && width && height) {
      const own = !suitable && width === defaults?.width && height === defaults.height;
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
      { type: 'number', class: 'number', 'aria-label': t(`${name}.label`) },
      {
        change: () => {
          input.valueAsNumber = allowedSide(input.valueAsNumber || 512, shown);
          change({ width: width.valueAsNumber, height: height.valueAsNumber });
        },
      },
    );
    return input;
  }

  function render(): void {
    if (!shown) return;
    const { form, defaults, suitable } = shown;
    const { choices, current } = sizeMenu(shown);
    const isListed = choices.some(({ value }) => value === current);
    const showSides = custom || !isListed;
    const listed = choices.map(({ value, label, group }) => ({
      value,
      label,
      ...(group && { group }),
    }));
    select.show(
      [...listed, { value: CUSTOM, label: t('customSize') }],
      showSides ? CUSTOM : current,
    );
    sides.hidden = !showSides;
    hint.hidden = !showSides;
    const { min, max } = suitable ? COMPOSED_SIDE : LIMITS.size;
    const multiple = defaults?.multiple ?? 8;
    hint.textContent = suitable ? t('sizeRange', min, max) : t('sizeHint', multiple);
    const now = {
      width: form.width ?? suitable?.width ?? defaults?.width,
      height: form.height ?? suitable?.height ?? defaults?.height,
    };
    for (const [input, value] of [
      [width, now.width],
      [height, now.height],
    ] as const) {
      input.min = String(min);
      input.max = String(max);
      input.step = String(suitable ? 1 : multiple);
      if (document.activeElement !== input) input.value = String(value ?? '');
    }
  }
  return {
    element,
    show(next: SizeOf): void {
      if (shown && next.form.model !== shown.form.model) custom = false;
      shown = next;
      render();
    },
  };
}
