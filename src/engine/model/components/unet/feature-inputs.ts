import type { StepPlace } from '../../../../core/diffusion/denoise';
import { featurePlaces, type FeatureShape } from '../../../graph/feature-places';
import type { UNetConfig } from '../../../graph/unet-config';
import type { Feed } from '../../../runtime/session';
import type { LatentSize } from '../../latent-space';
import type { PreparedControl } from '../../model';
import { isControlled } from './control-inputs';

/** What a T2I-Adapter of a UNet gives it: one feature for each of its places, or fewer. */
export type AdapterInput = Pick<PreparedControl, 'scale' | 'start' | 'end'> & {
  readonly features: readonly Float32Array[];
};

/**
 * The places of the UNet for which the adapters have features. As in diffusers, one of another shape than the middle
 * is left out, and so are those after it.
 */
function placesOf(
  config: UNetConfig,
  adapters: readonly AdapterInput[],
  size: LatentSize,
): readonly FeatureShape[] {
  const places = featurePlaces(config, size);
  const end = places.findIndex(
    (place, index) => !adapters.some(({ features }) => features[index]?.length === lengthOf(place)),
  );
  return end < 0 ? places : places.slice(0, end);
}

function lengthOf({ channels, height, width }: FeatureShape): number {
  return channels * height * width;
}

/** How many features the UNet is given. */
export function featureCount(
  config: UNetConfig,
  adapters: readonly AdapterInput[],
  size: LatentSize,
): number {
  return placesOf(config, adapters, size).length;
}

/**
 * Gives the inputs `adapter_feature_k` of a step: the weighted sum of those of the adapters that have begun and not
 * ended (diffusers, `MultiAdapter`), and 0 where none is left.
 */
export function featureInputs(
  config: UNetConfig,
  adapters: readonly AdapterInput[],
  size: LatentSize,
): (place: StepPlace) => Readonly<Record<string, Feed>> {
  const places = placesOf(config, adapters, size);
  let last: { readonly key: string; readonly feeds: Readonly<Record<string, Feed>> } | undefined;
  return (place) => {
    const active = adapters.filter((adapter) => isControlled(place, adapter));
    const key = active.map((adapter) => adapters.indexOf(adapter)).join();
    if (last?.key === key) return last.feeds;
    const feeds = places.map((shape, index): [string, Feed] => {
      const dims = [1, shape.channels, shape.height, shape.width];
      const data = new Float32Array(lengthOf(shape));
      for (const { features, scale } of active) {
        const { [index]: feature = [] } = features;
        if (feature.length !== data.length) continue;
        for (let i = 0; i < data.length; i++) data[i]! += feature[i]! * scale;
      }
      return [`adapter_feature_${index}`, { type: 'float32', data, dims }];
    });
    last = { key, feeds: Object.fromEntries(feeds) };
    return last.feeds;
  };
}
