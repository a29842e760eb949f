import path from 'node:path';
import { isClassName, readJsonObject } from '../../store/model-folder';
import { openComponentWeights } from '../../weights/source';
import type { ComponentFiles } from '../layouts/layout';
import { refusedNetwork, type GivenNetwork, type NetworkKind } from './network-file';

/**
 * A network that diffusers has saved in a folder of its own.
 * @throws EaselError see `withOtherNetworks`
 */
export async function networkOfFolder(
  kind: NetworkKind,
  { folder, ...given }: GivenNetwork & { readonly folder: string },
): Promise<ComponentFiles> {
  const where = path.join(folder, 'config.json');
  const config = await readJsonObject(where, folder);
  const { _class_name: className } = config;
  if (!isClassName(className) || !kind.classes.includes(className)) {
    const found = isClassName(className) ? `a ${className}` : 'no network of diffusers';
    throw refusedNetwork(kind, given, `is ${found}, and takes no ${kind.label}'s place`);
  }
  kind.requireFit(given, { config, where });
  const openWeights = () => openComponentWeights(folder);
  return { name: kind.component, className, config, where, openWeights, folder };
}
