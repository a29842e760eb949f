import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import type { TensorShapes } from './random-weights';
import { encodeHeader } from './safetensors-file';
import { tempFolder } from './temp-folder';
import { FIXTURES } from './paths';

const FOLDER = join(FIXTURES, 'single-files-published');

/** Whole checkpoints of which test/fixtures has the names and shapes. */
export type PublishedCheckpoint = 'sd1' | 'sd2' | 'sdxl';

/** Writes a whole checkpoint in float16 whose values are a hole in the file. @returns the file */
export function writeHollow(name: PublishedCheckpoint): string {
  return writeRenamed(name, (tensor) => tensor);
}

/** As writeHollow, with other names. */
export function writeRenamed(
  name: PublishedCheckpoint,
  rename: (tensor: string) => string,
): string {
  const packed = readFileSync(join(FOLDER, `${name}.json.gz`));
  const tensors = JSON.parse(gunzipSync(packed).toString('utf8')) as TensorShapes;
  const header: Record<string, unknown> = {};
  let end = 0;
  for (const [tensor, shape] of Object.entries(tensors)) {
    const start = end;
    end += shape.reduce((product, size) => product * size, 2);
    header[rename(tensor)] = { dtype: 'F16', shape, data_offsets: [start, end] };
  }
  const file = join(tempFolder(), 'model.safetensors');
  const bytes = encodeHeader(JSON.stringify(header));
  writeFileSync(file, bytes);
  truncateSync(file, bytes.length + end);
  return file;
}
