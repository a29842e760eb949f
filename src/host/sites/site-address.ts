import { posix } from 'node:path';
import * as vscode from 'vscode';
import { escapeLink } from '../../core/markdown-image';
import { documentFile } from '../files/image-files';
import { languageOf } from '../languages';
import { addressBase, servedFrom } from './locate';
import { lookAround, type ReferencingDocument } from './resolve-image';

/**
 * The address of an image where a link from the document's own folder would not lead there: from the site's
 * root for an image that the site serves, from the folder of images for AsciiDoc.
 * @returns undefined where a relative link does
 */
export async function siteAddress(
  image: vscode.Uri,
  document: ReferencingDocument,
): Promise<string | undefined> {
  const uri = documentFile(document);
  const workspace = vscode.workspace.getWorkspaceFolder(uri)?.uri.path;
  if (uri.scheme !== image.scheme || uri.authority !== image.authority) return undefined;
  if (workspace === undefined) return undefined;
  const languageId = languageOf(document);
  const base = addressBase(document.getText(), languageId);
  if (languageId === 'asciidoc') {
    if (base === undefined || /[{<]|^\//.test(base)) return undefined;
    const folder = posix.join(posix.dirname(uri.path), base);
    return escapeLink(posix.relative(folder, image.path));
  }
  const place = { path: uri.path, workspace, languageId, base };
  const served = await servedFrom(image.path, place, lookAround(document));
  return served && escapeLink(served);
}
