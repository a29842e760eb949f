import type { StudioImage, StudioState } from '../../src/protocol/studio';
import { h, icon, iconButton, rove, setAttribute, setTabStop } from '../controls/dom';
import { t } from '../l10n';
import { filterImages } from '../state/gallery-filter';
import type { Comparison } from '../state/comparison';
import type { View } from '../state/view';
import { hasCommandKey, makeDraggable, setContextMenu } from './image-element';
import { imageTitle } from '../state/image-words';
import { GalleryTools } from './gallery-tools';
import { showInsert, type ImageAction, type ImageActions } from './image-toolbar';
import type { ResultActions } from './result-stage';

/** The gallery as a row of thumbnails, newest first. It is one tab stop; arrow keys move in it. */
export class Filmstrip {
  readonly element: HTMLElement;
  private readonly list = h('ul', { class: 'film', 'aria-label': t('results') });
  private readonly empty = h('p', { class: 'no-results' }, {}, t('noResults'));
  private readonly frames = new Map<string, Frame>();
  private images: readonly StudioImage[] = [];
  private readonly tools: GalleryTools;
  private shown: Parameters<Filmstrip['show']> | undefined;

  constructor(
    private readonly actions: ImageActions,
    private readonly select: ResultActions['select'],
  ) {
    this.tools = new GalleryTools({
      changed: () => this.shown && this.show(...this.shown),
      undoRemove: actions.undoRemove,
    });
    this.element = h(
      'section',
      { class: 'filmstrip', 'aria-label': t('results') },
      {
        keydown: (event) => {
          const isTyping = (event.target as HTMLElement).matches('input');
          const isUndo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z';
          if (isTyping || !isUndo || event.shiftKey || !this.tools.canUndo) return;
          // Not the last stroke of the sketch, nor the text of a document.
          event.preventDefault();
          event.stopPropagation();
          actions.undoRemove();
        },
      },
      this.tools.element,
      this.empty,
      this.list,
    );
    rove(this.list, '.thumb');
    this.list.addEventListener('wheel', (event) => {
      // A mouse wheel scrolls vertically, the strip horizontally.
      if (event.deltaX === 0) this.list.scrollLeft += event.deltaY;
    });
  }

  /** One of the thumbnails gets the focus, if there is another one than this. @param image its id */
  focusBeside(image: string): void {
    const frame = this.frames.get(image)?.element;
    const beside = frame?.nextElementSibling ?? frame?.previousElementSibling ?? this.element;
    beside.querySelector<HTMLElement>('.thumb, button')?.focus();
  }

  /**
   * @param selected the id of the selected image
   * @param state the document that *Insert* writes into, the image that can be brought back, and what is compared
   */
  show(
    all: readonly StudioImage[],
    selected: string | undefined,
    state: Pick<StudioState, 'target' | 'removed'> & Pick<View, 'comparison'>,
  ): void {
    this.shown = [all, selected, state];
    const { target, comparison } = state;
    this.list.classList.toggle('choosing', comparison?.isChoosing === true);
    const images = filterImages(all, this.tools.filter);
    this.tools.show(all.length, images.length, state.removed);
    const newest = images[0];
    const hasNew = newest && newest.id !== this.images[0]?.id && this.images.length > 0;
    this.images = images;
    const ids = new Set(images.map(({ id }) => id));
    const focused = this.list.contains(document.activeElement);
    for (const [id, frame] of this.frames) {
      if (ids.has(id)) continue;
      if (focused && frame.element.contains(document.activeElement)) {
        const next = frame.element.nextElementSibling ?? frame.element.previousElementSibling;
        next?.querySelector<HTMLElement>('.thumb')?.focus();
      }
      frame.element.remove();
      this.frames.delete(id);
    }
    images.forEach((image, index) => {
      let frame = this.frames.get(image.id);
      if (!frame) this.frames.set(image.id, (frame = new Frame(this.actions, this.select)));
      frame.show(image, {
        ...{ selected: image.id === selected, target },
        compared: sideOf(image, comparison),
      });
      if (this.list.children[index] !== frame.element) {
        this.list.insertBefore(frame.element, this.list.children[index] ?? null);
      }
    });
    const thumbs = [...this.list.querySelectorAll<HTMLElement>('.thumb')];
    const current = thumbs.find((thumb) => thumb.getAttribute('aria-current') === 'true');
    if (!this.list.contains(document.activeElement)) setTabStop(thumbs, current ?? thumbs[0]);
    this.empty.textContent = all.length > 0 ? t('noneFound') : t('noResults');
    this.empty.hidden = images.length > 0;
    this.list.hidden = images.length === 0;
    if (hasNew) this.list.scrollLeft = 0;
  }
}

