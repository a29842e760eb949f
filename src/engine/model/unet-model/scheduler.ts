import {
  createScheduler,
  type Scheduler,
  type SchedulerOptions,
} from '../../../core/diffusion/schedulers/index';
import { findScheduler, resolveScheduler } from '../../../core/diffusion/schedulers/registry';
import { EaselError } from '../../../core/errors';
import type { UNetModelParts } from './parts';

/**
 * Makes a scheduler for a model that denoises with a UNet.
 * @throws EaselError `unknown-scheduler`, `unsupported-scheduler`, `unsupported-config`, or `bad-request` for
 *   another kind of model or an eta that the scheduler does not have
 */
export function createUNetScheduler(
  parts: UNetModelParts,
  name?: string,
  options?: SchedulerOptions,
): Scheduler {
  try {
    return createCorrected(parts, name, options);
  } catch (thrown) {
    throw ofModel(parts.id, thrown);
  }
}

function createCorrected(
  { id, schedulerConfig, traits: { correctScheduler, onlyScheduler } }: UNetModelParts,
  name?: string,
  options?: SchedulerOptions,
): Scheduler {
  if (onlyScheduler !== undefined) {
    const own = name ?? schedulerConfig._class_name;
    requireScheduler(id, onlyScheduler, typeof own === 'string' ? own : '');
  }
  const config = correctScheduler?.(schedulerConfig, name === undefined) ?? schedulerConfig;
  const scheduler = createScheduler(config, name, options);
  if (scheduler.predictionType !== 'flow_prediction') return scheduler;
  throw new EaselError(
    'unsupported-config',
    `The scheduler ${scheduler.name} is for flow matching models, and this is a diffusion model. ` +
      'Choose another one with --scheduler, such as euler.',
    { scheduler: scheduler.name },
  );
}

/** @throws EaselError `bad-request` for another scheduler than the one that a model needs */
function requireScheduler(model: string, needed: string, asked: string): void {
  const { definition } = resolveScheduler(needed);
  const found = findScheduler(asked);
  if (!found || found.definition === definition) return;
  throw new EaselError(
    'bad-request',
    `${model} can be drawn with ${needed} alone: choose it with --scheduler ${definition.aliases[0].names[0]}, or leave the scheduler out.`,
    { field: 'scheduler', scheduler: asked, model },
  );
}

/** An error of a model's scheduler config, with the model's name. */
function ofModel(model: string, thrown: unknown): unknown {
  if (!(thrown instanceof EaselError)) return thrown;
  const { code, message, data } = thrown;
  if (code !== 'unsupported-config' && code !== 'unsupported-scheduler') return thrown;
  return new EaselError(code, `${model}: ${message}`, { ...data, model }, { cause: thrown });
}
