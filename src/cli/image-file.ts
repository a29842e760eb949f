import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import {
  access,
  copyFile,
  link,
  mkdir,
  readFile,
  rm,
  rmdir,
  stat,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { EaselError } from '../core/errors';
import { imageFileName } from '../core/file-name';
import type { ImageFile } from '../protocol/images';

/** @throws EaselError `bad-request` where the file cannot be read */
export async function readImageFile(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (thrown) {
    throw new EaselError('bad-request', `${file} cannot be read: ${(thrown as Error).message}`);
  }
}

/**
 * Saves an image as `<slug>-<seed>.<format>` in a folder, which is created if missing. If that name is
 * taken, `-2`, `-3` and so on is added. The file is written atomically.
 * @returns the absolute path
 * @throws EaselError `disk-full` or `write-failed`
 */
export function saveImage(
  folder: string,
  prompt: string,
  { seed, format, bytes }: Pick<ImageFile, 'format' | 'bytes'> & { readonly seed: number },
): Promise<string> {
  return saveUnderFreeName(folder, bytes, function* () {
    for (let copy = 1; ; copy++) yield imageFileName(prompt, seed, copy, format);
  });
}

/**
 * Saves a file under exactly this name in a folder, which is created if missing.
 * @returns the absolute path
 * @throws EaselError `write-failed` where the name is taken; `disk-full`
 */
export function saveNew(folder: string, name: string, bytes: Uint8Array): Promise<string> {
  return saveUnderFreeName(folder, bytes, () => [name]);
}

/**
 * Creates the output folder and checks that it is writable, before anything is drawn.
 * @returns a function that removes the created folders that are still empty
 * @throws EaselError `disk-full` or `write-failed`
 */
export async function prepareFolder(folder: string): Promise<() => Promise<void>> {
  const target = path.resolve(folder);
  try {
    const created = await makeFolder(target);
    await access(target, constants.W_OK);
    return async () => {
      for (const one of created.reverse()) await rmdir(one).catch(() => undefined);
    };
  } catch (thrown) {
    throw describeWriteError(thrown, target);
  }
}

/**
 * Creates a folder and its parents. (Node's recursive `mkdir` does not return below folders such as /proc.)
 * @returns the created folders, the outermost first
 */
async function makeFolder(folder: string): Promise<string[]> {
  if (await isFolder(folder)) return [];
  const parent = path.dirname(folder);
  const created = parent === folder ? [] : await makeFolder(parent);
  try {
    await mkdir(folder);
    created.push(folder);
  } catch (thrown) {
    // Another process has created it.
    if (!(await isFolder(folder))) throw thrown;
  }
  return created;
}

async function isFolder(folder: string): Promise<boolean> {
  return stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Writes a file atomically under the first free name. */
async function saveUnderFreeName(
  folder: string,
  bytes: Uint8Array,
  names: () => Iterable<string>,
): Promise<string> {
  const target = path.resolve(folder);
  const temporary = path.join(target, `.easel-${randomUUID()}.tmp`);
  try {
    await makeFolder(target);
    await writeFile(temporary, bytes, { flag: 'wx' });
    for (const name of names()) {
      const file = path.join(target, name);
      if (await linkUnlessTaken(temporary, file)) return file;
    }
    throw new EaselError(
      'write-failed',
      `${[...names()].join(', ')} is already in ${target}; nothing is overwritten.`,
      { folder: target },
    );
  } catch (thrown) {
    throw describeWriteError(thrown, target);
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
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
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS') {
      throw thrown;
    }
  }
  try {
    await copyFile(temporary, file, constants.COPYFILE_EXCL);
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw thrown;
  }
}

function describeWriteError(thrown: unknown, folder: string): EaselError {
  if (thrown instanceof EaselError) return thrown;
  const { code, message } = thrown as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new EaselError(
      'disk-full',
      `The disk is full: the image was not saved in ${folder}. Free some space and draw again.`,
      { folder },
      { cause: thrown },
    );
  }
  if (code === 'EEXIST' || code === 'ENOTDIR') {
    return new EaselError(
      'write-failed',
      `Images cannot be saved in ${folder}: a file is in the place of a folder.`,
      { folder },
      { cause: thrown },
    );
  }
  return new EaselError(
    'write-failed',
    `The image could not be saved in ${folder}: ${message}`,
    { folder },
    { cause: thrown },
  );
}
