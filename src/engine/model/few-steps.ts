import path from 'node:path';
import { fewStepsOf, type FewSteps } from '../../core/catalogue/few-steps';
import type { JsonObject } from '../../core/json';
import { isRepoId } from '../../core/repository-id';
import type { ModelDefaults } from './defaults';
import type { AdapterRequest } from './model';

/**
 * What the first few-step LoRA with an effect says; undefined where none is one.
 * @param asked the LoRAs as the user named them
 * @param found the same, with the paths of their files
 * @param titles the names in their metadata
 */
export function fewStepsOfLoras(
  asked: AdapterRequest['loras'],
  found: AdapterRequest['loras'],
  titles: readonly (string | undefined)[],
): FewSteps | undefined {
  for (const [at, { path: file, scale }] of found.entries()) {
    const name = asked[at]?.path ?? '';
    // Of a path, the folders say nothing.
    const names = [path.basename(file), ...(isRepoId(name) ? [name] : []), titles[at] ?? ''];
    const few = scale === 0 ? undefined : fewStepsOf(names);
    if (few) return few;
  }
  return undefined;
}

/** The parts of a model that a few-step LoRA changes besides its weights. */
interface Adjustable {
  readonly defaults: ModelDefaults;
  /** scheduler_config.json */
  readonly schedulerConfig: JsonObject;
}

/** A model with the defaults and the scheduler of a few-step model. A request can ask for others. */
export function inFewSteps<T extends Adjustable>(parts: T, few: FewSteps): T {
  const { steps, guidanceScale, scheduler } = few;
  return {
    ...parts,
    defaults: { ...parts.defaults, steps, guidanceScale },
    schedulerConfig: { ...parts.schedulerConfig, ...scheduler },
  };
}
