/**
 * Copies an image to the clipboard, as PNG: browsers copy no other format.
 * @param bytes a file of any format that a page can show
 * @param name of the file
 * @throws DOMException where it cannot be decoded, or the page may not write to the clipboard
 */
export async function copyImage(bytes: Uint8Array, name: string): Promise<void> {
  const png = await toPng(bytes, name);
  // The focus is still on its way back from the menu.
  window.focus();
  await hasFocus();
  await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })]);
}

async function toPng(bytes: Uint8Array, name: string): Promise<Blob> {
  // Only an SVG file has to say what it is.
  const type = name.toLowerCase().endsWith('.svg') ? 'image/svg+xml' : '';
  const url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
    canvas.getContext('2d')?.drawImage(image, 0, 0);
    return await canvas.convertToBlob({ type: 'image/png' });
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** Milliseconds to wait for the focus; without it the clipboard itself refuses and says why. */
const FOCUS_MS = 2000;

function hasFocus(): Promise<void> {
  if (document.hasFocus()) return Promise.resolve();
  return new Promise((resolve) => {
    window.addEventListener('focus', () => resolve(), { once: true });
    setTimeout(resolve, FOCUS_MS);
  });
}
