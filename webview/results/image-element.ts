import { IMAGE_MIME, type ImageMenuContext, type StudioImage } from '../../src/protocol/studio';
import { hasPixels } from '../state/image-words';

/** Whether Ctrl or, on macOS, Command is held: a click then compares. */
export function hasCommandKey({ ctrlKey, metaKey }: MouseEvent): boolean {
  return ctrlKey || metaKey;
}

/** Gives an element the context menu of an image; without an image none, not even that of the browser. */
export function setContextMenu(element: HTMLElement, image: StudioImage | undefined): void {
  const context: Partial<ImageMenuContext> = {
    preventDefaultContextMenuItems: true,
    ...(image && {
      webviewSection: 'image',
      image: image.id,
      imageHasPixels: hasPixels(image),
    }),
  };
  // VS Code reads this attribute when the menu is asked for.
  element.dataset.vscodeContext = JSON.stringify(context);
}

/** Lets the user drag an image into a text editor, which handles it as a file of the explorer. */
export function makeDraggable(element: HTMLElement, image: () => StudioImage | undefined): void {
  element.draggable = true;
  element.addEventListener('dragstart', (event) => {
    const dragged = image();
    const { dataTransfer } = event;
    if (!dragged || !dataTransfer) {
      event.preventDefault();
      return;
    }
    dataTransfer.effectAllowed = 'copy';
    dataTransfer.clearData();
    // For the drop provider of Easel, which knows the prompt. Other targets open the file.
    dataTransfer.setData(IMAGE_MIME, dragged.id);
    dataTransfer.setData('text/uri-list', dragged.uri);
    // The type that the explorer of VS Code sets.
    dataTransfer.setData('application/vnd.code.uri-list', dragged.uri);
    dataTransfer.setData('text/plain', dragged.uri);
    const thumbnail = element.querySelector('img');
    if (thumbnail) dataTransfer.setDragImage(thumbnail, 16, 16);
  });
}
