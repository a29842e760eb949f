import { lstat, mkdtemp, realpath, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { refuseHidden, segmentsBelow } from '../../core/agent/target-path';
import { EaselError } from '../../core/errors';
import { oneLine } from '../../core/shown-text';

/** A folder that images are saved in. */
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

/** A new folder for images that are thrown away. The system deletes it at some time. */
export async function makeTemporaryRoot(): Promise<Root> {
  const folder = await mkdtemp(path.join(tmpdir(), 'easel-'));
  return { folder: await realpath(folder), defaultFolder: '' };
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
 * @throws EaselError `bad-request` where it leads out of the root, also through a symbolic link, or is hidden;
 *   `write-failed` where something is there already
 */
export async function targetFile(root: Root, named: string): Promise<string> {
  const file = path.join(root.folder, ...segmentsBelow(named, root.folder));
  await realFolder(root, path.dirname(file));
  if (await exists(file)) {
    throw new EaselError(
      'write-failed',
      `${oneLine(named)} exists already; nothing is overwritten. Choose another path.`,
    );
  }
  return file;
}

/**
 * The folder to write in, with links resolved: the deepest part that exists, and the rest as it will be made.
 * @throws EaselError `bad-request` where it leads out of the root, or into a hidden folder
 */
export async function realFolder(root: Root, folder: string): Promise<string> {
  let existing = folder;
  while (!(await exists(existing))) existing = path.dirname(existing);
  const real = await realpath(existing).catch(() => undefined);
  const inside = real && segmentsInside(root, real);
  if (!inside) {
    throw new EaselError(
      'bad-request',
      `path: ${existing} is a link that leads out of ${root.folder}. Choose a folder inside it.`,
      { field: 'path' },
    );
  }
  refuseHidden([...inside, 'file']);
  return path.join(real, path.relative(existing, folder));
}

/**
 * An existing file that a call names, with links resolved.
 * @param roots folders that it may be in; a relative path is below the first
 * @throws EaselError `bad-request` where there is none in them; it does not tell what is elsewhere
 */
export async function existingFile(
  roots: readonly Root[],
  named: string,
  field: string,
): Promise<string> {
  for (const root of roots) {
    let file: string;
    try {
      file = path.join(root.folder, ...segmentsBelow(named, root.folder));
    } catch {
      continue;
    }
    const real = await realpath(file).catch(() => undefined);
    if (real !== undefined && segmentsInside(root, real)) return real;
  }
  const places = roots.map(({ folder }) => folder).join(' or ');
  throw new EaselError(
    'bad-request',
    `${field}: there is no file "${oneLine(named, 200)}" in ${places}.`,
    {
      field,
    },
  );
}

/** The parts of a real path below a root; undefined where it is outside. */
function segmentsInside({ folder }: Root, real: string): readonly string[] | undefined {
  const relative = path.relative(folder, real);
  const segments = relative === '' ? [] : relative.split(path.sep);
  return segments[0] === '..' || path.isAbsolute(relative) ? undefined : segments;
}

/** Without following links: one that leads nowhere is there too. */
async function exists(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}
