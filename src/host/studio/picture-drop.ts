import * as vscode from 'vscode';
import { PICTURE_MIME } from '../../protocol/studio';
import type { LinkInserter } from '../links/link-inserter';
import { LINK_LANGUAGES } from '../links/link-text';
import type { Gallery } from './gallery';
import { linkOf } from './picture-verbs';

const KIND = vscode.DocumentDropOrPasteEditKind.Empty.append('image', 'easel');

/** A picture that is dragged from the studio into a document becomes the link that *Insert* writes. */
export function registerPictureDrop(gallery: Gallery, inserter: LinkInserter): vscode.Disposable {
  return vscode.languages.registerDocumentDropEditProvider(
    LINK_LANGUAGES.map((language) => ({ language })),
    {
      provideDocumentDropEdits: async (document, position, dataTransfer) => {
        const id = await dataTransfer.get(PICTURE_MIME)?.asString();
        const entry = id === undefined ? undefined : gallery.find(id);
        const text = entry && inserter.textAt(document, position, linkOf(entry));
        if (text === undefined) return undefined;
        return new vscode.DocumentDropEdit(text, vscode.l10n.t('Insert picture (Easel)'), KIND);
      },
    },
    { dropMimeTypes: [PICTURE_MIME], providedDropEditKinds: [KIND] },
  );
}
