import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';

import { EaselError } from '../../../../core/errors';
import { requireInside } from '../../../io/containment';
import { readOnnxHeader, type OnnxHeader } from '../../../onnx/header';

/** An exported ONNX graph and the files of its weights. */
export interface OnnxComponent {
  readonly header: OnnxHeader;
  /** Location of external weights, as written in the model → real path of the file. */
  readonly externalFiles: ReadonlyMap<string, string>;
  /** Bytes of the model, of its external files, and of the values that the graph makes while it is loaded. */
  readonly totalBytes: number;
}

export const MODEL_FILE = 'model.onnx';

/**
 * Opens `model.onnx` in a component's folder: reads its header and locates its weights.
 * @param root the model's folder: links out of it are refused
 * @throws EaselError `model-incomplete` (a file is missing), `bad-file` (damaged, or weights outside the
 *   folder)
 */
export async function openOnnxComponent(folder: string, root = folder): Promise<OnnxComponent> {
  await requireInside(path.join(folder, MODEL_FILE), root);
  const header = await readOnnxHeader(path.join(folder, MODEL_FILE));
  const externalFiles = new Map<string, string>();
  let totalBytes = header.fileBytes + header.madeBytes;
  for (const location of header.externalFiles) {
    const file = await realExternalFile(folder, location, root);
    externalFiles.set(location, file);
    totalBytes += (await stat(file)).size;
  }
  return { header, externalFiles, totalBytes };
}

async function realExternalFile(folder: string, location: string, root: string): Promise<string> {
  const parts = location.split(/[\\/]/);
  if (path.isAbsolute(location) || /^[A-Za-z]:/.test(location) || parts.includes('..')) {
    throw new EaselError(
      'bad-file',
      `${path.join(folder, MODEL_FILE)} refers to weights outside its own folder (${location.slice(0, 120)}). Easel does not ` +
        'read them. Use another export of the model.',
      { folder, location },
    );
  }
  const file = path.join(folder, ...parts);
  await requireInside(file, root);
  try {
    const real = await realpath(file);
    if ((await stat(real)).isFile()) return real;
    throw new EaselError('bad-file', `${file} is not a file.`, { file });
  } catch (thrown) {
    if (thrown instanceof EaselError) throw thrown;
    throw new EaselError(
      'model-incomplete',
      `${file} is missing. ${MODEL_FILE} has its weights there. Download the model again.`,
      { file },
      { cause: thrown },
    );
  }
}
