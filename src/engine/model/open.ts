import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { EaselError } from '../../core/errors';
import type { OtherNetworks } from '../../core/request/other-networks';
import { requireInside } from '../io/containment';
import { repoIdOfSnapshot } from '../store/hub-cache';
import { readModelIndex } from '../store/model-folder';
import type { ModelLocation } from '../store/resolve';
import { variantsAmong } from '../weights/source';
import { familyOf } from './families/registry';
import { diffusersFolder } from './layouts/diffusers-folder';
import { exportedLayout, isExportedFolder } from './layouts/exported/layout';
import type { ModelLayout, OpenOptions } from './layouts/layout';
import { otherFolder } from './layouts/other-folder';
import { withOtherNetworks } from './replaced/other-networks';
import { singleFileLayout } from './layouts/single-file/layout';
import type { Model } from './model';

/**
 * Reads a model: a diffusers folder, a folder of exported ONNX graphs, or a checkpoint in a single file.
 * No weights are loaded.
 * @throws EaselError `model-incomplete`, `bad-file`, `unsafe-file`, `unsupported-model` or
 *   `unsupported-config`, each naming the file or field; `model-not-found` or `bad-request` for a UNet or an autoencoder
 *   that takes the place of the model's own
 */
export async function openModel(
  location: ModelLocation,
  options: OpenOptions & OtherNetworks = {},
): Promise<Model> {
  return openLayout(await withOtherNetworks(await layoutOf(location, options), options));
}

export function openLayout(layout: ModelLayout): Promise<Model> {
  return familyOf(layout).open(layout);
}

async function layoutOf(
  { id, folder, file }: ModelLocation,
  options: OpenOptions,
): Promise<ModelLayout> {
  if (file !== undefined) {
    // A file that was named itself may be a link; one of a repository may not lead out of it.
    if (repoIdOfSnapshot(folder) !== undefined) await requireInside(file, folder);
    refuseVariant(id, options.variant, 'one file of weights');
    return singleFileLayout({ id, folder, file });
  }
  if (!(await namesIn(folder)).includes('model_index.json')) throw await otherFolder(folder);
  const index = await readModelIndex(folder);
  const place = { id, folder };
  if (await isExportedFolder(folder)) {
    refuseVariant(id, options.variant, 'a folder of exported ONNX graphs');
    return exportedLayout(place, index);
  }
  if (options.variant !== undefined) await requireVariant(id, folder, options.variant);
  return diffusersFolder(place, index, options);
}

/** @throws EaselError `bad-request` where a variant is asked for */
function refuseVariant(id: string, variant: string | undefined, what: string): void {
  if (variant === undefined) return;
  const message = `${id} is ${what}, which has no variants. Leave out --variant, or give a diffusers folder.`;
  throw new EaselError('bad-request', message, { field: 'variant', value: variant });
}

/**
 * Components without the variant are read without it, as in diffusers; one must have it.
 * @throws EaselError `bad-request`, naming the variants that are there
 */
async function requireVariant(id: string, folder: string, variant: string): Promise<void> {
  const found = new Set<string>();
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    for (const name of variantsAmong(await namesIn(path.join(folder, entry.name)))) found.add(name);
  }
  if (found.has(variant)) return;
  const there = [...found].sort().slice(0, 8).join(', ');
  const message = `${id} has no variant ${variant}. ${there ? `It has: ${there}` : 'It has none'}.`;
  throw new EaselError('bad-request', message, { field: 'variant', value: variant });
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    const message = `The folder ${folder} cannot be read: ${reason}`;
    throw new EaselError('model-incomplete', message, { folder }, { cause: thrown });
  }
}
