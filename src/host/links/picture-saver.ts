import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { EaselError } from '../../core/errors';
import { imageFileName } from '../../core/file-name';
import type { ImageFormat } from '../../core/image/formats';
import { copyDestination } from './copy-destination';
import { isInside, joinFolder } from './folder-path';
import { numberedPath, withEndingOf } from './picture-path';
import { exists } from './resolve-picture';
import type { Settings } from '../settings';

export interface PictureName {
  readonly prompt: string;
  readonly seed: number;
  /** Absent: PNG. */
  readonly format?: ImageFormat;
}

/** Where the pictures of one job go: the file for a name, all in the same place. */
export type Destination = (fileName: string) => vscode.Uri;

export interface SavedPicture {
  readonly file: vscode.Uri;
  readonly name: PictureName;
}

/** Saves pictures where the person wants them, through the workspace's file system. */
export class PictureSaver implements vscode.Disposable {
  private readonly saved = new vscode.EventEmitter<SavedPicture>();
  readonly onDidSave = this.saved.event;

  constructor(
    private readonly settings: Settings,
    /** Where pictures go when no folder is open. */
    private readonly storage: vscode.Uri,
  ) {}

  /**
   * Where pictures for a document, or for the workspace, go: for Markdown what
   * `markdown.copyFiles.destination` says, else `easel.saveFolder` in the workspace folder, else beside
   * the document, else the extension's own storage.
   * @param folder the workspace folder where no document decides; by default the person chooses
   * @returns undefined when the person was asked for a workspace folder and chose none
   * @throws EaselError `write-failed` where the place cannot be written or lies outside an untrusted
   *   workspace
   */
  async destination(
    document?: vscode.TextDocument,
    folder?: vscode.WorkspaceFolder,
  ): Promise<Destination | undefined> {
    const destination = await this.choose(document, folder);
    const sample = destination?.('picture.png');
    if (sample && vscode.workspace.fs.isWritableFileSystem(sample.scheme) === false) {
      throw new EaselError('write-failed', 'The workspace is read-only: pictures cannot be saved.');
    }
    return destination;
  }

  /**
   * Writes a picture as `<slug>-<seed>` with its format's ending, with `-2`, `-3` and so on where that name is taken. The
   * file appears whole or not at all.
   * @throws EaselError `write-failed` or `disk-full`
   */
  async save(bytes: Uint8Array, name: PictureName, destination: Destination): Promise<vscode.Uri> {
    const wanted = destination(imageFileName(name.prompt, name.seed, 1, name.format));
    return writeWhole(bytes, wanted, async (temporary) => {
      for (let copy = 1; ; copy++) {
        const file = wanted.with({ path: numberedPath(wanted.path, copy) });
        if (!(await renameUnlessTaken(temporary, file))) continue;
        this.saved.fire({ file, name });
        return file;
      }
    });
  }

  /**
   * Writes a picture at the very place a document names, whole or not at all.
   * @throws EaselError `write-failed` where a file is there by now, or `disk-full`
   */
  async saveAt(bytes: Uint8Array, name: PictureName, file: vscode.Uri): Promise<void> {
    await this.saveFile(bytes, file);
    this.saved.fire({ file, name });
  }

  /**
   * Writes a file that is no drawing of its own, such as an icon, whole or not at all.
   * @throws EaselError `write-failed` where a file is there by now, or `disk-full`
   */
  async saveFile(bytes: Uint8Array, file: vscode.Uri): Promise<void> {
    await writeWhole(bytes, file, async (temporary) => {
      if (!(await renameUnlessTaken(temporary, file))) {
        throw new EaselError('write-failed', `${file.path} exists by now and was left as it is.`);
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

  /** Whether a picture was kept by the extension itself, because no folder is open. */
  isKept(picture: vscode.Uri): boolean {
    return isInside(picture.path, this.storage.path);
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
  const sample = pathOf('picture.png');
  if (sample === undefined) return undefined;
  // Any workspace can bring this setting along; only a trusted one may point out of itself.
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
  // A document from elsewhere keeps its pictures beside it.
  if (document && !document.isUntitled) return undefined;
  if (folders.length <= 1) return folders[0];
  const picked = await vscode.window.showWorkspaceFolderPick({
    placeHolder: vscode.l10n.t('Which folder gets the picture?'),
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
async function writeWhole<T>(
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
    return new EaselError('disk-full', 'The disk is full: the picture was not saved.', data, {
      cause: thrown,
    });
  }
  return new EaselError('write-failed', `The picture could not be saved: ${message}`, data, {
    cause: thrown,
  });
}
