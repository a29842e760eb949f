import { posix } from 'node:path';
import * as vscode from 'vscode';
import { EaselError } from '../../core/errors';
import { IMAGE_MIME } from '../../protocol/studio';
import type { CommandId } from '../command-ids';
import { nameOf, readImage } from '../files/image-files';
import { writeUnderFreeName } from '../files/write-file';
import { LINK_LANGUAGES } from '../languages';
import type { ImageLink, LinkInserter } from '../links/link-inserter';
import type { HostServices } from '../services';
import type { Gallery, GalleryEntry } from './gallery';

const DROP_KIND = vscode.DocumentDropOrPasteEditKind.Empty.append('image', 'easel');

/** The actions on an image of the gallery. The page names it by its id; no other file is touched. */
export class ImageActions {
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

  /** @returns the new name, or null when the user cancelled the dialog */
  async saveAs(id: string): Promise<{ name: string | null }> {
    const { uri } = this.entry(id);
    const target = await vscode.window.showSaveDialog({
      defaultUri: uri,
      filters: { [vscode.l10n.t('Image files')]: [posix.extname(uri.path).slice(1)] },
    });
    if (!target || target.toString() === uri.toString()) return { name: null };
    // The dialog has already asked whether to replace an existing file.
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

  /** Shows the file in the explorer, or in the system's where it is outside of the workspace. */
  async reveal(id: string): Promise<null> {
    const { uri } = this.entry(id);
    const inside = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
    await vscode.commands.executeCommand(inside ? 'revealInExplorer' : 'revealFileInOS', uri);
    return null;
  }

  /**
   * By the command of the explorer, which asks, shows the progress, can be cancelled and tells what failed. The
   * gallery shows the new image: it need not be opened.
   * @returns the id of the new image
   */
  async upscale(id: string): Promise<{ image: string | null }> {
    const { uri } = this.entry(id);
    const command: CommandId = 'easel.upscaleImage';
    const made = await vscode.commands.executeCommand<vscode.Uri | undefined>(command, {
      ...{ image: uri.toString(), opens: false },
    });
    return { image: made?.toString() ?? null };
  }

  async remove(id: string): Promise<{ removed: boolean }> {
    const entry = this.entry(id);
    const { uri } = entry;
    const yes = vscode.l10n.t('Delete');
    const answer = await vscode.window.showWarningMessage(
      vscode.l10n.t('Delete {0}?', nameOf(uri)),
      { modal: true },
      yes,
    );
    if (answer !== yes) return { removed: false };
    // Not every system has a trash, and the editor cannot take a file out of it.
    const bytes = await readImage(uri).catch(() => undefined);
    try {
      await vscode.workspace.fs.delete(uri, { useTrash: true });
    } catch {
      // Not every file system has a trash.
      await vscode.workspace.fs.delete(uri);
    }
    if (bytes) this.gallery.noteRemoved({ entry, bytes });
    else this.gallery.forget(uri);
    return { removed: true };
  }

  /** Brings back the image that was deleted last. @returns its name; null where there is none */
  async undoRemove(): Promise<{ name: string | null }> {
    const { removed } = this.gallery;
    if (!removed) return { name: null };
    // Under another name where its own was taken since.
    const uri = await writeUnderFreeName(removed.bytes, removed.entry.uri, undefined);
    this.gallery.noteRestored(removed, uri);
    return { name: nameOf(uri) };
  }

  setFavourite(id: string, favourite: boolean): null {
    this.entry(id);
    this.gallery.setFavourite(id, favourite);
    return null;
  }

  async read(id: string): Promise<{ bytes: Uint8Array }> {
    return { bytes: await readImage(this.entry(id).uri) };
  }

  /** @throws EaselError for anything that is not in the gallery, whatever the page says */
  private entry(id: string): GalleryEntry {
    const entry = this.gallery.find(id);
    if (!entry) {
      throw new EaselError('bad-request', vscode.l10n.t('That image is no longer there.'));
    }
    return entry;
  }
}

/** An image that is dragged from the studio into a document becomes the link that *Insert* writes. */
export function registerImageDrop(gallery: Gallery, inserter: LinkInserter): vscode.Disposable {
  return vscode.languages.registerDocumentDropEditProvider(
    LINK_LANGUAGES.map((language) => ({ language })),
    {
      provideDocumentDropEdits: async (document, position, dataTransfer) => {
        const id = await dataTransfer.get(IMAGE_MIME)?.asString();
        const entry = id === undefined ? undefined : gallery.find(id);
        const drop = entry && (await inserter.drop(document, position, linkOf(entry)));
        if (!drop) return undefined;
        const title = vscode.l10n.t('Insert image (Easel)');
        const dropped = new vscode.DocumentDropEdit(drop.text, title, DROP_KIND);
        if (drop.edit) dropped.additionalEdit = drop.edit;
        return dropped;
      },
    },
    { dropMimeTypes: [IMAGE_MIME], providedDropEditKinds: [DROP_KIND] },
  );
}

function linkOf({ uri, request, width, height }: GalleryEntry): ImageLink {
  return { image: uri, prompt: request.prompt, width, height };
}
