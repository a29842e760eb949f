/** The longer side of an imported image in pixels. It limits the size of the page's saved state. */
const MAX_SIDE = 768;

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
    const bitmap = await createImageBitmap(file);
    const factor = Math.min(1, MAX_SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = new OffscreenCanvas(
      Math.max(1, Math.round(bitmap.width * factor)),
      Math.max(1, Math.round(bitmap.height * factor)),
    );
    const context = canvas.getContext('2d');
    if (!context) throw new Error('This page has no canvas to draw on.');
    context.imageSmoothingQuality = 'high';
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const blob = await canvas.convertToBlob({ type: 'image/webp', quality: 0.9 });
    const src = await toDataUrl(blob);
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

function toDataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(typeof reader.result === 'string' ? reader.result : '');
    reader.onerror = () => reject(reader.error ?? new Error('The image cannot be read.'));
    reader.readAsDataURL(blob);
  });
}

/** The first image file of a drop or paste. */
export function imageFile(transfer: DataTransfer | FileList | null): File | undefined {
  const files = transfer instanceof DataTransfer ? transfer.files : transfer;
  return [...(files ?? [])].find(({ type }) => type.startsWith('image/'));
}

/** The types of a drop that can be read: files of the desktop, and URIs of VS Code's explorer. */
export const DROP_TYPES = ['Files', 'text/uri-list'] as const;

/** The first URI of a drop (RFC 2483: `#` starts a comment). */
export function droppedUri(transfer: DataTransfer | null): string | undefined {
  const lines = transfer?.getData('text/uri-list').split(/\r?\n/) ?? [];
  return lines.find((line) => line !== '' && !line.startsWith('#'));
}
