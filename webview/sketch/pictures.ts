/** Longest side of an imported picture: more would only make the page's saved state heavy. */
const MAX_SIDE = 768;

/** Imported pictures, decoded once. */
export class PictureStore {
  readonly bitmaps = new Map<string, ImageBitmap>();

  /** Reads an image file, shrunk to what a sketch needs, into a source a mark can keep. */
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

  /** Decodes the sources of restored marks. */
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
    reader.onerror = () => reject(reader.error ?? new Error('The picture cannot be read.'));
    reader.readAsDataURL(blob);
  });
}

/** The image file of a drop, a paste or a file dialog, if there is one. */
export function imageFile(transfer: DataTransfer | FileList | null): File | undefined {
  const files = transfer instanceof DataTransfer ? transfer.files : transfer;
  return [...(files ?? [])].find(({ type }) => type.startsWith('image/'));
}

/** What a drop can hold that is of use: files of the desktop, and addresses of the editor's explorer. */
export const DROPPED = ['Files', 'text/uri-list'] as const;

/** The first address of a drop that names a file. */
export function droppedAddress(transfer: DataTransfer | null): string | undefined {
  const lines = transfer?.getData('text/uri-list').split(/\r?\n/) ?? [];
  return lines.find((line) => line !== '' && !line.startsWith('#'));
}
