import { EaselError } from '../../errors';
import type { JsonObject } from '../../json';
import type { SchedulerConfig } from './base/config';
import { KARRAS, type SchedulerAlias, type SchedulerDefinition } from './base/definition';
import type { Scheduler } from './base/scheduler';
import { DDIM, DDIMScheduler } from './ddim';
import { DDPM, DDPMScheduler } from './ddpm';
import { DEIS, DEISMultistepScheduler } from './deis';
import { DPM_SOLVER_MULTISTEP, DPMSolverMultistepScheduler } from './dpm-solver';
import { DPM_SOLVER_SDE, DPMSolverSDEScheduler } from './dpm-solver-sde';
import { DPM_SOLVER_SINGLESTEP, DPMSolverSinglestepScheduler } from './dpm-solver-singlestep';
import { EDM_DPM_SOLVER_MULTISTEP, EDMDPMSolverMultistepScheduler } from './edm-dpm-solver';
import { EDM_EULER, EDMEulerScheduler } from './edm-euler';
import { EULER, EulerDiscreteScheduler } from './euler';
import { EULER_ANCESTRAL, EulerAncestralDiscreteScheduler } from './euler-ancestral';
import { FLOW_MATCH_EULER, FlowMatchEulerDiscreteScheduler } from './flow-match-euler';
import { HEUN, HeunDiscreteScheduler } from './heun';
import {
  KDPM2,
  KDPM2_ANCESTRAL,
  KDPM2AncestralDiscreteScheduler,
  KDPM2DiscreteScheduler,
} from './kdpm2';
import { LCM, LCMScheduler } from './lcm';
import { LMS, LMSDiscreteScheduler } from './lms';
import { PNDM, PNDMScheduler } from './pndm';
import { SA_SOLVER, SASolverScheduler } from './sa-solver';
import { TCD, TCDScheduler } from './tcd';
import { UNIPC, UniPCMultistepScheduler } from './unipc';

/** Every scheduler there is, in the order of lists. */
const DEFINITIONS = [
  DDIM,
  DDPM,
  PNDM,
  LMS,
  EULER,
  EULER_ANCESTRAL,
  HEUN,
  KDPM2,
  KDPM2_ANCESTRAL,
  DPM_SOLVER_MULTISTEP,
  DPM_SOLVER_SINGLESTEP,
  DPM_SOLVER_SDE,
  DEIS,
  UNIPC,
  SA_SOLVER,
  LCM,
  TCD,
  EDM_EULER,
  EDM_DPM_SOLVER_MULTISTEP,
  FLOW_MATCH_EULER,
] as const;

/** The classes are a list of their own, so that a bundle that only needs names does not contain their code. */
export const SCHEDULER_CLASSES: Readonly<Record<SchedulerName, SchedulerClass>> = {
  DDIMScheduler,
  DDPMScheduler,
  PNDMScheduler,
  LMSDiscreteScheduler,
  EulerDiscreteScheduler,
  EulerAncestralDiscreteScheduler,
  HeunDiscreteScheduler,
  KDPM2DiscreteScheduler,
  KDPM2AncestralDiscreteScheduler,
  DPMSolverMultistepScheduler,
  DPMSolverSinglestepScheduler,
  DPMSolverSDEScheduler,
  DEISMultistepScheduler,
  UniPCMultistepScheduler,
  SASolverScheduler,
  LCMScheduler,
  TCDScheduler,
  EDMEulerScheduler,
  EDMDPMSolverMultistepScheduler,
  FlowMatchEulerDiscreteScheduler,
};

type SchedulerName = (typeof DEFINITIONS)[number]['name'];
type SchedulerClass = new (config: SchedulerConfig) => Scheduler;
type RegisteredScheduler = SchedulerDefinition & { readonly name: SchedulerName };

/** The names, labels and config fields of every scheduler. All other lists of schedulers derive from it. */
export const SCHEDULERS: readonly RegisteredScheduler[] = DEFINITIONS;

/** A scheduler by a name that a user typed, with the config fields that the name sets. */
export interface NamedScheduler {
  readonly definition: RegisteredScheduler;
  /** Absent for a class name. */
  readonly alias?: SchedulerAlias;
  readonly overrides: JsonObject;
}

const ALIASES: ReadonlyMap<string, NamedScheduler> = new Map(
  SCHEDULERS.flatMap((definition) =>
    definition.aliases.flatMap((alias) => {
      const overrides = alias.config ?? {};
      const plain = alias.names.map(
        (name) => [name, { definition, alias, overrides }] satisfies [string, NamedScheduler],
      );
      if (!alias.karras) return plain;
      const karras = { definition, alias, overrides: { ...overrides, ...KARRAS } };
      return [...plain, [`${alias.names[0]}-karras`, karras] satisfies [string, NamedScheduler]];
    }),
  ),
);

/** diffusers' class names of the schedulers there are. */
export const SCHEDULER_NAMES: readonly string[] = SCHEDULERS.map(({ name }) => name);

/** The short names of schedulers, as a command line takes them. */
export const SCHEDULER_ALIASES: readonly string[] = [...ALIASES.keys()];

/** Short names for help texts. */
export const SCHEDULER_EXAMPLES: readonly string[] = SCHEDULERS.filter(
  ({ isExample }) => isExample,
).map(({ aliases }) => aliases[0].names[0]);

/**
 * Finds a scheduler by diffusers' class name or by a short name, in any case; `_` and spaces in a short name
 * count as `-`.
 */
export function findScheduler(name: string): NamedScheduler | undefined {
  const asked = name.trim().toLowerCase();
  const definition = SCHEDULERS.find((known) => known.name.toLowerCase() === asked);
  return definition ? { definition, overrides: {} } : ALIASES.get(asked.replace(/[_\s]+/g, '-'));
}

/** @throws EaselError `unknown-scheduler`, listing what there is */
export function resolveScheduler(name: string): NamedScheduler {
  const found = findScheduler(name);
  if (found) return found;
  throw new EaselError(
    'unknown-scheduler',
    `There is no scheduler "${name}". There are ${SCHEDULER_NAMES.join(', ')}, ` +
      `also known as ${SCHEDULER_ALIASES.join(', ')}.`,
    { name, names: SCHEDULER_NAMES, aliases: SCHEDULER_ALIASES },
  );
}
