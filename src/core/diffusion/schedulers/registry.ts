import { EaselError } from '../../errors';
import { SCHEDULER_NAMES, type SchedulerName } from './base/scheduler';

/** A scheduler class, and the config fields that a short name sets besides. */
export interface ResolvedName {
  readonly className: SchedulerName;
  readonly overrides: Readonly<Record<string, unknown>>;
}

const KARRAS = {
  use_karras_sigmas: true,
  use_exponential_sigmas: false,
  use_beta_sigmas: false,
  use_lu_lambdas: false,
};

const SDE = { algorithm_type: 'sde-dpmsolver++' };

const ALIASES: Readonly<Record<string, readonly [SchedulerName, Record<string, unknown>?]>> = {
  ddim: ['DDIMScheduler'],
  ddpm: ['DDPMScheduler'],
  pndm: ['PNDMScheduler'],
  lms: ['LMSDiscreteScheduler'],
  'lms-karras': ['LMSDiscreteScheduler', KARRAS],
  euler: ['EulerDiscreteScheduler'],
  'euler-karras': ['EulerDiscreteScheduler', KARRAS],
  'euler-a': ['EulerAncestralDiscreteScheduler'],
  'euler-ancestral': ['EulerAncestralDiscreteScheduler'],
  heun: ['HeunDiscreteScheduler'],
  'heun-karras': ['HeunDiscreteScheduler', KARRAS],
  'dpm++': ['DPMSolverMultistepScheduler'],
  'dpmsolver++': ['DPMSolverMultistepScheduler'],
  'dpmsolver-multistep': ['DPMSolverMultistepScheduler'],
  'dpm++-karras': ['DPMSolverMultistepScheduler', KARRAS],
  'dpm++-sde': ['DPMSolverMultistepScheduler', SDE],
  'dpm++-sde-karras': ['DPMSolverMultistepScheduler', { ...SDE, ...KARRAS }],
  unipc: ['UniPCMultistepScheduler'],
  'unipc-karras': ['UniPCMultistepScheduler', KARRAS],
  lcm: ['LCMScheduler'],
};

/** The short names of schedulers, as a command line takes them. */
export const SCHEDULER_ALIASES: readonly string[] = Object.keys(ALIASES);

/** @throws EaselError `unknown-scheduler`, listing what there is */
export function resolveSchedulerName(name: unknown): ResolvedName {
  if (typeof name === 'string') {
    const asked = name.trim().toLowerCase();
    const className = SCHEDULER_NAMES.find((known) => known.toLowerCase() === asked);
    if (className) return { className, overrides: {} };
    const alias = ALIASES[asked.replace(/[_\s]+/g, '-')];
    if (alias) return { className: alias[0], overrides: alias[1] ?? {} };
  }
  const asked = typeof name === 'string' ? `"${name}"` : 'with no name';
  throw new EaselError(
    'unknown-scheduler',
    `There is no scheduler ${asked}. There are ${SCHEDULER_NAMES.join(', ')}, ` +
      `also known as ${SCHEDULER_ALIASES.join(', ')}.`,
    { name, names: SCHEDULER_NAMES, aliases: SCHEDULER_ALIASES },
  );
}
