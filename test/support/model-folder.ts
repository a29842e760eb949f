import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

import { randomTensors, type TensorShapes, type WeightDType } from './random-weights';
import { encodeSafetensors, type TensorToWrite } from './safetensors-file';
import { tempFolder } from './temp-folder';

/** How a model lies on disk. */
export interface ModelLayout {
  /** Type of the weights; by default the one the references were made with. */
  readonly dtype?: WeightDType;
  /** Splits the weights of each component over files with an index. */
  readonly sharded?: boolean;
  /** Infix of the weight files, such as `fp16`. */
  readonly variant?: string;
  /** `hf-cache`: files are links into `blobs`, as huggingface_hub lays a snapshot out. */
  readonly layout?: 'folder' | 'hf-cache';
}

const COMMIT = '0123456789abcdef0123456789abcdef01234567';

/**
 * Where a model's files go: a plain folder, or the snapshot of a Hugging Face cache (its parent's parent's
 * parent is then the cache's root).
 */
export function newModelFolder(layout: ModelLayout['layout'] = 'folder'): string {
  const root = tempFolder();
  if (layout === 'folder') return root;
  return join(root, 'models--easel--tiny', 'snapshots', COMMIT);
}

/** Copies the configs and other small files of a folder, links and all, into a model folder. */
export function copyInto(
  model: string,
  from: string,
  layout: ModelLayout['layout'],
  accept: (path: string) => boolean = () => true,
  change: (path: string, bytes: Buffer) => readonly [string, Buffer] = (...file) => file,
): void {
  for (const entry of fs.readdirSync(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const source = join(entry.parentPath, entry.name);
    const path = relative(from, source);
    if (accept(path)) put(model, ...change(path, fs.readFileSync(source)), layout);
  }
}

/** Writes the random weights of one component. */
export function writeWeights(
  model: string,
  component: string,
  shapes: TensorShapes,
  dtype: WeightDType,
  { sharded = false, variant, layout }: ModelLayout,
): void {
  const base = component.startsWith('text_encoder') ? 'model' : 'diffusion_pytorch_model';
  const stem = variant === undefined ? base : `${base}.${variant}`;
  const tensors = randomTensors(shapes, dtype);
  if (!sharded) {
    put(model, join(component, `${stem}.safetensors`), encodeSafetensors(tensors), layout);
    return;
  }
  const third = Math.ceil(tensors.length / 3);
  const weightMap: Record<string, string> = {};
  for (let shard = 0; shard < 3; shard++) {
    const part: TensorToWrite[] = tensors.slice(shard * third, (shard + 1) * third);
    const name = `${stem}-0000${String(shard + 1)}-of-00003.safetensors`;
    for (const tensor of part) weightMap[tensor.name] = name;
    put(model, join(component, name), encodeSafetensors(part), layout);
  }
  const index = variant === undefined ? 'index.json' : `index.${variant}.json`;
  const text = JSON.stringify({ metadata: {}, weight_map: weightMap });
  put(model, join(component, `${base}.safetensors.${index}`), Buffer.from(text), layout);
}

function put(model: string, path: string, bytes: Buffer, layout: ModelLayout['layout']): void {
  const file = join(model, path);
  fs.mkdirSync(dirname(file), { recursive: true });
  if (layout !== 'hf-cache') {
    fs.writeFileSync(file, bytes);
    return;
  }
  const blobs = join(model, '..', '..', 'blobs');
  fs.mkdirSync(blobs, { recursive: true });
  const blob = join(blobs, createHash('sha256').update(bytes).digest('hex'));
  if (!fs.existsSync(blob)) fs.writeFileSync(blob, bytes);
  fs.symlinkSync(join(relative(dirname(file), blobs), basename(blob)), file);
}