interface ShownFrame {
  readonly selected: boolean;
  /** The document that *Insert* writes into. */
  readonly target: string | null;
  /** The side that it is on where it is compared. */
  readonly compared: 'comparedLeft' | 'comparedRight' | undefined;
}

function sideOf({ id }: StudioImage, comparison: Comparison | undefined): ShownFrame['compared'] {
  if (id === comparison?.left) return 'comparedLeft';
  return id === comparison?.right ? 'comparedRight' : undefined;
}

/** One thumbnail, with its buttons. */
class Frame {
  readonly element: HTMLLIElement;
  private readonly thumbnail = h('img', { alt: '', loading: 'lazy' });
  private readonly star = h('span', { class: 'star', hidden: true }, {}, icon('star-full'));
  /** On which side the image is compared. */
  private readonly side = h('span', { class: 'star side', hidden: true });
  private readonly thumb: HTMLButtonElement;
  private readonly insert: HTMLButtonElement;
  private image: StudioImage | undefined;

  constructor(actions: ImageActions, select: ResultActions['select']) {
    const run = (action: ImageAction) => () => this.image && action(this.image);
    this.thumb = h(
      'button',
      { type: 'button', class: 'thumb' },
      { click: (event) => this.image && select(this.image, hasCommandKey(event)) },
      this.thumbnail,
      this.star,
      this.side,
    );
    this.thumb.addEventListener('keydown', (event) => {
      if (event.key === 'Delete') run(actions.remove)();
    });
    this.insert = iconButton({ name: 'insert', label: t('insert'), onClick: run(actions.insert) });
    const sketch = iconButton({
      name: 'wand',
      label: t('useAsSketch'),
      onClick: run(actions.useAsSketch),
    });
    const remove = iconButton({ name: 'trash', label: t('remove'), onClick: run(actions.remove) });
    // Only for the mouse: the toolbar has the same actions, and each frame is one stop for the keyboard.
    for (const button of [this.insert, sketch, remove]) button.tabIndex = -1;
    const quick = h('div', { class: 'quick' }, {}, this.insert, sketch, remove);
    this.element = h('li', { class: 'frame' }, {}, this.thumb, quick);
    makeDraggable(this.thumb, () => this.image);
  }

  show(image: StudioImage, { selected, target, compared }: ShownFrame): void {
    this.image = image;
    if (this.thumbnail.getAttribute('src') !== image.src) this.thumbnail.src = image.src;
    const drawnWith = image.request?.seed;
    const seed = drawnWith === undefined ? '' : t('seedOf', drawnWith);
    const star = image.favourite === true ? t('favouriteImage') : '';
    this.star.hidden = star === '';
    const side = compared === undefined ? '' : t(compared);
    this.showSide(compared);
    const name = [imageTitle(image), seed, star, side].filter(Boolean).join(', ');
    this.thumb.setAttribute('aria-label', name);
    this.thumb.title = `${name}\n${t('dragHelp')}`;
    this.thumb.setAttribute('aria-current', String(selected));
    this.thumb.dataset.image = image.name;
    showInsert(this.insert, target);
    setContextMenu(this.thumb, image);
  }

  private showSide(compared: ShownFrame['compared']): void {
    setAttribute(this.thumb, 'data-compared', compared);
    this.side.hidden = compared === undefined;
    if (compared === undefined) return;
    const name = compared === 'comparedLeft' ? 'chevron-left' : 'chevron-right';
    this.side.replaceChildren(icon(name));
  }
}
