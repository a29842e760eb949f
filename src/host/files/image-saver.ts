import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { EaselError } from '../../core/errors';
import { imageFileName } from '../../core/file-name';
import type { ImageFormat } from '../../core/image/formats';
import { copyDestination } from './copy-destination';
import { exists } from './image-files';
import { isInside, joinFolder, numberedPath, withEndingOf } from './paths';
import type { Settings } from '../settings';

export interface ImageName {
  readonly prompt: string;
  readonly seed: number;
  /** Absent: PNG. */
  readonly format?: ImageFormat;
}

/** The place where the images of one job are saved: gives the file for a name. */
export type Destination = (fileName: string) => vscode.Uri;

export interface SavedImage {
  readonly file: vscode.Uri;
  readonly name: ImageName;
}

/** Saves images where the settings say, through the workspace's file system. */
export class ImageSaver implements vscode.Disposable {
  private readonly saved = new vscode.EventEmitter<SavedImage>();
  readonly onDidSave = this.saved.event;

  constructor(
    private readonly settings: Settings,
    /** For images that are drawn while no folder is open. */
    private readonly storage: vscode.Uri,
  ) {}

  /**
   * Chooses where the images for a document, or for the workspace, are saved: for Markdown what
   * `markdown.copyFiles.destination` says, else `easel.saveFolder` in the workspace folder, else beside
   * the document, else the extension's own storage.
   * @param folder the workspace folder if there is no document; by default the user is asked
   * @returns undefined when the user was asked for a workspace folder and cancelled
   * @throws EaselError `write-failed` where the place cannot be written or is outside an untrusted
   *   workspace
   */
  async destination(
    document?: vscode.TextDocument,
    folder?: vscode.WorkspaceFolder,
  ): Promise<Destination | undefined> {
    const destination = await this.choose(document, folder);
    const sample = destination?.('image.png');
    if (sample && vscode.workspace.fs.isWritableFileSystem(sample.scheme) === false) {
      throw new EaselError('write-failed', 'The workspace is read-only: images cannot be saved.');
    }
    return destination;
  }

  /**
   * Writes an image as `<slug>-<seed>` with its format's ending, with `-2`, `-3` and so on where that name
   * is taken. The file appears complete or not at all.
   * @throws EaselError `write-failed` or `disk-full`
   */
  async save(bytes: Uint8Array, name: ImageName, destination: Destination): Promise<vscode.Uri> {
    const wanted = destination(imageFileName(name.prompt, name.seed, 1, name.format));
    return writeAtomically(bytes, wanted, async (temporary) => {
      for (let copy = 1; ; copy++) {
        const file = wanted.with({ path: numberedPath(wanted.path, copy) });
        if (!(await renameUnlessTaken(temporary, file))) continue;
        this.saved.fire({ file, name });
        return file;
      }
    });
  }

  /**
   * Writes an image at the path that a document names, complete or not at all.
   * @throws EaselError `write-failed` where a file is there by now, or `disk-full`
   */
  async saveAt(bytes: Uint8Array, name: ImageName, file: vscode.Uri): Promise<void> {
    await this.saveFile(bytes, file);
    this.saved.fire({ file, name });
  }

  /**
   * Writes a file that is not for the gallery, such as an icon, complete or not at all.
   * @throws EaselError `write-failed` where a file is there by now, or `disk-full`
   */
  async saveFile(bytes: Uint8Array, file: vscode.Uri): Promise<void> {
    await writeAtomically(bytes, file, async (temporary) => {
      if (!(await renameUnlessTaken(temporary, file))) {
        throw new EaselError(
          'write-failed',
          `${file.path} exists already and was not overwritten.`,
        );
      }
    });
  }

  /** Makes a folder of this name, with `-2`, `-3` and so on where it is taken. @throws EaselError */
  async newFolder(wanted: vscode.Uri): Promise<vscode.Uri> {
    for (let copy = 1; ; copy++) {
      const folder = wanted.with({ path: numberedPath(wanted.path, copy) });
      if (await exists(folder)) continue;
      try {
        await vscode.workspace.fs.createDirectory(folder);
      } catch (thrown) {
        throw describeWriteError(thrown, folder);
      }
      return folder;
    }
  }

  /** Whether an image is in the extension's own storage, because no folder is open. */
  isStored(image: vscode.Uri): boolean {
    return isInside(image.path, this.storage.path);
  }

  dispose(): void {
    this.saved.dispose();
  }

