import { featurePlaces, featuresOfAdapter } from '../../../graph/feature-places';
import { parseT2IAdapterConfig, type T2IAdapterConfig } from '../../../graph/t2i-adapter-config';
import type { UNetConfig } from '../../../graph/unet-config';
import { openComponentWeights, type WeightSource } from '../../../weights/source';
import {
  unsupportedControl,
  type ControlBase,
  type ControlFile,
  type ControlFolder,
} from '../control/base';
import { describeFamily, unetFamily } from '../unet/unet';
import { readAdapterFile } from './adapter-file';

/** A T2IAdapter. The weights are not loaded yet. */
export interface T2IAdapter {
  readonly kind: 't2i-adapter';
  /** What the user calls it. */
  readonly id: string;
  readonly config: T2IAdapterConfig;
  readonly weights: WeightSource;
}

/**
 * Opens a T2I-Adapter that diffusers has saved, for a model.
 * @throws EaselError see `Model.withControlNets`
 */
export async function adapterOfFolder(
  { id, folder, json, where }: ControlFolder,
  base: ControlBase,
): Promise<T2IAdapter> {
  const config = parseT2IAdapterConfig(json, where);
  requireFit(id, config, base);
  return { kind: 't2i-adapter', id, config, weights: await openComponentWeights(folder) };
}

/**
 * Opens a T2I-Adapter in one file, for a model.
 * @throws EaselError see `Model.withControlNets`
 */
export function adapterOfFile(from: ControlFile, base: ControlBase): T2IAdapter {
  const { config, weights } = readAdapterFile(from);
  requireFit(from.id, config, base);
  return { kind: 't2i-adapter', id: from.id, config, weights };
}

/** The models that adapters of an `adapter_type` are for. Those of SD 1.x also fit SD 2.x, of the same levels. */
export function adapterFamily(type: unknown): string {
  return type === 'full_adapter_xl' ? 'SDXL' : 'SD 1.x';
}

/** @throws EaselError `unsupported-model` where what the adapter gives has no place in the UNet */
function requireFit(
  id: string,
  config: T2IAdapterConfig,
  { id: model, unet, factor }: ControlBase,
) {
  // Large enough for every level, and a whole number of what the adapter joins.
  const cells = config.downscale * 2 ** unet.down.length;
  const pixels = cells * factor;
  if (fits(config, unet, { pixels, cells })) return;
  const named = describeFamily(unetFamily(unet), unet.crossAttentionDim);
  throw unsupportedControl(
    id,
    `a T2I-Adapter for ${adapterFamily(config.type)}, and ${model} is a model for ${named}. Choose an adapter for ${named}, or another model`,
  );
}

/** Whether each feature for a down block has the shape of its place. Others are left out where they have not. */
function fits(
  config: T2IAdapterConfig,
  unet: UNetConfig,
  { pixels, cells }: { readonly pixels: number; readonly cells: number },
): boolean {
  const places = featurePlaces(unet, { width: cells, height: cells });
  const given = featuresOfAdapter(config, { width: pixels, height: pixels });
  return places.slice(0, unet.down.length).every(({ channels, width }, index) => {
    const { [index]: feature } = given;
    return !feature || (feature.channels === channels && feature.width === width);
  });
}
