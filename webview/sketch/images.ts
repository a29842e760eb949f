import { reduceImage } from '../controls/image-files';

/** Imported images, decoded once. */
export class ImageStore {
  /** By the source in the mark. */
  readonly bitmaps = new Map<string, ImageBitmap>();

  /**
   * Decodes an image file and reduces its size.
   * @returns the source for a mark: a `data:` URL
   * @throws DOMException where the file is no image
   */
  async import(file: Blob): Promise<string> {
    const { src, canvas } = await reduceImage(file);
    this.bitmaps.set(src, await createImageBitmap(canvas));
    return src;
  }

  /** Decodes the images of restored marks. */
  async load(sources: readonly string[]): Promise<void> {
    const missing = sources.filter((src) => !this.bitmaps.has(src));
    await Promise.all(
      missing.map(async (src) => {
        const image = new Image();
        image.src = src;
        await image.decode();
        this.bitmaps.set(src, await createImageBitmap(image));
      }),
    );
  }
}
