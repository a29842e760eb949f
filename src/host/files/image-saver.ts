import * as vscode from 'vscode';
import { EaselError } from '../../core/errors';
import { imageFileName } from '../../core/file-name';
import type { ImageFormat } from '../../core/image/formats';
import type { Size } from '../../core/image/resize';
import { SlowPatternError } from './bounded-pattern';
import { contained, workspaceBounds } from './containment';
import { copyDestination } from './copy-destination';
import { documentFile, exists } from './image-files';
import { copyPath, isInside, joinFolder, withEndingOf } from './paths';
import {
  type Bounds,
  describeWriteError,
  renameUnlessTaken,
  writeAtomically,
  writeUnderFreeName,
} from './write-file';
import type { Upscaled } from '../../protocol/studio';
import type { Settings } from '../settings';

/** How an image is named, and what the gallery shows of it that its recipe does not say. */
export interface ImageName {
  readonly prompt: string;
  /** Absent: an endpoint drew it that takes no seed. */
  readonly seed?: number | undefined;
  readonly format: ImageFormat;
  /** In pixels, where that is known. */
  readonly size?: Size | undefined;
  /** The image that it was made from. */
  readonly madeFrom?: vscode.Uri | undefined;
  /** How it was made larger. */
  readonly upscaled?: Upscaled | undefined;
}

/** The place where the images of one job are saved: gives the file for a name. */
export type Destination = (fileName: string) => vscode.Uri;

export interface SavedImage {
  readonly file: vscode.Uri;
  readonly name: ImageName;
  readonly bytes: Uint8Array;
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
   * @param bounds the folders to stay in, whatever the settings say; by default see `boundsOf`
   * @returns undefined when the user was asked for a workspace folder and cancelled
   * @throws EaselError `write-failed` where the place cannot be written, is outside an untrusted
   *   workspace, or leads out of the workspace through a link
   */
  async destination(
    document?: vscode.TextDocument,
    folder?: vscode.WorkspaceFolder,
    bounds?: Bounds,
  ): Promise<Destination | undefined> {
    const destination = await this.choose(document, folder);
    const sample = destination?.('image.png');
    if (!sample) return undefined;
    if (vscode.workspace.fs.isWritableFileSystem(sample.scheme) === false) {
      throw new EaselError('write-failed', 'The workspace is read-only: images cannot be saved.');
    }
    // Each file is checked again when it is written; this spares drawing what cannot be saved.
    await contained(sample, bounds ?? this.boundsOf(sample));
    return destination;
  }

  /**
   * Writes an image as `<slug>` with its format's ending, with `-2`, `-3` and so on where that name is
   * taken. The file appears complete or not at all.
   * @param bounds the folders to stay in, whatever the settings say; by default see `boundsOf`
   * @throws EaselError `write-failed` or `disk-full`
   */
  async save(
    bytes: Uint8Array,
    name: ImageName,
    destination: Destination,
    bounds?: Bounds,
  ): Promise<vscode.Uri> {
    const wanted = destination(fileNameOf(name));
    const file = await writeUnderFreeName(bytes, wanted, bounds ?? this.boundsOf(wanted));
    this.saved.fire({ file, name, bytes });
    return file;
  }

  /** As `save`, in a folder outside the workspace: such an image is not for the gallery. */
  saveAside(bytes: Uint8Array, name: ImageName, folder: vscode.Uri): Promise<vscode.Uri> {
    return writeUnderFreeName(bytes, vscode.Uri.joinPath(folder, fileNameOf(name)), [folder]);
  }

  /**
   * Writes an image at the path that a document names, complete or not at all.
   * @param bounds the folders to stay in; by default see `boundsOf`
   * @throws EaselError `write-failed` where a file is there by now, or `disk-full`
   */
  async saveAt(
    bytes: Uint8Array,
    name: ImageName,
    file: vscode.Uri,
    bounds?: Bounds,
  ): Promise<void> {
    await this.saveFile(bytes, file, bounds);
    this.saved.fire({ file, name, bytes });
  }

  /**
   * As `saveAt`, over an image that was drawn there before.
   * @param check throws where the file is no longer that image
   */
  async saveOver(
    bytes: Uint8Array,
    name: ImageName,
    file: vscode.Uri,
    check: () => Promise<void>,
    bounds?: Bounds,
  ): Promise<void> {
    await writeAtomically(bytes, file, bounds ?? this.boundsOf(file), async (temporary, real) => {
      await check();
      await vscode.workspace.fs.rename(temporary, real, { overwrite: true });
    });
    this.saved.fire({ file, name, bytes });
  }

