/**
 * Loads the parsers when the first document needs them, not with the extension: they are a bundle of their
 * own, and large.
 */
export function loadReferences(): Promise<typeof import('./references')> {
  return import('./references');
}
