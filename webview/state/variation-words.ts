import type { Composition } from '../../src/core/composition/composition';
import { vary } from '../../src/core/composition/variation';
import { t } from '../l10n';
import type { RequestSummary } from '../../src/protocol/studio';
import { readWords } from './vocabulary';

/** What a variation of a prompt has changed, as far as words say it: "variation 3: outline". */
export function variationWords({ prompt, seed, variation = 0 }: RequestSummary): string {
  if (variation === 0 || seed === undefined) return '';
  const plain = readWords(prompt).composition;
  const { composition, arrangement } = vary(plain, { variation, seed, words: prompt });
  const changes = [
    ...newWords(plain, composition),
    ...newLight(plain, composition),
    ...(arrangement.mirrored ? [t('mirrored')] : []),
  ];
  const name = t('variationOf', variation);
  return changes.length === 0 ? name : t('partIs', name, changes.join(', '));
}

/** Words that the first subject has more than before, such as a colour or a style. */
function newWords({ subjects: [before] }: Composition, { subjects: [after] }: Composition) {
  const words = (text = '') => text.split(/[\s,]+/).filter(Boolean);
  const known = new Set([...words(before?.words), 'a', 'an']);
  return words(after?.words).filter((word) => !known.has(word));
}

function newLight({ ground: before }: Composition, { ground: after }: Composition): string[] {
  if (!after || after === 'transparent' || !after.time || before === 'transparent') return [];
  return after.time === before?.time ? [] : [t(`time.${after.time}`)];
}
