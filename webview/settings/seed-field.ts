import { h, iconButton, icon } from '../controls/dom';
import { LIMITS } from '../../src/core/request/fields/limits';
import type { Form } from '../state/form';
import { t } from '../l10n';
import { field } from '../controls/fields';

/** Random seeds are below this, so that they are short. */
const SHUFFLE_LIMIT = 1_000_000;

/**
 * The seed. An empty one is random for each job. Typing or the lock keeps it; the last button picks another.
 * @param nextVariation the variation that goes with another seed; 0 for a model that does not compose
 */
export function seedField(
  change: (fields: Pick<Form, 'seed' | 'seedLocked'> & Partial<Pick<Form, 'variation'>>) => void,
  nextVariation: () => number,
) {
  const input = seedBox((text) => apply(text));
  const lock = iconButton({
    name: 'unlock',
    label: t('lockSeed'),
    onClick: () => {
      const locked = lock.getAttribute('aria-pressed') !== 'true';
      change({ seed: shown ?? random(), seedLocked: locked });
    },
  });
  const shuffle = iconButton({
    name: 'refresh',
    label: t('shuffleSeed'),
    onClick: () => change({ seed: random(), seedLocked: true, variation: nextVariation() }),
  });
  let shown: number | undefined;

  function apply(text: string): void {
    const seed = readSeed(text);
    const valid = seed !== undefined;
    change({ seed, seedLocked: valid });
    show(shown, valid);
  }
  function show(seed: number | undefined, locked: boolean): void {
    shown = seed;
    if (document.activeElement !== input || seed === undefined) input.value = String(seed ?? '');
    input.classList.toggle('loose', !locked);
    lock.setAttribute('aria-pressed', String(locked));
    lock.replaceChildren(icon(locked ? 'lock' : 'unlock'));
  }
  return {
    element: field(t('seed.label'), input, lock, shuffle),
    show: (form: Form) => {
      if (document.activeElement === input && form.seed !== undefined)
        input.value = String(form.seed);
      show(form.seed, form.seedLocked);
    },
  };
}

/** A seed of its own, without a lock: an empty one is random for each job. */
export function seedInput(label: string, change: (seed: number | undefined) => void) {
  const input = seedBox((text) => change(readSeed(text)));
  const shuffle = iconButton({
    name: 'refresh',
    label: `${label}: ${t('shuffleSeed')}`,
    onClick: () => change(random()),
  });
  return {
    element: field(label, input, shuffle),
    show(seed: number | undefined): void {
      if (document.activeElement !== input || seed !== undefined) input.value = String(seed ?? '');
    },
  };
}

function seedBox(change: (text: string) => void): HTMLInputElement {
  const input = h(
    'input',
    {
      type: 'text',
      inputmode: 'numeric',
      class: 'seed',
      placeholder: t('seedRandom'),
      spellcheck: 'false',
    },
    { change: () => change(input.value) },
  );
  return input;
}

/** @returns undefined for what is no seed */
function readSeed(text: string): number | undefined {
  const seed = Number(text.trim());
  const isSeed = text.trim() !== '' && Number.isSafeInteger(seed) && seed >= LIMITS.seed.min;
  return isSeed ? seed : undefined;
}

function random(): number {
  return Math.floor(Math.random() * SHUFFLE_LIMIT);
}
