import { LIMITS, USUAL_SCORES } from '../../src/core/request/fields/limits';
import type { FreeU } from '../../src/core/request/free-u';
import type { SeamlessAxes } from '../../src/core/request/seamless';
import { BASE_SHARE } from '../../src/core/diffusion/denoise';
import type { Size } from '../../src/core/image/resize';
import type { StudioState } from '../../src/protocol/studio';
import { h, newId, plainButton } from '../controls/dom';
import { field, numberField, segments, selectBox, type Choice } from '../controls/fields';
import { t } from '../l10n';
import { USUAL_AXES, USUAL_HIRES, type AddedFields, type Hires } from '../state/added-fields';
import { additionHelp, additionTitle } from '../state/addition-texts';
import {
  FIELD_ADDITION_NAMES,
  type AddedSlider,
  type FieldAddition,
} from '../state/field-additions';
import { NEW_FORM, type Form } from '../state/form';
import { readLayers } from '../state/pag-layers';
import { addedCard } from './added-card';
import { addedSlider } from './field-controls';
import { modelLabel } from './labels';
import { seedInput } from './seed-field';

export interface FieldCardActions {
  readonly change: (fields: Partial<Form>) => void;
  readonly removeField: (addition: FieldAddition) => void;
  /** Downloads the refiner. */
  readonly getRefiner: () => void;
}

/** What the cards are about. */
export interface FieldCardsOf extends AddedFields {
  /** Of an image that is drawn twice as large, in pixels, for each factor. */
  readonly enlarged: (scale: number) => Size;
  readonly upscalers: StudioState['upscalers'];
}

/** The controls of a card. */
interface Content {
  readonly elements: readonly HTMLElement[];
  readonly show: (form: Form, of: FieldCardsOf) => void;
}

type Change = FieldCardActions['change'];

/** The cards of all additions that are fields of a request, in the order of the menu. */
export function fieldCards(actions: FieldCardActions) {
  return FIELD_ADDITION_NAMES.map((addition) => {
    const { elements, show } = CONTENTS[addition](actions);
    const card = addedCard(
      {
        title: additionTitle(addition),
        help: additionHelp(addition),
        remove: () => actions.removeField(addition),
      },
      ...elements,
    );
    return {
      addition,
      element: card.element,
      show(form: Form, of: FieldCardsOf): void {
        card.show(form.added.includes(addition), of.refused[addition]);
        show(form, of);
      },
    };
  });
}

const CONTENTS: Readonly<Record<FieldAddition, (actions: FieldCardActions) => Content>> = {
  hires: hiresContent,
  seamless: seamlessContent,
  variations: variationsContent,
  refiner: refinerContent,
  secondPrompts: secondPromptsContent,
  pag: pagContent,
  freeu: freeuContent,
  guidanceRescale: ({ change }) => slidersContent(['guidanceRescale'], change),
  clipSkip: ({ change }) => slidersContent(['clipSkip'], change),
};

function slidersContent(fields: readonly AddedSlider[], change: Change): Content {
  const made = fields.map((one) => addedSlider(one, change));
  return {
    elements: made.map(({ element }) => element),
    show: (form) => {
      for (const slider of made) slider.show(form);
    },
  };
}

function pagContent({ change }: FieldCardActions): Content {
  const sliders = slidersContent(['pagScale', 'pagAdaptiveScale'], change);
  const usual = NEW_FORM.pagAppliedLayers.join(', ');
  const layers = h(
    'input',
    { type: 'text', class: 'text-input', spellcheck: 'false', placeholder: usual },
    { change: () => change({ pagAppliedLayers: readLayers(layers.value) }) },
  );
  layers.title = t('pagAppliedLayers.help');
  const where = field(t('pagAppliedLayers.label'), layers);
  return {
    elements: [...sliders.elements, where],
    show: (form, of) => {
      sliders.show(form, of);
      where.hidden = of.idle.includes('pagAppliedLayers');
      const shown = form.pagAppliedLayers.join(', ');
      if (document.activeElement !== layers) layers.value = shown === usual ? '' : shown;
    },
  };
}

