import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { onnx } from 'onnx-proto';

import { copyInto, newModelFolder, type ModelLayout } from './model-folder';
import type { PipelineCall } from './fixture';
import { FIXTURES } from './paths';

const FOLDER = join(FIXTURES, 'onnx');

/** How the very small model was exported: test/fixtures/onnx has both. */
export type OnnxLayout = 'optimum' | 'legacy' | 'optimum-xl' | 'optimum-lcm';

/** What diffusers drew with the same weights. */
export interface OnnxSettings extends PipelineCall {
  readonly strength: number;
}

export function onnxSettings(): OnnxSettings {
  return JSON.parse(readFileSync(join(FOLDER, 'settings.json'), 'utf8')) as OnnxSettings;
}

/**
 * Path of a picture: `text-to-image.png`, `image-to-image.png`, the `sketch.png` it started from, or the one that
 * is named like a folder.
 */
export function onnxPicture(name: string): string {
  return join(FOLDER, name);
}

/** Makes the model folder in a temporary folder that goes when the process ends; returns its path. */
export function materialiseOnnx(name: OnnxLayout, layout?: ModelLayout['layout']): string {
  const model = newModelFolder(layout);
  const unpack = (path: string, bytes: Buffer): [string, Buffer] =>
    path.endsWith('.gz') ? [path.slice(0, -3), gunzipSync(bytes)] : [path, bytes];
  copyInto(model, join(FOLDER, name), layout, () => true, unpack);
  const tokenizers = { tokenizer: 'sd1', ...(name === 'optimum-xl' && { tokenizer_2: 'sdxl2' }) };
  for (const [part, own] of Object.entries(tokenizers)) {
    for (const style of ['small', own]) {
      copyInto(join(model, part), join(FIXTURES, 'tokenizers', style), layout);
    }
  }
  return model;
}

/** The safety checker of the folder `legacy`, and which of the images it flags whose seeds follow each other. */
export const ONNX_CHECKER = JSON.parse(
  readFileSync(join(FOLDER, 'safety-checker.json'), 'utf8'),
) as { readonly preprocessor: object; readonly flagged: readonly boolean[] };

/** Makes the model folder `legacy` with a safety checker; returns its path. */
export function materialiseCheckedOnnx(): string {
  const model = materialiseOnnx('legacy');
  const indexFile = join(model, 'model_index.json');
  const index = JSON.parse(readFileSync(indexFile, 'utf8')) as Record<string, unknown>;
  index.safety_checker = ['diffusers', 'OnnxRuntimeModel'];
  index.feature_extractor = ['transformers', 'CLIPImageProcessor'];
  writeFileSync(indexFile, JSON.stringify(index));
  for (const part of ['safety_checker', 'feature_extractor']) mkdirSync(join(model, part));
  const graph = gunzipSync(readFileSync(join(FOLDER, 'safety-checker.onnx.gz')));
  writeFileSync(join(model, 'safety_checker', 'model.onnx'), graph);
  const processor = JSON.stringify(ONNX_CHECKER.preprocessor);
  writeFileSync(join(model, 'feature_extractor', 'preprocessor_config.json'), processor);
  return model;
}

/** Changes an ONNX model file in place. */
export function editOnnx(file: string, edit: (graph: onnx.GraphProto) => void): void {
  const model = onnx.ModelProto.decode(readFileSync(file));
  edit(model.graph as onnx.GraphProto);
  writeFileSync(file, onnx.ModelProto.encode(model).finish());
}
