import path from 'node:path';
import { fewStepsOf, type FewSteps } from '../../core/catalogue/few-steps';
import type { JsonObject } from '../../core/json';
import { isRepoId } from '../../core/repository-id';
import type { ModelDefaults } from './defaults';
import type { UNetConfig } from '../graph/unet-config';
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

/** How latent consistency models are run that take the guidance scale as an input (latent-consistency/lcm-sdxl). */
const LCM: FewSteps = {
  steps: 4,
  guidanceScale: 8,
  scheduler: { _class_name: 'LCMScheduler' },
};

/**
 * What a UNet says that takes the place of a model's own; undefined where it is not one for a few steps.
 * @param names of its file and repository
 */
export function fewStepsOfUNet(
  names: readonly string[],
  { timeEmbedding }: Pick<UNetConfig, 'timeEmbedding'>,
): FewSteps | undefined {
  return timeEmbedding.condProjDim === undefined ? fewStepsOf(names) : LCM;
}

/** The parts of a model that a few-step LoRA or UNet changes besides its weights. */
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
