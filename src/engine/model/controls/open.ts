import path from 'node:path';
import { isFile } from '../../store/hub-cache';
import { readJsonObject } from '../../store/model-folder';
import { resolveControlNet } from '../../store/resolve-adapter';
import { readWeightTensors } from '../../weights/weight-file';
import {
  controlNetOfFile,
  controlNetOfFolder,
  type ControlNet,
} from '../components/controlnet/controlnet';
import { isAdapterFile } from '../components/t2i-adapter/adapter-file';
import {
  adapterOfFile,
  adapterOfFolder,
  type T2IAdapter,
} from '../components/t2i-adapter/t2i-adapter';
import type { ControlBase } from '../components/control/base';

/** A network that holds the images of a model to another image. The weights are not loaded yet. */
export type ControlNetwork = ControlNet | T2IAdapter;

/**
 * Opens a ControlNet or a T2I-Adapter for a model: a folder or repository as diffusers saves it, or one file in
 * diffusers' or the original layout. No weights are loaded.
 * @throws EaselError see `Model.withControlNets`
 */
export async function openControl(id: string, base: ControlBase): Promise<ControlNetwork> {
  const file = await resolveControlNet(id);
  const folder = path.dirname(file);
  const where = path.join(folder, 'config.json');
  if (path.basename(file).startsWith('diffusion_pytorch_model') && (await isFile(where))) {
    const json = await readJsonObject(where, folder);
    const open = json._class_name === 'T2IAdapter' ? adapterOfFolder : controlNetOfFolder;
    return open({ id, folder, json, where }, base);
  }
  const tensors = await readWeightTensors(file);
  const open = isAdapterFile(tensors.keys()) ? adapterOfFile : controlNetOfFile;
  return open({ id, file, tensors }, base);
}
