import { posix } from 'node:path';
import * as vscode from 'vscode';
import { EaselError } from '../../core/errors';
import { formatOfFileName } from '../../core/image/formats';
import type { HostServices } from '../services';
import type { Gallery, GalleryEntry } from './gallery';
import { plainBytes } from './plain-bytes';

/** Bytes of a picture that is sent to the page to be drawn over. */
const MAX_SKETCH_BYTES = 64 * 2 ** 20;

/** What can be done with a picture of the gallery. Only pictures of the gallery are ever touched. */
export class PictureVerbs {
  constructor(
    private readonly services: HostServices,
    private readonly gallery: Gallery,
  ) {}

  async insert(id: string): Promise<{ document: string }> {
    const entry = this.entry(id);
    const document = await this.services.inserter.insert(linkOf(entry));
    if (!document) {
      throw new EaselError(
        'bad-request',
        vscode.l10n.t('Open the Markdown, HTML, CSS or JSX document first, then insert.'),
      );
    }
    return { document: nameOf(document.uri) };
  }

  /** @returns the new name, or null when the person backed out */
  async saveAs(id: string): Promise<{ name: string | null }> {
    const { uri } = this.entry(id);
    const target = await vscode.window.showSaveDialog({
      defaultUri: uri,
      filters: { [vscode.l10n.t('Pictures')]: [posix.extname(uri.path).slice(1)] },
    });
    if (!target || target.toString() === uri.toString()) return { name: null };
    // The dialog has asked already whether a file may be replaced.
    await vscode.workspace.fs.copy(uri, target, { overwrite: true });
    return { name: nameOf(target) };
  }

  async copyMarkdown(id: string): Promise<null> {
    await vscode.env.clipboard.writeText(this.services.inserter.markdown(linkOf(this.entry(id))));
    return null;
  }

  async open(id: string): Promise<null> {
    await vscode.commands.executeCommand('vscode.open', this.entry(id).uri);
    return null;
  }

  async remove(id: string): Promise<{ removed: boolean }> {
    const { uri } = this.entry(id);
    const yes = vscode.l10n.t('Delete');
    const answer = await vscode.window.showWarningMessage(
      vscode.l10n.t('Delete {0}?', nameOf(uri)),
      { modal: true },
      yes,
    );
    if (answer !== yes) return { removed: false };
    try {
      await vscode.workspace.fs.delete(uri, { useTrash: true });
    } catch {
      // Not every file system has a trash; the person has said yes.
      await vscode.workspace.fs.delete(uri);
    }
    this.gallery.forget(uri);
    return { removed: true };
  }

  async read(id: string): Promise<{ bytes: Uint8Array }> {
    return { bytes: await readPicture(this.entry(id).uri) };
  }

  /** @throws EaselError for anything that is not in the gallery, whatever the page says */
  private entry(id: string): GalleryEntry {
    const entry = this.gallery.find(id);
    if (!entry) {
      throw new EaselError('bad-request', vscode.l10n.t('That picture is no longer there.'));
    }
    return entry;
  }
}

/** A picture file's bytes, if it is of a size that a sketch is. */
export async function readPicture(uri: vscode.Uri): Promise<Uint8Array> {
  const { size } = await vscode.workspace.fs.stat(uri);
  if (size > MAX_SKETCH_BYTES) {
    throw new EaselError('bad-request', vscode.l10n.t('{0} is too large.', nameOf(uri)));
  }
  return plainBytes(await vscode.workspace.fs.readFile(uri));
}

/**
 * The bytes of a picture that was dropped on the page, which can name any address: only pictures of the
 * workspace are read.
 */
export async function readWorkspacePicture(
  address: string,
): Promise<{ bytes: Uint8Array; name: string }> {
  const uri = vscode.Uri.parse(address);
  if (!vscode.workspace.getWorkspaceFolder(uri) || !formatOfFileName(uri.path)) {
    throw new EaselError(
      'bad-request',
      vscode.l10n.t('Only pictures of the workspace can be dropped here.'),
    );
  }
  return { bytes: await readPicture(uri), name: nameOf(uri) };
}

export function nameOf(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}

/** What a link to a picture of the gallery says. */
export function linkOf({ uri, recipe, width, height }: GalleryEntry) {
  return { picture: uri, prompt: recipe.prompt, width, height };
}
