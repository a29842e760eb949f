import { toEaselError } from '../errors';
import type { SavedImage } from './result-text';

/**
 * Saves the images of one call in order. An image that cannot be saved becomes a warning if another one is saved
 * before it, so that the call still reports that one.
 * @throws what `save` throws for the first image
 */
export async function saveDrawings<Drawn>(
  drawn: readonly Drawn[],
  save: (image: Drawn) => Promise<SavedImage>,
): Promise<{ readonly images: readonly SavedImage[]; readonly warnings: readonly string[] }> {
  const images: SavedImage[] = [];
  const warnings: string[] = [];
  for (const image of drawn) {
    try {
      images.push(await save(image));
    } catch (thrown) {
      if (images.length === 0) throw thrown;
      warnings.push(`An image was not saved: ${toEaselError(thrown).message}`);
    }
  }
  return { images, warnings };
}
