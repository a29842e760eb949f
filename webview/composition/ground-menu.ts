import {
  type Form,
  formsOf,
  type Ground,
  isScene,
  SCENES,
  SURFACES,
  TIMES,
  type Time,
} from '../../src/core/composition/composition';
import { h, newId } from '../controls/dom';
import { selectBox } from '../controls/fields';
import { roveGrid } from '../controls/popup';
import { t } from '../l10n';
import { groundSwatch } from './ground-swatch';
import type { GroundValue } from '../state/parts';
import { groundWords } from '../state/part-words';

/** Choices that are no ground. */
const OTHERS = ['auto', 'none', 'transparent'] as const;
/** Where a colour is chosen before there is one. */
const FIRST_COLOUR = '#4f7cac';

export interface GroundMenuOptions {
  readonly value: GroundValue;
  /** The colours of a brand. */
  readonly palette: readonly string[];
  /** Whether the light of a scene, and the form and a second version of a surface can be chosen too. */
  readonly isWhole: boolean;
  readonly choose: (value: GroundValue) => void;
}

/** Fills a panel with all grounds. What is chosen is shown in it; the panel stays. @returns the chosen tile */
export function fillGroundMenu(
  panel: HTMLElement,
  options: GroundMenuOptions,
): HTMLElement | undefined {
  let { value } = options;
  const { palette } = options;
  const tiles = new Map<string, HTMLButtonElement>();
  const details = h('div', { class: 'ground-details' });

  const choose = (next: GroundValue) => {
    value = next;
    options.choose(next);
    showChosen();
    showDetails();
  };
  const tile = (key: string, shown: GroundValue, pick: () => void, text = groundWords(shown)) => {
    const button = h(
      'button',
      { type: 'button', role: 'radio', class: 'ground-tile', 'data-ground': key },
      { click: pick },
      groundSwatch(shown, palette),
      h('span', { class: 'tile-text' }, {}, text),
    );
    tiles.set(key, button);
    return button;
  };
  const group = (label: string, buttons: readonly HTMLElement[]) => {
    const id = newId('grounds');
    return [
      h('p', { id, class: 'popup-head' }, {}, label),
      h('div', { class: 'ground-tiles', role: 'group', 'aria-labelledby': id }, {}, ...buttons),
    ];
  };
  const drawn = (name: Ground['name']) =>
    tile(
      name,
      keepingLook({ name }, value),
      () => choose(keepingLook({ name }, value)),
      t(`ground.${name}`),
    );
  const all = h(
    'div',
    { class: 'grounds', role: 'radiogroup', 'aria-label': t('ground.label') },
    {},
    h(
      'div',
      { class: 'ground-tiles', role: 'presentation' },
      {},
      ...OTHERS.map((name) => tile(name, name, () => choose(name))),
    ),
    ...group(t('groundScenes'), SCENES.map(drawn)),
    ...group(t('groundSurfaces'), SURFACES.map(drawn)),
  );
  roveGrid(all, '.ground-tile');
  panel.replaceChildren(details, all);

  function showChosen(): void {
    const chosen = typeof value === 'string' ? value : value.name;
    for (const [key, button] of tiles) {
      button.setAttribute('aria-checked', String(key === chosen));
      button.tabIndex = key === chosen ? 0 : -1;
    }
  }
  /** The light of a scene; the colour of a surface. Above the tiles, where it is in sight without scrolling. */
  function showDetails(): void {
    const focused = document.activeElement;
    if (focused && details.contains(focused)) return;
    const ground = typeof value === 'string' ? undefined : value;
    details.replaceChildren();
    if (ground && isScene(ground.name)) {
      if (options.isWhole) details.append(timeField(ground.time, (time) => change({ time })));
    } else details.append(...surfaceFields(ground));
    details.hidden = details.childElementCount === 0;
  }
  function change(fields: Partial<Ground>): void {
    const ground: Ground = typeof value === 'string' ? { name: 'plain' } : value;
    const next: Ground = { ...ground, ...fields };
    if (next.time === undefined) delete next.time;
    if (!next.dark) delete next.dark;
    if (next.form === undefined) delete next.form;
    choose(next);
  }
  function surfaceFields(ground: Ground | undefined): HTMLElement[] {
    if (ground && ground.name !== 'plain' && !options.isWhole) return [];
    const colours = ground?.colours ?? [];
    const use = (colour: string) => change({ colours: [colour, ...colours.slice(1)] });
    const input = h(
      'input',
      { type: 'color', class: 'colour-input', value: colours[0] ?? palette[0] ?? FIRST_COLOUR },
      { change: () => use(input.value) },
    );
    const brand = palette.map((colour) =>
      h(
        'button',
        {
          type: 'button',
          class: 'colour-dot',
          title: colour,
          'aria-label': t('colourNamed', colour),
        },
        { click: () => use(colour) },
        colourSwatch(colour),
      ),
    );
    const label = h('label', { class: 'colour-field' }, {}, t('groundColour'), input);
    const made: HTMLElement[] = [label, ...brand];
    if (ground && options.isWhole) {
      if (formsOf(ground.name).length > 0) made.unshift(formField(ground));
      const dark = h(
        'input',
        { type: 'checkbox', checked: ground.dark ?? false },
        { change: () => change({ dark: dark.checked }) },
      );
      made.push(h('label', { class: 'dark-field' }, {}, dark, t('groundDark')));
    }
    return made;
  }
  /** The tiling, direction or motif of a surface. */
  function formField({ name, form }: Ground): HTMLElement {
    const box = selectBox((chosen) =>
      change({ form: chosen === '' ? undefined : (chosen as Form) }),
    );
    const forms = formsOf(name).map((one) => ({ value: one, label: t(`form.${one}`) }));
    box.show([{ value: '', label: t('formAny') }, ...forms], form ?? '');
    return h('label', { class: 'colour-field' }, {}, t('groundForm'), box.element);
  }
  showChosen();
  showDetails();
  return [...tiles.values()].find((button) => button.tabIndex === 0) ?? tiles.get('auto');
}

