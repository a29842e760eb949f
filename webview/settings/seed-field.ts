import { h, iconButton, icon } from '../controls/dom';
import { LIMITS } from '../../src/core/request/fields';
import type { Form } from '../state/form';
import { t } from '../words';
import { field } from '../controls/fields';

/** Seeds that people can read to each other. */
const SHUFFLE_LIMIT = 1_000_000;

/** The seed: empty is random each time; typing or the lock keeps it, the die takes another. */
export function seedField(change: (fields: Pick<Form, 'seed' | 'seedLocked'>) => void) {
  const input = h(
    'input',
    { type: 'text', inputmode: 'numeric', class: 'seed', placeholder: t('seedRandom'), spellcheck: 'false' },
    { change: () => take(input.value) },
  ); // prettier-ignore
  const lock = iconButton({
    name: 'unlock',
    label: t('lockSeed'),
    onClick: () => {
      const locked = lock.getAttribute('aria-pressed') !== 'true';
      change({ seed: shown ?? random(), seedLocked: locked });
    },
  });
  const die = iconButton({
    name: 'refresh',
    label: t('shuffleSeed'),
    onClick: () => change({ seed: random(), seedLocked: true }),
  });
  let shown: number | undefined;

  function take(text: string): void {
    const seed = Number(text.trim());
    const valid = text.trim() !== '' && Number.isSafeInteger(seed) && seed >= LIMITS.seed.min;
    change(valid ? { seed, seedLocked: true } : { seed: undefined, seedLocked: false });
    show(shown, valid);
  }
  function show(seed: number | undefined, locked: boolean): void {
    shown = seed;
    if (document.activeElement !== input || seed === undefined) input.value = seed === undefined ? '' : String(seed); // prettier-ignore
    input.classList.toggle('loose', !locked);
    lock.setAttribute('aria-pressed', String(locked));
    lock.replaceChildren(icon(locked ? 'lock' : 'unlock'));
  }
  return {
    element: field(t('seed.label'), input, lock, die),
    show: (form: Form) => {
      if (document.activeElement === input && form.seed !== undefined)
        input.value = String(form.seed);
      show(form.seed, form.seedLocked);
    },
  };
}

function random(): number {
  return Math.floor(Math.random() * SHUFFLE_LIMIT);
}
