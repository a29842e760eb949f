import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, copyFile, link, mkdir, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EaselError } from '../../core/errors';
import { imageFileName } from '../../core/file-name';
import type { ImageFile } from '../../protocol/images';

/**
 * Saves a picture as `<slug>-<seed>.png`, or with its own format's ending, in a folder, made if missing;
 * where that name is taken, `-2`, `-3` and so on is added. The file appears whole or not at all.
 * @returns the absolute path
 * @throws EaselError `disk-full` or `write-failed`
 */
export function saveImage(
  folder: string,
  prompt: string,
  { seed, format, bytes }: Pick<ImageFile, 'format' | 'bytes'> & { readonly seed: number },
): Promise<string> {
  return place(folder, bytes, function* () {
    for (let copy = 1; ; copy++) yield imageFileName(prompt, seed, copy, format);
  });
}

/**
 * Saves a file under this very name in a folder, made if missing.
 * @returns the absolute path
 * @throws EaselError `write-failed` where that name is taken; `disk-full`
 */
export function saveNew(folder: string, name: string, bytes: Uint8Array): Promise<string> {
  return place(folder, bytes, () => [name]);
}

/**
 * Makes a folder that pictures are to go to, and tries to write there: nobody should wait for a picture
 * that has no place to go.
 * @returns what takes the new folders away again, as far as nothing is in them
 * @throws EaselError `disk-full` or `write-failed`
 */
export async function prepareFolder(folder: string): Promise<() => Promise<void>> {
  const target = path.resolve(folder);
  try {
    const made = await makeFolder(target);
    await access(target, constants.W_OK);
    return async () => {
      for (const one of made.reverse()) await rmdir(one).catch(() => undefined);
    };
  } catch (thrown) {
    throw describeWriteError(thrown, target);
  }
}

/**
 * As `mkdir` with `recursive`, which never ends below a folder such as /proc.
 * @returns the folders that were missing, the outermost first
 */
async function makeFolder(folder: string): Promise<string[]> {
  if (await isFolder(folder)) return [];
  const parent = path.dirname(folder);
  const made = parent === folder ? [] : await makeFolder(parent);
  try {
    await mkdir(folder);
    made.push(folder);
  } catch (thrown) {
    // Another process was quicker.
    if (!(await isFolder(folder))) throw thrown;
  }
  return made;
}

async function isFolder(folder: string): Promise<boolean> {
  return stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Writes a file under the first of these names that is free, whole or not at all. */
async function place(
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
      if (await placeUnlessTaken(temporary, file)) return file;
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

/** A hard link appears at once and never replaces a file; where links do not exist, an exclusive copy. */
async function placeUnlessTaken(temporary: string, file: string): Promise<boolean> {
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
      `The disk is full: the picture was not saved in ${folder}. Free some space and draw again.`,
      { folder },
      { cause: thrown },
    );
  }
  if (code === 'EEXIST' || code === 'ENOTDIR') {
    return new EaselError(
      'write-failed',
      `Pictures cannot be saved in ${folder}: a file is in the place of a folder.`,
      { folder },
      { cause: thrown },
    );
  }
  return new EaselError(
    'write-failed',
    `The picture could not be saved in ${folder}: ${message}`,
    { folder },
    { cause: thrown },
  );
}
