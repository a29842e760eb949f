import type { StudioStringKey } from '../../src/protocol/studio-strings';
import { t } from '../l10n';
import type { FieldAddition } from './field-additions';

/** What each is called in the menu and on its card, and one sentence of what it does. */
const TEXTS = {
  hires: ['hires.label', 'hires.help'],
  seamless: ['seamless.label', 'seamless.help'],
  variations: ['variationsTitle', 'variationStrength.help'],
  refiner: ['refiner.label', 'refiner.help'],
  secondPrompts: ['secondPromptsTitle', 'prompt2.help'],
  pag: ['pagTitle', 'pagScale.help'],
  freeu: ['freeu.label', 'freeu.help'],
  guidanceRescale: ['guidanceRescaleTitle', 'guidanceRescale.help'],
  clipSkip: ['clipSkipTitle', 'clipSkip.help'],
} as const satisfies Readonly<Record<FieldAddition, readonly [StudioStringKey, StudioStringKey]>>;

export function additionTitle(addition: FieldAddition): string {
  return t(TEXTS[addition][0]);
}

export function additionHelp(addition: FieldAddition): string {
  return t(TEXTS[addition][1]);
}