/** As far as the slider goes: memory and time grow with its square. */
const MOST_TIMES = 3;

const PLAIN_UPSCALERS = [
  ['latent', 'hiresLatent'],
  ['lanczos', 'hiresPixels'],
] as const;

function hiresContent({ change }: FieldCardActions): Content {
  let shown: Hires = USUAL_HIRES;
  const set = (fields: Partial<Hires>) => change({ hires: { ...shown, ...fields } });
  const scale = numberField({
    label: t('hiresScale'),
    ...{ ...LIMITS.hiresScale, sliderMax: MOST_TIMES, step: 0.25 },
    onChange: (value = USUAL_HIRES.scale) => set({ scale: value }),
  });
  const size = h('p', { class: 'hint' });
  const strength = numberField({
    label: t('hiresStrength'),
    ...{ ...LIMITS.strength, step: 0.05, help: t('hiresStrengthHelp') },
    onChange: (value = USUAL_HIRES.strength) => set({ strength: value }),
  });
  const upscaler = selectBox((value) => {
    const plain = PLAIN_UPSCALERS.find(([name]) => name === value)?.[0];
    change({
      hires: { ...shown, ...(plain && { upscaler: plain }) },
      hiresUpscaler: plain ? undefined : value,
    });
  });
  const by = field(t('hiresUpscaler.label'), upscaler.element);
  return {
    elements: [scale.element, strength.element, by, size],
    show: ({ hires = USUAL_HIRES, hiresUpscaler }, { enlarged, upscalers, idle }) => {
      shown = hires;
      scale.show(unlessUsual(hires.scale, USUAL_HIRES.scale), USUAL_HIRES.scale);
      strength.show(unlessUsual(hires.strength, USUAL_HIRES.strength), USUAL_HIRES.strength);
      const isTaken = !idle.includes('hiresUpscaler');
      upscaler.show(
        [
          ...PLAIN_UPSCALERS.map(([value, text]) => ({ value, label: t(text) })),
          ...(isTaken ? upscalerChoices(upscalers, hiresUpscaler) : []),
        ],
        (isTaken ? hiresUpscaler : undefined) ?? hires.upscaler,
      );
      const { width, height } = enlarged(hires.scale);
      size.textContent = t('hiresSize', width, height);
    },
  };
}

/** Those of this machine, and the chosen one where it is not among them. */
function upscalerChoices(
  upscalers: StudioState['upscalers'],
  chosen: string | undefined,
): readonly Choice[] {
  const isListed = chosen === undefined || upscalers.some(({ id }) => id === chosen);
  const all = isListed ? upscalers : [{ id: chosen, name: modelLabel(chosen) }, ...upscalers];
  const group = t('hiresUpscalers');
  return all.map(({ id, name }) => ({ value: id, label: name, title: id, group }));
}

function unlessUsual(value: number, usual: number): number | undefined {
  return value === usual ? undefined : value;
}

function seamlessContent({ change }: FieldCardActions): Content {
  const axes = segments<SeamlessAxes>(
    t('seamlessAxes'),
    [
      ['xy', t('seamlessBoth')],
      ['x', t('seamlessX')],
      ['y', t('seamlessY')],
    ],
    (seamless) => change({ seamless }),
  );
  return {
    elements: [axes.element],
    show: ({ seamless = USUAL_AXES }) => axes.show(seamless),
  };
}

function variationsContent({ change }: FieldCardActions): Content {
  const strength = addedSlider('variationStrength', change);
  const seed = seedInput(t('variationSeed.label'), (variationSeed) => change({ variationSeed }));
  return {
    elements: [strength.element, seed.element],
    show: (form) => {
      strength.show(form);
      seed.show(form.variationSeed);
    },
  };
}

/** Nearer to an end, one of the two models has hardly a step. */
const FROM = { min: 0.01, max: 0.99, sliderMin: 0.05, sliderMax: 0.95, step: 0.05 };

