import { EaselError } from '../../errors';
import type { JsonObject } from '../../json';
import { oneLine } from '../../shown-text';
import { readableFields, SchedulerConfig, type SchedulerOptions } from './base/config';
import type { SchedulerDefinition } from './base/definition';
import type { Scheduler } from './base/scheduler';
import {
  findScheduler,
  type NamedScheduler,
  resolveScheduler,
  SCHEDULER_CLASSES,
  SCHEDULER_EXAMPLES,
  SCHEDULERS,
} from './registry';

export { SCHEDULER_ALIASES, SCHEDULER_NAMES } from './registry';
export type { SchedulerOptions } from './base/config';
export type { Scheduler } from './base/scheduler';

const OWN_FIELDS: ReadonlySet<string> = new Set(
  SCHEDULERS.flatMap(({ configFields }) => configFields ?? []),
);

/**
 * Makes a scheduler from scheduler_config.json as read, equal to diffusers' `X.from_config(config)`: fields
 * that X does not have are ignored when another scheduler class has them, or when the config is of a class that
 * Easel does not have.
 * @param name a diffusers class name or one of `SCHEDULER_ALIASES`, in any case; the config's `_class_name`
 * when absent
 * @throws EaselError `unknown-scheduler`, listing what there is; `unsupported-scheduler` if the config's own
 * class is needed and Easel does not have it; `unsupported-config`, naming the field; `bad-request` where the
 * named scheduler is not for this kind of model, or has no eta
 */
export function createScheduler(
  config: JsonObject,
  name?: string,
  options: SchedulerOptions = {},
): Scheduler {
  const own = ownScheduler(config);
  const { definition, overrides } =
    name === undefined ? requireOwn(config, own) : resolveScheduler(name);
  if (name !== undefined) checkModelKind(config, definition);
  if (options.eta && !definition.takesEta) throw withoutEta(definition, options.eta);
  const fields = readableFields({ ...config, ...overrides }, OWN_FIELDS, own !== undefined);
  return new SCHEDULER_CLASSES[definition.name](
    new SchedulerConfig(definition.name, fields, options),
  );
}

/**
 * Why images of a scheduler will not be what the model can draw, where diffusers draws them all the same.
 * @param name as for `createScheduler`
 */
export function schedulerWarning(config: JsonObject, name: string | undefined): string | undefined {
  const own = ownScheduler(config)?.definition;
  const chosen = name === undefined ? own : findScheduler(name)?.definition;
  if (!own || !chosen || own.isEdm === chosen.isEdm) return undefined;
  const kinds = [own, chosen].map(({ isEdm }) => (isEdm ? 'EDM' : 'discrete timesteps'));
  return (
    `This model was made for ${kinds[0]} (${own.name}), and ${chosen.name} is for ${kinds[1]}: its images are ` +
    "noise, or worse than they could be. Leave out the scheduler to use the model's own."
  );
}

/** The config's own scheduler. Classes of diffusers' former Flax pipelines have a prefix. */
function ownScheduler({ _class_name: own }: JsonObject): NamedScheduler | undefined {
  return typeof own === 'string' ? findScheduler(own.replace(/^Flax/, '')) : undefined;
}

function requireOwn(
  { _class_name: own }: JsonObject,
  found: NamedScheduler | undefined,
): NamedScheduler {
  if (found) return found;
  const scheduler = typeof own === 'string' ? oneLine(own, 80) : undefined;
  const what = scheduler
    ? `uses the scheduler ${scheduler}, which Easel does not have`
    : 'does not name its scheduler (_class_name in scheduler_config.json)';
  throw new EaselError(
    'unsupported-scheduler',
    `The model ${what}. Choose one with --scheduler NAME, such as ${SCHEDULER_EXAMPLES.join(', ')}.`,
    { scheduler },
  );
}

/**
 * Refuses a flow matching scheduler for a diffusion model, and the reverse. diffusers makes both without an
 * error, and the images are noise.
 */
function checkModelKind(config: JsonObject, { name, isFlowMatching }: SchedulerDefinition): void {
  const { _class_name: own, prediction_type: prediction } = config;
  if (typeof own !== 'string') return;
  const ownIsFlowMatching = isFlowMatchingClass(own);
  const predictsFlow =
    typeof prediction === 'string' ? prediction === 'flow_prediction' : ownIsFlowMatching;
  if (isFlowMatching ? predictsFlow : !ownIsFlowMatching) return;
  const [wanted, found] = isFlowMatching
    ? ['flow matching', `predicts ${typeof prediction === 'string' ? prediction : 'epsilon'}`]
    : ['diffusion', 'is for flow matching'];
  throw new EaselError(
    'bad-request',
    `${name} draws with ${wanted} models only, and this model (${own}) ${found}. ` +
      "Choose another scheduler, or none for the model's own.",
    { field: 'scheduler', value: name },
  );
}

/** diffusers' pipelines ignore `eta` where the scheduler does not take it. */
function withoutEta({ name }: SchedulerDefinition, eta: number): EaselError {
  const owners = SCHEDULERS.filter(({ takesEta }) => takesEta).map(({ label }) => label);
  return new EaselError(
    'bad-request',
    `eta is for the schedulers ${owners.join(' and ')}, and ${name} has none. Leave it out, or choose one of them.`,
    { field: 'eta', value: eta },
  );
}

/** For a class that Easel does not have, diffusers' naming decides. */
function isFlowMatchingClass(name: string): boolean {
  const known = findScheduler(name);
  return known ? known.definition.isFlowMatching === true : name.startsWith('FlowMatch');
}
