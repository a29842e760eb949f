import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import type { TensorShapes } from './random-weights';
import { encodeHeader } from './safetensors-file';
import { tempFolder } from './temp-folder';
import { FIXTURES } from './paths';

const FOLDER = join(FIXTURES, 'single-files-published');

/** Whole checkpoints of which test/fixtures has the names and shapes. */
export type PublishedCheckpoint = 'sd1' | 'sd2' | 'sdxl' | 'x4-upscaler';

/**
 * Writes a whole checkpoint in float16 whose values are a hole in the file.
 * @param metadata of its header
 * @returns the file
 */
export function writeHollow(
  name: PublishedCheckpoint,
  metadata?: Readonly<Record<string, string>>,
): string {
  return writeRenamed(name, (tensor) => tensor, metadata);
}

/** As writeHollow, with other names; tensors without one are left out. */
export function writeRenamed(
  name: PublishedCheckpoint,
  rename: (tensor: string) => string | undefined,
  metadata?: Readonly<Record<string, string>>,
): string {
  const packed = readFileSync(join(FOLDER, `${name}.json.gz`));
  const tensors = JSON.parse(gunzipSync(packed).toString('utf8')) as TensorShapes;
  const header: Record<string, unknown> = metadata ? { __metadata__: metadata } : {};
  let end = 0;
  for (const [tensor, shape] of Object.entries(tensors)) {
    const name = rename(tensor);
    if (name === undefined) continue;
    const start = end;
    end += shape.reduce((product, size) => product * size, 2);
    header[name] = { dtype: 'F16', shape, data_offsets: [start, end] };
  }
  const file = join(tempFolder(), 'model.safetensors');
  const bytes = encodeHeader(JSON.stringify(header));
  writeFileSync(file, bytes);
  truncateSync(file, bytes.length + end);
  return file;
}