  private async choose(
    document: vscode.TextDocument | undefined,
    folder: vscode.WorkspaceFolder | undefined,
  ): Promise<Destination | undefined> {
    const workspace = document
      ? await chooseWorkspaceFolder(document)
      : (folder ?? (await chooseWorkspaceFolder()));
    if (workspace === 'dismissed') return undefined;
    const onDisk = document && !document.isUntitled ? document : undefined;
    const markdown = onDisk && markdownDestination(onDisk, workspace?.uri);
    if (markdown) return markdown;
    if (workspace) {
      const { saveFolder } = this.settings.read(onDisk?.uri ?? workspace.uri);
      return inFolder(resolveFolder(saveFolder, workspace.uri));
    }
    if (onDisk) return inFolder(vscode.Uri.joinPath(onDisk.uri, '..'));
    return inFolder(vscode.Uri.joinPath(this.storage, 'pictures'));
  }
}

function inFolder(folder: vscode.Uri): Destination {
  return (fileName) => vscode.Uri.joinPath(folder, fileName);
}

function markdownDestination(
  { uri, languageId }: vscode.TextDocument,
  workspace: vscode.Uri | undefined,
): Destination | undefined {
  if (languageId !== 'markdown') return undefined;
  const setting = vscode.workspace
    .getConfiguration('markdown', uri)
    .get<unknown>('copyFiles.destination');
  const context = {
    document: uri.path,
    workspace: workspace?.path,
    workspaceFolders: (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.path),
  };
  const pathOf = (fileName: string) => copyDestination(setting, fileName, context);
  const sample = pathOf('image.png');
  if (sample === undefined) return undefined;
  // A workspace can contain this setting; only a trusted one may save outside of itself.
  const inside = workspace ?? vscode.Uri.joinPath(uri, '..');
  if (!vscode.workspace.isTrusted && !isInside(sample, inside.path)) return undefined;
  return (fileName) => uri.with({ path: withEndingOf(fileName, pathOf(fileName) ?? sample) });
}

/** The workspace folder of a document; without a document the only one, or the one chosen. */
async function chooseWorkspaceFolder(
  document?: vscode.TextDocument,
): Promise<vscode.WorkspaceFolder | 'dismissed' | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const own = document && vscode.workspace.getWorkspaceFolder(document.uri);
  if (own) return own;
  // Images for a document outside of the workspace are saved beside it.
  if (document && !document.isUntitled) return undefined;
  if (folders.length <= 1) return folders[0];
  const picked = await vscode.window.showWorkspaceFolderPick({
    placeHolder: vscode.l10n.t('In which folder should the image be saved?'),
  });
  return picked ?? 'dismissed';
}

/** @throws EaselError `write-failed` for a folder outside an untrusted workspace */
function resolveFolder(saveFolder: string, workspace: vscode.Uri): vscode.Uri {
  const path = joinFolder(workspace.path, saveFolder);
  if (!isInside(path, workspace.path) && !vscode.workspace.isTrusted) {
    throw new EaselError(
      'write-failed',
      `The save folder ${saveFolder} lies outside this workspace, which is not trusted.`,
      { folder: path },
    );
  }
  return workspace.with({ path });
}

/** Writes beside the wanted file, and lets `place` move it there. */
async function writeAtomically<T>(
  bytes: Uint8Array,
  wanted: vscode.Uri,
  place: (temporary: vscode.Uri) => Promise<T>,
): Promise<T> {
  const { fs } = vscode.workspace;
  const folder = vscode.Uri.joinPath(wanted, '..');
  const temporary = vscode.Uri.joinPath(folder, `.easel-${randomUUID()}.tmp`);
  try {
    await fs.createDirectory(folder);
    await fs.writeFile(temporary, bytes);
    return await place(temporary);
  } catch (thrown) {
    await fs.delete(temporary).then(undefined, () => undefined);
    throw describeWriteError(thrown, folder);
  }
}

async function renameUnlessTaken(from: vscode.Uri, to: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.rename(from, to, { overwrite: false });
    return true;
  } catch (thrown) {
    if (thrown instanceof vscode.FileSystemError && thrown.code === 'FileExists') return false;
    throw thrown;
  }
}

function describeWriteError(thrown: unknown, folder: vscode.Uri): EaselError {
  if (thrown instanceof EaselError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const data = { folder: folder.toString() };
  if (/ENOSPC|EDQUOT/.test(message)) {
    return new EaselError('disk-full', 'The disk is full: the image was not saved.', data, {
      cause: thrown,
    });
  }
  return new EaselError('write-failed', `The image could not be saved: ${message}`, data, {
    cause: thrown,
  });
}
