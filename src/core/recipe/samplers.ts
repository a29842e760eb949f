/** AUTOMATIC1111's labels of schedulers, by class name. */
const LABELS: Readonly<Record<string, string>> = {
  DDIMScheduler: 'DDIM',
  DDPMScheduler: 'DDPM',
  PNDMScheduler: 'PLMS',
  LMSDiscreteScheduler: 'LMS',
  EulerDiscreteScheduler: 'Euler',
  EulerAncestralDiscreteScheduler: 'Euler a',
  HeunDiscreteScheduler: 'Heun',
  DPMSolverMultistepScheduler: 'DPM++ 2M',
  UniPCMultistepScheduler: 'UniPC',
  LCMScheduler: 'LCM',
};

/** Easel's short names of schedulers, by other tools' names as `plainName` returns them. */
const SAMPLERS: Readonly<Record<string, string>> = {
  ddim: 'ddim',
  ddimv3: 'ddim',
  'ddimcfg++': 'ddim',
  ddpm: 'ddpm',
  plms: 'pndm',
  pndm: 'pndm',
  lms: 'lms',
  euler: 'euler',
  eulera: 'euler-a',
  eulerancestral: 'euler-a',
  heun: 'heun',
  'dpm++2m': 'dpm++',
  'dpm++2mv2': 'dpm++',
  'dpm++2': 'dpm++',
  'dpm++2msde': 'dpm++-sde',
  unipc: 'unipc',
  unipcbh2: 'unipc',
  lcm: 'lcm',
};

/** Schedulers that also exist with Karras' noise levels, as `<name>-karras`. */
const WITH_KARRAS = new Set(['lms', 'euler', 'heun', 'dpm++', 'dpm++-sde', 'unipc']);
/** Names of schedules that are equal or similar to the sampler's default. */
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
/** Schedulers for which AUTOMATIC1111's "Automatic" schedule means Karras. */
const KARRAS_BY_ITSELF = new Set(['dpm++', 'dpm++-sde']);

/** Easel's scheduler for a sampler of another tool. */
export interface KnownSampler {
  /** The value for a request's `scheduler`; absent if Easel has no such sampler. */
  readonly scheduler?: string;
  /** Why the image will look different; absent if it will not. */
  readonly note?: string;
}

/**
 * Finds Easel's scheduler for a sampler's name in AUTOMATIC1111, ComfyUI, InvokeAI, Fooocus, NovelAI or
 * stable-diffusion.cpp (`DPM++ 2M Karras`, `dpmpp_2m`, `k_euler_ancestral`, `dpmpp_2m_k`).
 * @param schedule the name of the noise levels, such as `karras`, if it is separate
 */
export function findSampler(sampler: string, schedule?: string): KnownSampler {
  const { name, karras: named } = plainName(sampler);
  const levels = plainName(schedule ?? '').name;
  const found = Object.hasOwn(SAMPLERS, name) ? SAMPLERS[name] : undefined;
  const shown = [sampler, schedule].filter(Boolean).join(', ');
  if (found === undefined) {
    return { note: `Easel has no sampler like ${shown}. It uses the model's own.` };
  }
  const automatic = levels === 'automatic' && KARRAS_BY_ITSELF.has(found);
  if ((named || levels === 'karras' || automatic) && WITH_KARRAS.has(found)) {
    return { scheduler: `${found}-karras` };
  }
  if (USUAL.has(levels) || levels === 'karras') return { scheduler: found };
  return { scheduler: found, note: `Easel has ${sampler}, but not its schedule ${schedule}.` };
}

/** AUTOMATIC1111's labels for a scheduler and its schedule. @param scheduler class name or short name */
export function samplerLabel(scheduler: string): {
  readonly sampler: string;
  readonly schedule?: string;
} {
  const plain = scheduler.toLowerCase().replace(/[_\s]+/g, '-');
  const karras = plain.endsWith('-karras');
  const name = karras ? plain.slice(0, -'-karras'.length) : plain;
  const className = Object.keys(LABELS).find((known) => known.toLowerCase() === plain);
  const sampler = LABELS[className ?? ''] ?? ALIAS_LABELS[name] ?? scheduler;
  return karras ? { sampler, schedule: 'Karras' } : { sampler };
}

const ALIAS_LABELS: Readonly<Record<string, string>> = {
  ddim: 'DDIM',
  ddpm: 'DDPM',
  pndm: 'PLMS',
  lms: 'LMS',
  euler: 'Euler',
  'euler-a': 'Euler a',
  'euler-ancestral': 'Euler a',
  heun: 'Heun',
  'dpm++': 'DPM++ 2M',
  'dpmsolver++': 'DPM++ 2M',
  'dpmsolver-multistep': 'DPM++ 2M',
  'dpm++-sde': 'DPM++ 2M SDE',
  unipc: 'UniPC',
  lcm: 'LCM',
};

/**
 * Normalises a sampler's name: no upper case, spaces, and prefixes or suffixes of tools; `pp` becomes `++`. A suffix
 * `karras` or `_k` is removed and returned as a flag.
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
