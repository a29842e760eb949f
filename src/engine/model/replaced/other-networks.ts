import path from 'node:path';
import { EaselError } from '../../../core/errors';
import { isRepoId } from '../../../core/repository-id';
import type { OtherNetworks } from '../../../core/request/other-networks';
import { resolveAutoencoder, resolveUNet, type NetworkPlace } from '../../store/resolve-adapter';
import type { ComponentFiles, ComponentKind, ModelLayout } from '../layouts/layout';
import { networkOfFile, type NetworkKind } from './network-file';
import { AUTOENCODERS, UNETS } from './network-kinds';
import { networkOfFolder } from './network-folder';

/**
 * A model with another UNet or autoencoder, as diffusers' `from_pretrained(…, unet=…, vae=…)`. No weights are loaded.
 * @throws EaselError `model-not-found` (no such file, or not in the cache), `bad-request` (several files to choose from),
 *   `unsupported-model` (another kind of network, one for another model, or a model of exported ONNX graphs),
 *   `model-incomplete`, `bad-file`, `unsafe-file`
 */
export async function withOtherNetworks(
  layout: ModelLayout,
  { unet, vae }: OtherNetworks,
): Promise<ModelLayout> {
  let model = layout;
  if (unet !== undefined) {
    const place = await resolveUNet(unet);
    const names = [path.basename(pathOf(place)), ...(isRepoId(unet) ? [unet] : [])];
    model = { ...(await withNetwork(model, UNETS, unet, place)), unetNames: names };
  }
  if (vae !== undefined) {
    model = await withNetwork(model, AUTOENCODERS, vae, await resolveAutoencoder(vae));
  }
  return model;
}

/** @param id what the user calls the network */
async function withNetwork(
  layout: ModelLayout,
  kind: NetworkKind,
  id: string,
  place: NetworkPlace,
): Promise<ModelLayout> {
  const { component } = kind;
  const own = await layout.component(component, ownFiles(layout, kind));
  const given = { id, model: layout.id, own };
  const found =
    'folder' in place
      ? await networkOfFolder(kind, { ...given, folder: place.folder })
      : await networkOfFile(kind, { ...given, file: place.file });
  return {
    ...layout,
    place: `${layout.place}\n${component} ${pathOf(place)}`,
    component: (name, read) =>
      name === component ? Promise.resolve(read.read(found)) : layout.component(name, read),
  };
}

/** Reads nothing but where the model's own network is. */
function ownFiles(
  { id }: ModelLayout,
  { component, field, classes, label }: NetworkKind,
): ComponentKind<ComponentFiles> {
  return {
    classes,
    read: (files) => ({ ...files, name: component }),
    exported: () => {
      throw new EaselError(
        'unsupported-model',
        `${id} consists of exported ONNX graphs, whose ${label} cannot be replaced. Use the model as a diffusers folder or a single file.`,
        { field, model: id },
      );
    },
  };
}

function pathOf(place: NetworkPlace): string {
  return 'folder' in place ? place.folder : place.file;
}
