import { PICTURE_MIME, type Picture } from '../../src/protocol/studio';

/** Lets a picture be dragged into an editor, which takes it as it takes a file from the explorer. */
export function makeDraggable(element: HTMLElement, picture: () => Picture | undefined): void {
  element.draggable = true;
  element.addEventListener('dragstart', (event) => {
    const dragged = picture();
    const { dataTransfer } = event;
    if (!dragged || !dataTransfer) {
      event.preventDefault();
      return;
    }
    dataTransfer.effectAllowed = 'copy';
    dataTransfer.clearData();
    // Read by our own provider, which knows the prompt; the others open the file.
    dataTransfer.setData(PICTURE_MIME, dragged.id);
    dataTransfer.setData('text/uri-list', dragged.uri);
    // The editor's own kind: what its explorer drags, so that drops work the same.
    dataTransfer.setData('application/vnd.code.uri-list', dragged.uri);
    dataTransfer.setData('text/plain', dragged.uri);
    const image = element.querySelector('img');
    if (image) dataTransfer.setDragImage(image, 16, 16);
  });
}
