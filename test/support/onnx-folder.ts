import { readFileSync, writeFileSync } from 'node:fs';
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

/** Changes an ONNX model file in place. */
export function editOnnx(file: string, edit: (graph: onnx.GraphProto) => void): void {
  const model = onnx.ModelProto.decode(readFileSync(file));
  edit(model.graph as onnx.GraphProto);
  writeFileSync(file, onnx.ModelProto.encode(model).finish());
}
