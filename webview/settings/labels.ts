import type { DeviceName } from '../../src/core/request/request';
import { t } from '../words';

const DEVICES: Readonly<Record<DeviceName, string>> = {
  cpu: 'CPU',
  cuda: 'CUDA',
  webgpu: 'WebGPU',
  dml: 'DirectML',
  coreml: 'Core ML',
};

export function deviceLabel(device: DeviceName): string {
  return DEVICES[device];
}

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
