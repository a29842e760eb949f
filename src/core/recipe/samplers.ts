import type { SchedulerAlias } from '../diffusion/schedulers/base/definition';
import { findScheduler, SCHEDULERS } from '../diffusion/schedulers/registry';

/** By other tools' names, in the form of `plainName`. */
const ALIAS_BY_SAMPLER: ReadonlyMap<string, SchedulerAlias> = new Map(
  SCHEDULERS.flatMap(({ aliases }) =>
    aliases.flatMap((alias) => (alias.samplers ?? []).map((sampler) => [sampler, alias])),
  ),
);

/** Noise schedules that are the sampler's default, or close to it. */
const USUAL = new Set([
  '',
  'normal',
  'simple',
  'uniform',
  'automatic',
  'native',
  'discrete',
  'ddimuniform',
  'default',
]);

/** Samplers that have a schedule of their own in AUTOMATIC1111, whatever is chosen there. */
const OWN_SCHEDULE = new Set(['ddim', 'plms']);

/** Easel's scheduler for a sampler of another tool. */
export interface KnownSampler {
  /** A value for a request's `scheduler`; absent if Easel has no such sampler. */
  readonly scheduler?: string;
  /** Why the image will differ; absent if it will not. */
  readonly note?: string;
}

/**
 * Finds Easel's scheduler for a sampler's name as AUTOMATIC1111, ComfyUI, InvokeAI, Fooocus, NovelAI or
 * stable-diffusion.cpp write it (`DPM++ 2M Karras`, `dpmpp_2m`, `k_euler_ancestral`, `dpmpp_2m_k`).
 * @param schedule the name of the noise schedule where the tool keeps it apart, such as `karras`
 */
export function findSampler(sampler: string, schedule?: string): KnownSampler {
  const { name, karras: named } = plainName(sampler);
  const levels = plainName(schedule ?? '').name;
  const found = ALIAS_BY_SAMPLER.get(name);
  const shown = [sampler, schedule].filter(Boolean).join(', ');
  if (found === undefined) {
    return { note: `Easel has no sampler like ${shown}. It uses the model's own.` };
  }
  const scheduler = found.names[0];
  const automatic = levels === 'automatic' && found.karras === 'automatic';
  const karras = named || levels === 'karras';
  if ((karras || automatic) && found.karras) return { scheduler: `${scheduler}-karras` };
  if (karras ? OWN_SCHEDULE.has(name) : USUAL.has(levels)) return { scheduler };
  return {
    scheduler,
    note: `Easel has ${sampler}, but not its schedule ${schedule ?? 'Karras'}.`,
  };
}

/** AUTOMATIC1111's label of a scheduler by any of its names in Easel, with its schedule type. */
export function samplerLabel(scheduler: string): {
  readonly sampler: string;
  readonly schedule?: string;
} {
  const plain = scheduler.toLowerCase().replace(/[_\s]+/g, '-');
  const karras = plain.endsWith('-karras');
  const found = findScheduler(karras ? plain.slice(0, -'-karras'.length) : plain);
  const sampler = found?.alias?.label ?? found?.definition.label ?? scheduler;
  return karras ? { sampler, schedule: 'Karras' } : { sampler };
}

/**
 * A name in lower case, without separators and the prefixes and endings that tools add, and with `++` for `pp`;
 * and whether it asked for Karras (`karras`, `_k`).
 */
function plainName(name: string): { readonly name: string; readonly karras: boolean } {
  let plain = name
    .toLowerCase()
    .replace(/^(sample|k)_/, '')
    .replace(/_gpu$/, '');
  const karras = /[\s_]?karras$|_(k|ka)$/.exec(plain);
  if (karras && karras.index > 0) plain = plain.slice(0, karras.index);
  return {
    name: plain.replace(/[\s_-]+/g, '').replace(/pp/g, '++'),
    karras: karras !== null && karras.index > 0,
  };
}
