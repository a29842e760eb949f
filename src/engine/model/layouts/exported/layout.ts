import { readdir } from 'node:fs/promises';
import path from 'node:path';

import { type ModelIndex, readOptionalJsonObject } from '../../../store/model-folder';
import type { ModelLayout } from '../layout';
import { readSchedulerConfig } from '../scheduler-config';
import { MODEL_FILE, openOnnxComponent } from './component';
import type { ExportedFolder } from './folder';

/**
 * Whether a diffusers folder has exported ONNX graphs and no weights, as diffusers' conversion script and
 * optimum write it. If a folder has both, Easel uses the weights.
 */
export async function isExportedFolder(folder: string): Promise<boolean> {
  const names = await readdir(path.join(folder, 'unet')).catch((): string[] => []);
  return names.includes(MODEL_FILE) && !names.some((name) => /\.(safetensors|bin)$/.test(name));
}

/**
 * A folder of exported ONNX graphs, from diffusers' conversion script (without configs of the components) or
 * from optimum (with configs). Facts from the graphs have priority over the configs.
 * @throws EaselError see `ModelLayout.component`
 */
export function exportedLayout(
  { id, folder }: { readonly id: string; readonly folder: string },
  index: ModelIndex,
): ModelLayout {
  const { pipeline } = index;
  const files: ExportedFolder = {
    id,
    pipeline,
    has: async (name) => {
      const present = await readdir(path.join(folder, name)).catch((): string[] => []);
      return present.includes(MODEL_FILE);
    },
    open: (name) => openOnnxComponent(path.join(folder, name), folder),
    config: async (name, file = 'config.json') =>
      (await readOptionalJsonObject(path.join(folder, name, file), folder)) ?? {},
  };
  return {
    id,
    folder,
    place: folder,
    pipeline,
    index: index.raw,
    schedulerConfig: (name) => readSchedulerConfig(folder, index, name),
    component: (name, kind) => kind.exported(files, name),
    tokenizer: (name, kind) => kind.read(path.join(folder, name), folder),
  };
}
