/** AUTOMATIC1111's labels of Easel's schedulers; the first is the one to write. */
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

/** Easel's names of samplers, by the names of other tools in the form that `plainName` makes. */
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

/** Those that Easel has with Karras' noise levels too, as `<name>-karras`. */
const WITH_KARRAS = new Set(['lms', 'euler', 'heun', 'dpm++', 'dpm++-sde', 'unipc']);
/** Schedules that are the sampler's usual one, or nearly so. */
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
/** AUTOMATIC1111's "Automatic" means Karras for these. */
const KARRAS_BY_ITSELF = new Set(['dpm++', 'dpm++-sde']);

/** What a sampler of another tool is called here. */
export interface KnownSampler {
  /** What a request's `scheduler` takes; absent where there is no such sampler. */
  readonly scheduler?: string;
  /** Why the picture will differ; absent where it will not. */
  readonly note?: string;
}

/**
 * Finds Easel's scheduler for a sampler's name as AUTOMATIC1111, ComfyUI, InvokeAI, Fooocus, NovelAI or
 * stable-diffusion.cpp write it (`DPM++ 2M Karras`, `dpmpp_2m`, `k_euler_ancestral`, `dpmpp_2m_k`).
 * @param schedule the noise levels' name where it stands apart, such as `karras`
 */
export function findSampler(sampler: string, schedule?: string): KnownSampler {
  const { name, karras: named } = plainName(sampler);
  const levels = plainName(schedule ?? '').name;
  const found = Object.hasOwn(SAMPLERS, name) ? SAMPLERS[name] : undefined;
  const shown = [sampler, schedule].filter(Boolean).join(', ');
  if (found === undefined) {
    return { note: `Easel has no sampler like ${shown}; the model's own is taken.` };
  }
  const automatic = levels === 'automatic' && KARRAS_BY_ITSELF.has(found);
  if ((named || levels === 'karras' || automatic) && WITH_KARRAS.has(found)) {
    return { scheduler: `${found}-karras` };
  }
  if (USUAL.has(levels) || levels === 'karras') return { scheduler: found };
  return { scheduler: found, note: `Easel has ${sampler}, but not its schedule ${schedule}.` };
}

/** AUTOMATIC1111's label of a scheduler that a request named or a job used, with its schedule. */
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

/** A name without case, spaces and what tools put around it; `pp` is `++`, and `karras` or `_k` is told. */
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
