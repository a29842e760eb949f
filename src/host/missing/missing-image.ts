import type * as vscode from 'vscode';
import { findReferences } from '../references/find-references';
import type { ImageReference } from '../references/image-reference';
import { lookAround, resolveReference, type ReferencingDocument } from '../sites/resolve-image';
import { wantedImage, type WantedImage } from './wanted-image';

/** An image that a document names and that does not exist. */
export interface MissingImage {
  readonly document: vscode.Uri;
  readonly reference: ImageReference;
  readonly file: vscode.Uri;
  readonly wanted: WantedImage;
}

/** Every place of a document that names a missing image that can be drawn. */
export async function findMissing(
  document: ReferencingDocument,
  token?: vscode.CancellationToken,
): Promise<MissingImage[]> {
  return missingOf(document, await findReferences(document, token));
}

/** @param lookup shared by documents that are searched at once */
export async function missingOf(
  document: ReferencingDocument,
  references: readonly ImageReference[],
  lookup = lookAround(document),
): Promise<MissingImage[]> {
  const missing: MissingImage[] = [];
  for (const reference of references) {
    const found = await resolveReference(reference, document, lookup);
    if (!found || found.exists) continue;
    const wanted = wantedImage(reference, found.file.path);
    if (wanted) missing.push({ document: document.uri, reference, file: found.file, wanted });
  }
  return missing;
}

/** One of each file: of several places that name it, the first that says in words what is to be seen. */
export function onceEach(images: readonly MissingImage[]): MissingImage[] {
  const byFile = new Map<string, MissingImage>();
  for (const image of images) {
    const key = image.file.toString();
    const known = byFile.get(key);
    if (!known || (known.reference.alt === '' && image.reference.alt !== ''))
      byFile.set(key, image);
  }
  return [...byFile.values()];
}
