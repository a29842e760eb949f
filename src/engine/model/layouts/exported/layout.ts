import { readdir } from 'node:fs/promises';
import path from 'node:path';

import type { ModelIndex } from '../../../store/model-folder';
import { readJsonObject, readOptionalJsonObject } from '../../../store/model-folder';
import type { ModelLayout } from '../layout';
import { MODEL_FILE, openOnnxComponent } from './component';
import type { ExportedFolder } from './folder';

/**
 * Whether a diffusers folder holds finished ONNX graphs and no weights to write graphs for: what
 * diffusers' conversion script and optimum leave. A folder with both is drawn with by its weights.
 */
export async function isExportedFolder(folder: string): Promise<boolean> {
  const names = await readdir(path.join(folder, 'unet')).catch((): string[] => []);
  return names.includes(MODEL_FILE) && !names.some((name) => /\.(safetensors|bin)$/.test(name));
}

/**
 * A folder of finished ONNX graphs: the layout of diffusers' conversion script, which has no configs of its
 * components, and optimum's, which has. What the graphs themselves say comes first.
 */
export function exportedLayout(
  { id, folder }: { readonly id: string; readonly folder: string },
  index: ModelIndex,
): ModelLayout {
  // The classes of diffusers' and optimum's that run such graphs.
  const pipeline = index.pipeline.replace(/^(Onnx|ORT)/, '');
  const files: ExportedFolder = {
    id,
    pipeline,
    has: async (name) => {
      const present = await readdir(path.join(folder, name)).catch((): string[] => []);
      return present.includes(MODEL_FILE);
    },
    open: (name) => openOnnxComponent(path.join(folder, name)),
    config: async (name) =>
      (await readOptionalJsonObject(path.join(folder, name, 'config.json'))) ?? {},
  };
  return {
    id,
    folder,
    place: folder,
    pipeline,
    index: index.raw,
    schedulerConfig: () => readJsonObject(path.join(folder, 'scheduler', 'scheduler_config.json')),
    component: (name, kind) => kind.exported(files, name),
    tokenizer: (name, kind) => kind.read(path.join(folder, name)),
  };
}
