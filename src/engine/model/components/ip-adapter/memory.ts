import { computeTypeOf } from '../../../../core/devices';
import type { UNetConfig } from '../../../graph/unet-config';
import { weightMemory } from '../../../weights/source';
import { unetWeightBytes, type UNetUse } from '../unet/unet';
import type { IpAdapter } from './ip-adapter';

/** Bytes of the weights of IP-Adapters. */
export interface AdapterMemory {
  /** Of each adapter's layers, which are in the UNet's graph. */
  readonly layers: readonly number[];
  /** Of the image encoders and the projections, which are loaded one at a time, before the UNet. */
  readonly encoders: readonly number[];
}

export function ipAdapterMemory(
  adapters: readonly IpAdapter[],
  unet: Pick<UNetConfig, 'down'>,
  use: UNetUse,
): AdapterMemory {
  const { precision, place } = use;
  const type = computeTypeOf(precision);
  const encoders = new Map(adapters.map(({ encoder }) => [encoder.folder, encoder]));
  return {
    layers: adapters.map(({ weights }) => unetWeightBytes({ weights, config: unet }, use)),
    encoders: [
      ...[...encoders.values()].map(({ memoryBytes }) => memoryBytes(type, place)),
      ...adapters.map(({ projectionWeights }) => weightMemory(projectionWeights, type, { place })),
    ],
  };
}
