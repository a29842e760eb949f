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

/**
 * The missing images of a document that can be drawn.
 * @param within only references that touch these offsets
 * @param lookup shared by documents that are searched at once
 */
export async function findMissing(
  document: ReferencingDocument,
  within?: { readonly start: number; readonly end: number },
  lookup = lookAround(document),
): Promise<MissingImage[]> {
  const references = (await findReferences(document)).filter(
    ({ start, end }) => !within || (start <= within.end && end >= within.start),
  );
  const missing: MissingImage[] = [];
  const seen = new Set<string>();
  for (const reference of references) {
    const found = await resolveReference(reference, document, lookup);
    if (!found || found.exists) continue;
    const { file } = found;
    const wanted = wantedImage(reference, file.path);
    if (!wanted || seen.has(file.toString())) continue;
    seen.add(file.toString());
    missing.push({ document: document.uri, reference, file, wanted });
  }
  return missing;
}
