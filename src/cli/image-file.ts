import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, lstat, mkdir, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EaselError } from '../core/errors';
import { imageFileName, numberedPath } from '../core/file-name';
import { describeSystemError } from '../core/system-error';
import type { ImageFile } from '../protocol/images';

/**
 * Resolves the links of a folder and decides whether files may be written there. Called at the moment of writing,
 * before and after, because folders can be replaced by links while an image is drawn.
 * @returns the folder without links
 * @throws EaselError where it is not allowed
 */
export type FolderCheck = (folder: string) => Promise<string>;

const anyFolder: FolderCheck = (folder) => Promise.resolve(folder);

/**
 * Saves an image as `<slug>.<format>` in a folder, which is created if missing. If that name is taken, the
 * lowest free number from `-2` on is added. The file is written atomically.
 * @returns the absolute path
 * @throws EaselError `disk-full` or `write-failed`
 */
export function saveImage(
  folder: string,
  prompt: string,
  { format, bytes }: Pick<ImageFile, 'format' | 'bytes'>,
  check?: FolderCheck,
): Promise<string> {
  const names = function* () {
    for (let copy = 1; ; copy++) yield imageFileName(prompt, format, copy);
  };
  return saveUnderFreeName(folder, bytes, names, check);
}

/**
 * Saves a drawn image under this name, which was free before the drawing. Where another program has taken it since,
 * `-2`, `-3` and so on is added: an image that is drawn is not lost.
 * @returns the absolute path
 * @throws EaselError `disk-full` or `write-failed`
 */
export function saveAs(folder: string, name: string, bytes: Uint8Array): Promise<string> {
  return saveUnderFreeName(folder, bytes, function* () {
    yield name;
    for (let copy = 2; ; copy++) yield numberedPath(name, copy);
  });
}

/**
 * Saves a file under exactly this name in a folder, which is created if missing.
 * @returns the absolute path
 * @throws EaselError `write-failed` where the name is taken; `disk-full`
 */
export function saveNew(
  folder: string,
  name: string,
  bytes: Uint8Array,
  check?: FolderCheck,
): Promise<string> {
  return saveUnderFreeName(folder, bytes, () => [name], check);
}

/**
 * Creates the output folder and writes a file into it for a moment, before anything is drawn.
 * @param names files that will be written there: they must not exist yet
 * @param nameBytes the longest name in bytes that a file there will have
 * @returns a function that removes the created folders that are still empty
 * @throws EaselError `disk-full` or `write-failed`
 */
export async function prepareFolder(
  folder: string,
  names: readonly string[] = [],
  nameBytes = 0,
): Promise<() => Promise<void>> {
  const target = path.resolve(folder);
  const created: string[] = [];
  const removeCreated = () => removeEmpty(created);
  try {
    await makeFolder(target, created);
    await tryWriting(target, Math.max(nameBytes, ...names.map((name) => Buffer.byteLength(name))));
    for (const name of names) {
      if (await exists(path.join(target, name))) throw taken(target, [name]);
    }
    return removeCreated;
  } catch (thrown) {
    await removeCreated();
    throw describeWriteError(thrown, target);
  }
}

/** Does what saving does, with a name as long as the image's. */
async function tryWriting(folder: string, nameBytes: number): Promise<void> {
  const temporary = path.join(folder, temporaryName());
  const final = path.join(folder, temporaryName().padEnd(nameBytes, '_'));
  try {
    await writeFile(temporary, 'Easel tries whether this folder can be written.', { flag: 'wx' });
    await linkUnlessTaken(temporary, final);
  } finally {
    for (const file of [final, temporary]) await rm(file, { force: true }).catch(() => undefined);
  }
}

function temporaryName(): string {
  return `.easel-${randomUUID()}.tmp`;
}

/**
 * Creates a folder and its parents. (Node's recursive `mkdir` does not return below folders such as /proc.)
 * @param created receives the created folders, the outermost first, also where a later one fails
 */
async function makeFolder(folder: string, created: string[]): Promise<void> {
  if (await isFolder(folder)) return;
  const parent = path.dirname(folder);
  if (parent !== folder) await makeFolder(parent, created);
  try {
    await mkdir(folder);
    created.push(folder);
  } catch (thrown) {
    // Another process has created it.
    if (!(await isFolder(folder))) throw thrown;
  }
}

async function removeEmpty(folders: readonly string[]): Promise<void> {
  for (const folder of [...folders].reverse()) await rmdir(folder).catch(() => undefined);
}

async function isFolder(folder: string): Promise<boolean> {
  return stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Whether something is there, also a link that leads nowhere. @throws where the system cannot say */
async function exists(file: string): Promise<boolean> {
  try {
    await lstat(file);
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw thrown;
  }
}

/** Writes a file atomically under the first free name. New folders are removed again where that fails. */
async function saveUnderFreeName(
  folder: string,
  bytes: Uint8Array,
  names: () => Iterable<string>,
  check: FolderCheck = anyFolder,
): Promise<string> {
  const target = path.resolve(folder);
  const created: string[] = [];
  try {
    const place = await check(target);
    const assertSame = async () => {
      if ((await check(target)) === place) return;
      throw new EaselError('write-failed', `${target} was replaced while the image was drawn.`);
    };
    await makeFolder(place, created);
    await assertSame();
    const temporary = path.join(place, temporaryName());
    try {
      await writeFile(temporary, bytes, { flag: 'wx' });
      for (const name of names()) {
        const file = path.join(place, name);
        if (!(await linkUnlessTaken(temporary, file))) continue;
        await assertSame().catch(async (thrown: unknown) => {
          await rm(file, { force: true }).catch(() => undefined);
          throw thrown;
        });
        return path.join(target, name);
      }
    } finally {
      await rm(temporary, { force: true }).catch(() => undefined);
    }
    throw taken(target, [...names()]);
  } catch (thrown) {
    await removeEmpty(created);
    throw describeWriteError(thrown, target);
  }
}

function taken(folder: string, names: readonly string[]): EaselError {
  return new EaselError(
    'write-failed',
    `${names.join(', ')} is already in ${folder}; nothing is overwritten. Choose another name or folder.`,
    { folder },
  );
}

/**
 * Publishes a finished file with a hard link, which is atomic and never replaces a file. File systems without
 * links get an exclusive copy.
 * @returns false where the name is taken
 */
async function linkUnlessTaken(temporary: string, file: string): Promise<boolean> {
  try {
    await link(temporary, file);
    return true;
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (!code || !NO_LINKS.has(code)) throw thrown;
  }
  try {
    await copyFile(temporary, file, constants.COPYFILE_EXCL);
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return false;
    await rm(file, { force: true }).catch(() => undefined);
    throw thrown;
  }
}

/** Answers of file systems that have no hard links. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** The error of a failed write. It names the folder that was asked for, never the temporary file. */
function describeWriteError(thrown: unknown, folder: string): EaselError {
  if (thrown instanceof EaselError) return thrown;
  const { code } = thrown as NodeJS.ErrnoException;
  const options = { cause: thrown };
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new EaselError(
      'disk-full',
      `The disk is full: the image was not saved in ${folder}. Free some space and draw again.`,
      { folder },
      options,
    );
  }
  if (code === 'EEXIST' || code === 'ENOTDIR') {
    return new EaselError(
      'write-failed',
      `Images cannot be saved in ${folder}: a file is in the place of a folder.`,
      { folder },
      options,
    );
  }
  return new EaselError(
    'write-failed',
    `The image could not be saved in ${folder}: ${describeSystemError(thrown)}.`,
    { folder },
    options,
  );
}
