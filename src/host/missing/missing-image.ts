import type * as vscode from 'vscode';
import { exists, resolveImage } from '../files/image-files';
import { findReferences } from '../references/find-references';
import type { ImageReference } from '../references/image-reference';
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
 */
export async function findMissing(
  document: vscode.TextDocument,
  within?: { readonly start: number; readonly end: number },
): Promise<MissingImage[]> {
  const references = (await findReferences(document)).filter(
    ({ start, end }) => !within || (start <= within.end && end >= within.start),
  );
  const missing: MissingImage[] = [];
  const seen = new Set<string>();
  for (const reference of references) {
    const file = await resolveImage(reference.url, document.uri);
    const wanted = file && wantedImage(reference, file.path);
    if (!file || !wanted || seen.has(file.toString()) || (await exists(file))) continue;
    seen.add(file.toString());
    missing.push({ document: document.uri, reference, file, wanted });
  }
  return missing;
}
