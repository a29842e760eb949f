import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';

import { EaselError } from '../../../../core/errors';
import { readOnnxHeader, type OnnxHeader } from '../../../onnx/header';

/** A network that comes as a finished ONNX graph. */
export interface OnnxComponent {
  readonly header: OnnxHeader;
  /** Real paths of the files its weights lie in, by the names the model has for them. */
  readonly externalFiles: ReadonlyMap<string, string>;
  /** Bytes of the model and of those files. */
  readonly totalBytes: number;
}

export const MODEL_FILE = 'model.onnx';

/**
 * Opens `model.onnx` in a component's folder: its description and where its weights lie.
 * @throws EaselError `model-incomplete`, `bad-file` (damaged, or a location outside the folder)
 */
export async function openOnnxComponent(folder: string): Promise<OnnxComponent> {
  const header = await readOnnxHeader(path.join(folder, MODEL_FILE));
  const externalFiles = new Map<string, string>();
  let totalBytes = header.fileBytes;
  for (const location of header.externalFiles) {
    const file = await realExternalFile(folder, location);
    externalFiles.set(location, file);
    totalBytes += (await stat(file)).size;
  }
  return { header, externalFiles, totalBytes };
}

async function realExternalFile(folder: string, location: string): Promise<string> {
  const parts = location.split(/[\\/]/);
  if (path.isAbsolute(location) || /^[A-Za-z]:/.test(location) || parts.includes('..')) {
    throw new EaselError(
      'bad-file',
      `${path.join(folder, MODEL_FILE)} wants its weights from ${location}, outside its own folder.`,
      { folder, location },
    );
  }
  const file = path.join(folder, ...parts);
  try {
    return await realpath(file);
  } catch (thrown) {
    throw new EaselError(
      'model-incomplete',
      `${file} is missing; ${MODEL_FILE} beside it has its weights there. Download the model again.`,
      { file },
      { cause: thrown },
    );
  }
}
