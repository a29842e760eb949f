import type { TextDocument } from 'vscode';
import type { ImageReference } from './image-reference';

/**
 * The references to images in a document, in order. The parsers are large and a bundle of their own, so they
 * are loaded with the first document that needs them.
 */
export async function findReferences(
  document: Pick<TextDocument, 'languageId' | 'getText'>,
): Promise<ImageReference[]> {
  const { referencesIn } = await import('./references');
  return referencesIn(document.languageId, document.getText());
}
