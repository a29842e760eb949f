import { dirname, relative, sep } from 'node:path';

import { EaselError } from '../../core/errors';
import { isInside } from '../io/containment';

/**
 * The files that hold a graph's weights. ONNX Runtime takes one folder for all of them and refuses locations
 * outside it, so the folder is the deepest one above every real file. This also works for the blobs of a
 * cache and for shards in different folders.
 */
export class ExternalFiles {
  private readonly files = new Set<string>();

  /** @param file a real, absolute path (no links: ONNX Runtime refuses links that leave the folder). */
  add(file: string): void {
    this.files.add(file);
  }

  /** The folder, and each file's location in it, with `/` between its parts as ONNX wants. */
  resolve(): { readonly root: string; readonly locate: (file: string) => string } {
    const [first, ...others] = [...this.files];
    let root = first === undefined ? '' : dirname(first);
    for (const file of others) root = commonFolder(root, file);
    const locate = (file: string): string => relative(root, file).split(sep).join('/');
    return { root, locate };
  }
}

function commonFolder(folder: string, file: string): string {
  let root = folder;
  while (!isInside(file, root)) {
    const parent = dirname(root);
    if (parent === root) {
      const message = `The weights lie on different drives (${folder} and ${file}). Put them on one drive.`;
      throw new EaselError('unsupported-model', message, { folder, file });
    }
    root = parent;
  }
  return root;
}
