import { t } from '../words';

/** A model as people call it: the repository's name without its owner, a folder's last part. */
export function modelLabel(id: string): string {
  if (id === 'starter') return t('starterModel');
  return id.split(/[\\/]/).findLast(Boolean) ?? id;
}

const SCHEDULERS: Readonly<Record<string, string>> = {
  DPMSolverMultistepScheduler: 'DPM++ 2M',
  EulerAncestralDiscreteScheduler: 'Euler a',
  EulerDiscreteScheduler: 'Euler',
  HeunDiscreteScheduler: 'Heun',
  LMSDiscreteScheduler: 'LMS',
  UniPCMultistepScheduler: 'UniPC',
};

export function schedulerLabel(name: string): string {
  return SCHEDULERS[name] ?? name.replace(/Scheduler$/, '');
}
