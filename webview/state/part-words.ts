import {
  type Composition,
  formsOf,
  isScene,
  type Kind,
  type Subject,
} from '../../src/core/composition/composition';
import { t } from '../l10n';
import type { GroundValue } from './parts';

const ARTICLE = /^(?:an?|the)\s+(?=\S)/i;

/** A ground in words: "sea, dawn". */
export function groundWords(value: GroundValue): string {
  if (value === 'auto') return t('groundAuto');
  if (value === 'none') return t('groundNone');
  if (value === 'transparent') return t('groundTransparent');
  const { name, time, colours = [], dark, form } = value;
  if (name === 'plain' && colours[0] !== undefined) return colours[0];
  const own = t(`ground.${name}`);
  if (isScene(name)) return time ? t('groundWith', own, t(`time.${time}`)) : own;
  const words =
    form && formsOf(name).includes(form) ? t('groundWith', own, t(`form.${form}`)) : own;
  return dark ? t('groundWith', words, t('groundDark')) : words;
}

/** A subject in words: "3 × balloon". */
export function subjectWords({ words, count }: Subject): string {
  const bare = words.replace(ARTICLE, '');
  return count > 1 ? t('subjectCount', count, bare) : bare;
}

export function kindWords(kind: Kind): string {
  return t(`kind.${kind}`);
}

/** What lies behind the subjects of a composition, as a choice. */
export function groundOf({ ground }: Composition): GroundValue {
  return ground ?? 'auto';
}
