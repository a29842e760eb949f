import { lastName } from '../../src/core/repository-id';
import { SCHEDULERS } from '../../src/core/diffusion/schedulers/registry';
import { t } from '../l10n';

/** The short name of a model: the repository's name without its owner, or the last part of a path. */
export function modelLabel(id: string): string {
  if (id === 'starter') return t('starterModel');
  return lastName(id);
}

/** A scheduler's short name for lists; `name` is diffusers' class name. */
export function schedulerLabel(name: string): string {
  const known = SCHEDULERS.find((scheduler) => scheduler.name === name);
  return known ? (known.title ?? known.label) : name.replace(/Scheduler$/, '');
}
