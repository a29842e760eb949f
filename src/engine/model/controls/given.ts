import { computeTypeOf, NUMBER_BYTES, type Precision } from '../../../core/devices';
import type { Size } from '../../../core/image/resize';
import { featuresOfAdapter } from '../../graph/feature-places';
import { weightMemory, type WeightPlace } from '../../weights/source';
import type { ControlInput, PreparedControl } from '../model';
import type { Networks } from '../network';
import type { ControlNet } from '../components/controlnet/controlnet';
import { computeFeatures } from '../components/t2i-adapter/features';
import type { T2IAdapter } from '../components/t2i-adapter/t2i-adapter';
import type { AdapterInput } from '../components/unet/feature-inputs';
import type { ControlNetwork } from './open';

/** The ControlNets among the networks of a model. */
export function controlNetsOf(networks: readonly ControlNetwork[]): readonly ControlNet[] {
  return networks.filter((one) => one.kind === 'controlnet');
}

/** The T2I-Adapters among the networks of a model. */
export function adaptersOf(networks: readonly ControlNetwork[]): readonly T2IAdapter[] {
  return networks.filter((one) => one.kind === 't2i-adapter');
}

/** What a denoiser is given for its ControlNets and its T2I-Adapters. */
export interface GivenControls {
  readonly controlNets: readonly ControlNet[];
  /** Of the ControlNets. */
  readonly controls: readonly ControlInput[];
  readonly adapters: readonly AdapterInput[];
}

/** @param controls one for each network */
export function givenControls(
  networks: readonly ControlNetwork[],
  controls: readonly PreparedControl[],
): GivenControls {
  const adapters = controls.flatMap(({ features, scale, start, end }) =>
    features ? [{ features, scale, start, end }] : [],
  );
  return {
    controlNets: controlNetsOf(networks),
    controls: controls.filter((_, index) => networks[index]?.kind === 'controlnet'),
    adapters,
  };
}

/**
 * Computes the features of T2I-Adapters.
 * @param controls one for each network
 * @param size in pixels
 */
export async function prepareControls(
  networks: Networks,
  parts: readonly ControlNetwork[],
  { controls, size }: { readonly controls: readonly ControlInput[]; readonly size: Size },
): Promise<readonly PreparedControl[]> {
  const prepared: PreparedControl[] = [];
  for (const [index, control] of controls.entries()) {
    const part = parts[index]!;
    const { image: planes } = control;
    prepared.push(
      part.kind === 'controlnet'
        ? control
        : { ...control, features: await computeFeatures(networks, part, { planes, size }) },
    );
  }
  return prepared;
}

export interface AdapterMemory {
  /** Of the largest adapter: they are computed one after the other. */
  readonly weightBytes: number;
  readonly computingBytes: number;
  /** The features of all, which stay while the image is denoised. */
  readonly featureBytes: number;
}

/** Planes of an adapter's first level that are in memory at once: a resnet's input, its two layers and their sum. */
const PLANES = 4;

/** The memory of T2I-Adapters. @param size in pixels */
export function adapterMemory(
  networks: readonly ControlNetwork[],
  size: Size,
  { precision, place }: { readonly precision: Precision; readonly place: WeightPlace },
): AdapterMemory {
  const adapters = adaptersOf(networks);
  const type = computeTypeOf(precision);
  const numbersOf = ({ config }: T2IAdapter) =>
    featuresOfAdapter(config, size).map(({ channels, width, height }) => channels * width * height);
  const sum = (numbers: readonly number[]) => numbers.reduce((total, count) => total + count, 0);
  const most = (values: readonly number[]) => Math.max(0, ...values);
  const image = 3 * size.width * size.height;
  return {
    weightBytes: most(adapters.map(({ weights }) => weightMemory(weights, type, { place }))),
    computingBytes: most(
      adapters.map((one) => (image + PLANES * most(numbersOf(one))) * NUMBER_BYTES[type]),
    ),
    // Those of each, and their sum.
    featureBytes:
      (sum(adapters.flatMap(numbersOf)) + most(adapters.map((one) => sum(numbersOf(one))))) *
      NUMBER_BYTES.float32,
  };
}