  /**
   * Writes a file that is not for the gallery, such as an icon, complete or not at all.
   * @param bounds the folders to stay in; by default see `boundsOf`
   * @throws EaselError `write-failed` where a file is there by now, or `disk-full`
   */
  async saveFile(bytes: Uint8Array, file: vscode.Uri, bounds?: Bounds): Promise<void> {
    const allowed = bounds ?? this.boundsOf(file);
    await writeAtomically(bytes, file, allowed, async (temporary, real) => {
      if (!(await renameUnlessTaken(temporary, real))) {
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
      const folder = wanted.with({ path: copyPath(wanted.path, copy) });
      if (await exists(folder)) continue;
      const real = await contained(folder, this.boundsOf(folder));
      try {
        await vscode.workspace.fs.createDirectory(real);
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

  /**
   * The folders that a file has to stay in: a path inside the workspace or the extension's storage has to
   * be there with its links resolved too. A path elsewhere is one that the user named; in an untrusted
   * workspace it is beside a document, and stays in that folder.
   */
  boundsOf(file: vscode.Uri): Bounds {
    const inWorkspace = workspaceBounds(file);
    if (inWorkspace) return inWorkspace;
    if (this.isStored(file)) return [this.storage];
    return vscode.workspace.isTrusted ? undefined : [vscode.Uri.joinPath(file, '..')];
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
    const onDisk = document && !document.isUntitled ? documentFile(document) : undefined;
    const usual = this.usual(onDisk, workspace?.uri);
    return onDisk && document?.languageId === 'markdown'
      ? markdownDestination(onDisk, workspace?.uri, usual)
      : usual;
  }

  private usual(document: vscode.Uri | undefined, workspace: vscode.Uri | undefined): Destination {
    if (workspace) {
      const { saveFolder } = this.settings.read(document ?? workspace);
      return (fileName) => vscode.Uri.joinPath(resolveFolder(saveFolder, workspace), fileName);
    }
    const folder = document
      ? vscode.Uri.joinPath(document, '..')
      : vscode.Uri.joinPath(this.storage, 'pictures');
    return (fileName) => vscode.Uri.joinPath(folder, fileName);
  }
}

/**
 * The place that `markdown.copyFiles.destination` gives, which a workspace can contain: what takes too long is
 * left out, and only a trusted workspace may save outside of itself. That is decided for each name, since the
 * setting can make something else of each.
 * @param otherwise where images go that the setting gives no place
 */
function markdownDestination(
  uri: vscode.Uri,
  workspace: vscode.Uri | undefined,
  otherwise: Destination,
): Destination {
  const setting = vscode.workspace
    .getConfiguration('markdown', uri)
    .get<unknown>('copyFiles.destination');
  const context = {
    document: uri.path,
    workspace: workspace?.path,
    workspaceFolders: (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.path),
  };
  const inside = workspace ?? vscode.Uri.joinPath(uri, '..');
  let isSlow = false;
  return (fileName) => {
    const path = isSlow ? undefined : pathOf(fileName);
    if (path === undefined) return otherwise(fileName);
    const ended = withEndingOf(fileName, path);
    if (!vscode.workspace.isTrusted && !isInside(ended, inside.path)) return otherwise(fileName);
    return uri.with({ path: ended });
  };

  function pathOf(fileName: string): string | undefined {
    try {
      return copyDestination(setting, fileName, context);
    } catch (thrown) {
      if (!(thrown instanceof SlowPatternError)) throw thrown;
      isSlow = true;
      const text = vscode.l10n.t(
        'The setting {0} is not used, because this pattern in it takes too long: {1}',
        ...['markdown.copyFiles.destination', thrown.pattern],
      );
      void vscode.window.showWarningMessage(text);
      return undefined;
    }
  }
}

/** The workspace folder of a document; without a document the only one, or the one chosen. */
async function chooseWorkspaceFolder(
  document?: vscode.TextDocument,
): Promise<vscode.WorkspaceFolder | 'dismissed' | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const own = document && vscode.workspace.getWorkspaceFolder(documentFile(document));
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

function fileNameOf({ prompt, format }: ImageName): string {
  return imageFileName(prompt, format);
}
