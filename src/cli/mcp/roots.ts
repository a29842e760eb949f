import { lstat, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { segmentsBelow } from '../../core/agent/target-path';
import { EaselError } from '../../core/errors';

/** The folder that images are saved in. */
export interface Root {
  /** Absolute, with symbolic links resolved. */
  readonly folder: string;
  /** Below the folder, for images of calls without a path. */
  readonly defaultFolder: string;
}

/** Below a project's folder, as the extension does. */
const DEFAULT_FOLDER = 'assets';

/**
 * The folder named by `--output`, else the client's first root that is a folder here, else the working
 * directory.
 * @throws EaselError `bad-request` where that is the whole file system, or no folder
 */
export async function chooseRoot(
  output: string | undefined,
  clientRoots: readonly string[],
): Promise<Root> {
  if (output !== undefined) return { folder: await existingFolder(output), defaultFolder: '' };
  const [first] = clientRoots.flatMap((uri) => (uri.startsWith('file:') ? [pathOf(uri)] : []));
  const folder = await existingFolder(first ?? process.cwd());
  if (path.dirname(folder) === folder) {
    throw new EaselError(
      'bad-request',
      'No folder to save in is known. Start the server with --output FOLDER.',
    );
  }
  return { folder, defaultFolder: DEFAULT_FOLDER };
}

function pathOf(uri: string): string {
  try {
    return fileURLToPath(uri);
  } catch {
    throw new EaselError('bad-request', `The client's folder ${uri} is not on this machine.`);
  }
}

async function existingFolder(folder: string): Promise<string> {
  const resolved = path.resolve(folder);
  try {
    if ((await stat(resolved)).isDirectory()) return await realpath(resolved);
  } catch {
    // Reported below.
  }
  throw new EaselError('bad-request', `There is no folder ${resolved}.`, { folder: resolved });
}

/**
 * The file that a call's path means.
 * @throws EaselError `bad-request` where it leads out of the root, also through a symbolic link;
 *   `write-failed` where something is there already
 */
export async function targetFile(root: Root, named: string): Promise<string> {
  const segments = segmentsBelow(named, root.folder);
  const file = path.join(root.folder, ...segments);
  await assertInside(root, path.dirname(file));
  if (await exists(file)) {
    throw new EaselError('write-failed', `${named} exists already; nothing is overwritten.`);
  }
  return file;
}

/** Checks that the deepest existing folder of a path, with links resolved, is in the root. */
export async function assertInside({ folder }: Root, place: string): Promise<void> {
  let existing = place;
  while (!(await exists(existing))) existing = path.dirname(existing);
  const real = await realpath(existing).catch(() => '');
  const relative = path.relative(folder, real);
  if (real === '' || relative.startsWith('..') || path.isAbsolute(relative)) {
    throw new EaselError(
      'bad-request',
      `path: ${existing} is a link that leads out of ${folder}.`,
      {
        field: 'path',
      },
    );
  }
}

/** Without following links: one that leads nowhere is there too. */
async function exists(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}
