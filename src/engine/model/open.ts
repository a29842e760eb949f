import { readModelIndex } from '../store/model-folder';
import type { ModelLocation } from '../store/resolve';
import { familyOf } from './families/registry';
import { diffusersFolder } from './layouts/diffusers-folder';
import { exportedLayout, isExportedFolder } from './layouts/exported/layout';
import type { ModelLayout } from './layouts/layout';
import { singleFileLayout } from './layouts/single-file/layout';
import type { Model } from './model';

/**
 * Reads a model: a diffusers folder, a folder of exported ONNX graphs, or a checkpoint in a single file.
 * No weights are loaded.
 * @throws EaselError `model-incomplete`, `bad-file`, `unsafe-file`, `unsupported-model` or
 *   `unsupported-config`, each naming the file or field
 */
export async function openModel(location: ModelLocation): Promise<Model> {
  return openLayout(await layoutOf(location));
}

export function openLayout(layout: ModelLayout): Promise<Model> {
  return familyOf(layout).open(layout);
}

async function layoutOf({ id, folder, file }: ModelLocation): Promise<ModelLayout> {
  if (file !== undefined) return singleFileLayout({ id, folder, file });
  const index = await readModelIndex(folder);
  const place = { id, folder };
  return (await isExportedFolder(folder))
    ? exportedLayout(place, index)
    : diffusersFolder(place, index);
}
