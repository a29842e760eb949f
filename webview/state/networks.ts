import { baseFamily } from '../../src/core/catalogue/base-family';
import type { StudioState } from '../../src/protocol/studio';
import { t } from '../l10n';
import { elsewhereOf, notTaken } from './elsewhere';

/** Networks that can be added to a model, and what is said where they cannot. */
const REFUSALS = {
  controlnets: { here: 'linesHere', notTaken: 'linesNotTaken' },
  ipAdapters: { here: 'styleImageHere', notTaken: 'styleImageNotTaken' },
  loras: { here: 'lorasHere', notTaken: 'lorasNotTaken' },
} as const;

/** Why such networks cannot be added to a model; undefined where they can. */
export function networksRefused(
  networks: keyof typeof REFUSALS,
  model: string,
  state: Pick<StudioState, 'models' | 'endpoints'>,
): string | undefined {
  const texts = REFUSALS[networks];
  const elsewhere = elsewhereOf(model, state);
  if (elsewhere) {
    // What is not known yet is not taken: such a network is a file of this machine.
    return notTaken(elsewhere, networks) ?? t(texts.here, elsewhere.endpoint.host);
  }
  const entry = state.models.find(({ id }) => id === model);
  const isFixed = entry?.defaults?.composes ?? entry?.precision === 'ONNX';
  return isFixed ? t(texts.notTaken) : undefined;
}

/** The family that networks for a model are made for; empty where it is not known. */
export function familyOf(model: string, { models }: Pick<StudioState, 'models'>): string {
  return baseFamily(models.find(({ id }) => id === model)?.family ?? '');
}
