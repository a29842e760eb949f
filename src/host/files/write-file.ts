import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { EaselError } from '../../core/errors';
import { contained } from './containment';
import { nameOf } from './image-files';
import { copyPath } from './paths';

/** Folders that files have to stay in, once symbolic links are resolved; absent: any. */
export type Bounds = readonly vscode.Uri[] | undefined;

/**
 * Writes a file under its name, or with the first free number after it.
 * @returns the file that was written
 * @throws EaselError `write-failed` or `disk-full`
 */
export function writeUnderFreeName(
  bytes: Uint8Array,
  wanted: vscode.Uri,
  bounds: Bounds,
): Promise<vscode.Uri> {
  return writeAtomically(bytes, wanted, bounds, async (temporary, real) => {
    const taken = await namesIn(vscode.Uri.joinPath(real, '..'));
    for (let copy = 1; ; copy++) {
      const target = real.with({ path: copyPath(real.path, copy) });
      if (taken.has(nameOf(target)) || !(await renameUnlessTaken(temporary, target))) continue;
      return wanted.with({ path: copyPath(wanted.path, copy) });
    }
  });
}

/** The names in a folder, so that a thousand images of one prompt are not tried name by name. */
async function namesIn(folder: vscode.Uri): Promise<ReadonlySet<string>> {
  const entries = await vscode.workspace.fs.readDirectory(folder);
  return new Set(entries.map(([name]) => name));
}

/**
 * Writes beside the wanted file, and lets `place` move it there. Where it may be written is decided now: before
 * folders are made, once they are there, and once the bytes are in them.
 * @throws EaselError `write-failed` or `disk-full`
 */
export async function writeAtomically<T>(
  bytes: Uint8Array,
  wanted: vscode.Uri,
  bounds: Bounds,
  place: (temporary: vscode.Uri, real: vscode.Uri) => Promise<T>,
): Promise<T> {
  const { fs } = vscode.workspace;
  const planned = await contained(wanted, bounds);
  let temporary: vscode.Uri | undefined;
  try {
    await fs.createDirectory(vscode.Uri.joinPath(planned, '..'));
    const real = await contained(wanted, bounds);
    temporary = vscode.Uri.joinPath(real, '..', `.easel-${randomUUID()}.tmp`);
    await fs.writeFile(temporary, bytes);
    await contained(temporary, bounds);
    return await place(temporary, real);
  } catch (thrown) {
    if (temporary) await fs.delete(temporary).then(undefined, () => undefined);
    throw describeWriteError(thrown, vscode.Uri.joinPath(wanted, '..'));
  }
}

/** Renames a file. @returns false, without renaming, where a file of the new name exists */
export async function renameUnlessTaken(from: vscode.Uri, to: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.rename(from, to, { overwrite: false });
    return true;
  } catch (thrown) {
    if (thrown instanceof vscode.FileSystemError && thrown.code === 'FileExists') return false;
    throw thrown;
  }
}

/** Why nothing could be written, in words, and without the name of the temporary file. */
function describeRefusal(message: string, folder: vscode.Uri): string {
  const where = folder.scheme === 'file' ? folder.fsPath : folder.path;
  if (/EACCES|EPERM|EROFS|NoPermissions/.test(message)) {
    return `The folder ${where} cannot be written to. Choose another folder for images.`;
  }
  if (/ENOTDIR|EEXIST|FileNotADirectory|FileExists/.test(message)) {
    return `Images cannot be saved in ${where}: a file is in the place of a folder. Choose another folder for images.`;
  }
  const reason = message.replaceAll(/\S*\.easel-[\w-]+\.tmp\S*/g, where);
  return `The image could not be saved in ${where}: ${reason}`;
}

/** The error of VS Code's file system as one that a user can act on. @param folder where the file was to be */
export function describeWriteError(thrown: unknown, folder: vscode.Uri): EaselError {
  if (thrown instanceof EaselError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const data = { folder: folder.toString() };
  if (/ENOSPC|EDQUOT/.test(message)) {
    return new EaselError('disk-full', 'The disk is full: the image was not saved.', data, {
      cause: thrown,
    });
  }
  return new EaselError('write-failed', describeRefusal(message, folder), data, { cause: thrown });
}
