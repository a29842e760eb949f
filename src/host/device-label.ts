import type { DeviceName } from '../core/request/request';

const LABELS: Readonly<Record<DeviceName, string>> = {
  cpu: 'CPU',
  cuda: 'CUDA',
  webgpu: 'WebGPU',
  dml: 'DirectML',
  coreml: 'Core ML',
};

/** A device's name as its makers write it. */
export function deviceLabel(device: DeviceName): string {
  return LABELS[device];
}
