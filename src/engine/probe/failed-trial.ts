import type { DeviceName } from '../../core/devices';
import type { HalfTrial } from '../../core/request/precision';
import type { DeviceTrial } from '../../protocol/engine';

/** @param detail why the device does not work */
export function failedTrial(device: DeviceName, detail: string): DeviceTrial {
  return { device, works: false, gflops: 0, detail };
}

/** @param halfFault why float16 does not work */
export function failedHalf(halfFault: string): HalfTrial {
  return { half: false, halfSpeed: 0, halfFault };
}
