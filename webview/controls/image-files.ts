/** The longer side of an image that is kept, in pixels. It limits the size of the page's saved state. */
const MAX_SIDE = 768;

/**
 * Decodes an image file and reduces its size.
 * @returns it as a `data:` URL, and decoded
 * @throws DOMException where the file is no image
 */
export async function reduceImage(
  file: Blob,
): Promise<{ readonly src: string; readonly canvas: OffscreenCanvas }> {
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
  bitmap.close();
  const blob = await canvas.convertToBlob({ type: 'image/webp', quality: 0.9 });
  return { src: await toDataUrl(blob), canvas };
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
const DROP_TYPES = ['Files', 'text/uri-list'] as const;

/** Allows the drop of what is dragged over an element, where it can be read. @returns whether it can */
export function allowDrop(event: DragEvent): boolean {
  const types = event.dataTransfer?.types ?? [];
  if (!event.dataTransfer || !DROP_TYPES.some((type) => types.includes(type))) return false;
  event.preventDefault();
  event.dataTransfer.dropEffect = 'copy';
  return true;
}

/** The first URI of a drop (RFC 2483: `#` starts a comment). */
export function droppedUri(transfer: DataTransfer | null): string | undefined {
  const lines = transfer?.getData('text/uri-list').split(/\r?\n/) ?? [];
  return lines.find((line) => line !== '' && !line.startsWith('#'));
}

/** A hidden chooser of image files, to be put beside the button that opens it by `click()`. */
export function imageChooser(take: (file: File) => void): HTMLInputElement {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = 'image/*';
  input.hidden = true;
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file) take(file);
    input.value = '';
  });
  return input;
}