/** A new ground with the light or the colours that the one before had. */
function keepingLook(next: Ground, before: GroundValue): Ground {
  if (typeof before === 'string') return next;
  if (isScene(next.name) && isScene(before.name))
    return before.time ? { ...next, time: before.time } : next;
  if (isScene(next.name) || isScene(before.name)) return next;
  return {
    ...next,
    ...(before.colours && { colours: before.colours }),
    ...(before.dark && { dark: before.dark }),
  };
}

function colourSwatch(colour: string): HTMLElement {
  const swatch = h('span', { class: 'ground-swatch', title: colour });
  swatch.style.backgroundColor = colour;
  return swatch;
}

/** A row of small squares, one for each colour of a brand. */
export function paletteSwatches(palette: readonly string[]): HTMLElement {
  return h(
    'span',
    { class: 'palette-swatches', role: 'img', 'aria-label': palette.join(', ') },
    {},
    ...palette.map(colourSwatch),
  );
}

/** The light of a scene, as buttons side by side. */
function timeField(
  current: Time | undefined,
  choose: (time: Time | undefined) => void,
): HTMLElement {
  const name = newId('time');
  const entries = [undefined, ...TIMES].map((time) => {
    const input = h(
      'input',
      { type: 'radio', name, id: newId('light'), checked: time === current },
      { change: () => choose(time) },
    );
    const label = time ? t(`time.${time}`) : t('timeAny');
    return [input, h('label', { for: input.id, class: 'segment' }, {}, label)];
  });
  return h(
    'div',
    { class: 'segments wrapping', role: 'radiogroup', 'aria-label': t('time') },
    {},
    ...entries.flat(),
  );
}