function refinerContent({ change, getRefiner }: FieldCardActions): Content {
  const missing = h('p', {}, {}, t('refinerMissing'));
  const get = plainButton(t('getRefiner'), getRefiner);
  const model = selectBox((id) => change({ refiner: id === '' ? undefined : id }));
  model.element.setAttribute('aria-label', t('refiner.label'));
  const from = numberField({
    label: t('refinerFrom'),
    ...{ ...FROM, help: t('refinerFromHelp') },
    onChange: (refinerFrom) => change({ refinerFrom }),
  });
  const scores = (['aestheticScore', 'negativeAestheticScore'] as const).map((name) => ({
    name,
    control: numberField({
      label: t(`${name}.label`),
      ...{ ...LIMITS.aestheticScore, step: 0.5, help: t(`${name}.help`) },
      onChange: (score) => change({ [name]: score }),
    }),
  }));
  return {
    elements: [
      missing,
      get,
      model.element,
      from.element,
      ...scores.map(({ control }) => control.element),
    ],
    show: (form, { refiners: { listed, chosen }, idle }) => {
      missing.hidden = get.hidden = chosen !== undefined;
      from.element.hidden = chosen === undefined;
      model.element.hidden = listed.length === 0;
      const choices = listed.map(({ id, refines }): Choice => ({
        ...{ value: id, label: modelLabel(id), title: id },
        ...(!refines && { group: t('refinerOthers') }),
      }));
      const none = chosen === undefined ? [{ value: '', label: t('chooseRefiner') }] : [];
      model.show([...none, ...choices], chosen ?? '');
      from.show(form.refinerFrom, BASE_SHARE);
      for (const { name, control } of scores) {
        control.element.hidden = idle.includes(name);
        control.show(form[name], USUAL_SCORES[name]);
      }
    },
  };
}

function secondPromptsContent({ change }: FieldCardActions): Content {
  const made = (['prompt2', 'negativePrompt2'] as const).map((name) => {
    const input = h(
      'textarea',
      { rows: 2, placeholder: t(name === 'prompt2' ? 'sameAsPrompt' : 'sameAsNegative') },
      { input: () => change({ [name]: input.value === '' ? undefined : input.value }) },
    );
    return { name, input, element: field(t(`${name}.label`), input) };
  });
  return {
    elements: made.map(({ element }) => element),
    show: (form) => {
      for (const { name, input } of made) {
        if (document.activeElement !== input) input.value = form[name] ?? '';
      }
    },
  };
}

const FACTORS = [
  ['s1', 'freeuSkip', 1],
  ['s2', 'freeuSkip', 2],
  ['b1', 'freeuFeatures', 1],
  ['b2', 'freeuFeatures', 2],
] as const;

function freeuContent({ change }: FieldCardActions): Content {
  let shown: FreeU | undefined;
  const { min, max } = LIMITS.freeu;
  const made = FACTORS.map(([name, label, place]) => {
    const input = h(
      'input',
      { type: 'number', class: 'number', id: newId('factor'), min, max, step: 0.05, title: name },
      {
        change: () => {
          const value = input.valueAsNumber;
          if (!shown) return;
          const factor = Number.isFinite(value) ? Math.min(max, Math.max(min, value)) : shown[name];
          input.value = String(factor);
          change({ freeu: { ...shown, [name]: factor } });
        },
      },
    );
    const text = h('label', { for: input.id }, {}, t(label, place));
    return { name, input, element: h('div', { class: 'field' }, {}, text, input) };
  });
  const usual = h(
    'button',
    { type: 'button', class: 'link' },
    {
      click: () => {
        made[0]?.input.focus();
        change({ freeu: undefined });
      },
    },
    t('freeuUsual'),
  );
  const grid = h('div', { class: 'field factors' }, {}, ...made.map(({ element }) => element));
  return {
    elements: [grid, usual],
    show: ({ freeu }, { freeu: own }) => {
      shown = freeu ?? own;
      grid.classList.toggle('own', freeu === undefined);
      usual.hidden = freeu === undefined;
      for (const { name, input } of made) {
        if (document.activeElement !== input) input.value = String(shown[name]);
      }
    },
  };
}
