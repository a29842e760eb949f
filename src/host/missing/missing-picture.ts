import type * as vscode from 'vscode';
import { exists, resolvePicture } from '../links/resolve-picture';
import { loadReferences } from '../references/load-references';
import type { PictureReference } from '../references/picture-reference';
import { wantedPicture, type WantedPicture } from './wanted-picture';

/** A picture that a document names and that does not exist. */
export interface MissingPicture {
  readonly document: vscode.Uri;
  readonly reference: PictureReference;
  readonly file: vscode.Uri;
  readonly wanted: WantedPicture;
}

/**
 * The pictures of a document that are missing and can be drawn.
 * @param within only references that touch these offsets
 */
export async function findMissing(
  document: { readonly uri: vscode.Uri; readonly languageId: string; getText(): string },
  within?: { readonly start: number; readonly end: number },
): Promise<MissingPicture[]> {
  const { findReferences } = await loadReferences();
  const references = findReferences(document.languageId, document.getText()).filter(
    ({ start, end }) => !within || (start <= within.end && end >= within.start),
  );
  const missing: MissingPicture[] = [];
  const seen = new Set<string>();
  for (const reference of references) {
    const file = await resolvePicture(reference.url, document.uri);
    const wanted = file && wantedPicture(reference, file.path);
    if (!file || !wanted || seen.has(file.toString()) || (await exists(file))) continue;
    seen.add(file.toString());
    missing.push({ document: document.uri, reference, file, wanted });
  }
  return missing;
}
