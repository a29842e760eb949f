import { SCHEDULERS } from '../../src/core/diffusion/schedulers/registry';
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

/** A scheduler's short name for lists; `name` is diffusers' class name. */
export function schedulerLabel(name: string): string {
  const known = SCHEDULERS.find((scheduler) => scheduler.name === name);
  return known ? (known.title ?? known.label) : name.replace(/Scheduler$/, '');
}
