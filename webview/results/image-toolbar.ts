import type { ImageMenuAction, StudioImage } from '../../src/protocol/studio';
import { h, icon, iconButton, rove, setAttribute, textButton } from '../controls/dom';
import { t } from '../l10n';
import { hasPixels } from '../state/image-words';

export type ImageAction = (image: StudioImage) => void;

/** What the user can do with an image: by the buttons here, or by its context menu. */
export interface ImageActions extends Readonly<Record<ImageMenuAction, ImageAction>> {
  readonly copyMarkdown: ImageAction;
  readonly reuse: ImageAction;
  readonly open: ImageAction;
  readonly toggleFavourite: ImageAction;
  /** Brings back the image that was deleted last. */
  readonly undoRemove: () => void;
}

/** The toolbar of the image on the stage. */
export class ImageToolbar {
  readonly element = h('div', {
    class: 'picture-actions',
    role: 'toolbar',
    'aria-label': t('imageActions'),
    hidden: true,
  });
  private readonly insert: HTMLButtonElement;
  private readonly reuse: HTMLButtonElement;
  private readonly star: HTMLButtonElement;
  private readonly compare: HTMLButtonElement;
  private readonly upscale: HTMLButtonElement;
  /** Why nothing can be inserted, where there is room for it. */
  private readonly nowhere = h('span', { class: 'nowhere', hidden: true }, {}, t('insertNowhere'));
  /** Names the document; a narrow stage shows a short text. The button's own name is always whole. */
  private get insertText(): Element {
    return this.insert.querySelector('.button-text') ?? this.insert;
  }
  private image: StudioImage | undefined;

  constructor(actions: ImageActions) {
    const run = (action: ImageAction) => () => this.image && action(this.image);
    const withText = (name: string, label: string, style: string, action: ImageAction) =>
      textButton({ name, label, class: style, onClick: run(action) });
    const small = (name: string, label: string, action: ImageAction, style?: string) =>
      iconButton({ name, label, class: style, onClick: run(action) });
    this.insert = withText('insert', '', 'primary', actions.insert);
    this.insert.append(h('span', { class: 'short' }, {}, t('insert')));
    const sketch = withText('wand', t('useAsSketch'), 'secondary', actions.useAsSketch);
    // A narrow stage hides the text, so the button needs a name of its own.
    sketch.setAttribute('aria-label', t('useAsSketch'));
    sketch.title = t('useAsSketch');
    this.reuse = small('history', t('reuse'), actions.reuse);
    this.star = small('star-empty', t('addFavourite'), actions.toggleFavourite);
    this.compare = small('split-horizontal', t('compare'), actions.compare);
    this.upscale = small('zoom-in', t('upscale'), actions.upscale, 'upscale');
    this.element.append(
      this.insert,
      this.nowhere,
      sketch,
      this.reuse,
      this.star,
      this.compare,
      this.upscale,
      small('markdown', t('copyMarkdown'), actions.copyMarkdown),
      small('save-as', t('saveAs'), actions.saveAs, 'save-as'),
      small('go-to-file', t('openImage'), actions.open),
      small('trash', t('remove'), actions.remove),
    );
    rove(this.element, 'button');
  }

  /** The button that compares gets the focus. @returns false where it is not shown */
  focusCompare(): boolean {
    this.compare.focus();
    return document.activeElement === this.compare;
  }

  /**
   * @param target the name of the document that *Insert* writes into; null for none
   * @param hasOthers whether there are images to compare this one with
   */
  show(image: StudioImage | undefined, target: string | null, hasOthers: boolean): void {
    this.image = image;
    this.element.hidden = !image;
    this.insertText.textContent = target ? t('insertInto', target) : t('insert');
    showInsert(this.insert, target);
    this.nowhere.hidden = target !== null;
    this.reuse.hidden = !image?.request?.model;
    this.compare.hidden = !hasOthers;
    this.upscale.hidden = !image || !hasPixels(image);
    const isFavourite = image?.favourite === true;
    this.star.replaceChildren(icon(isFavourite ? 'star-full' : 'star-empty'));
    this.star.title = t(isFavourite ? 'removeFavourite' : 'addFavourite');
    this.star.setAttribute('aria-label', this.star.title);
  }
}

/**
 * Shows on a button whether an image can be inserted, and where.
 * @param target the name of the document; null for none
 */
export function showInsert(button: HTMLButtonElement, target: string | null): void {
  button.title = target ? t('insertInto', target) : t('insertNowhere');
  button.setAttribute('aria-label', target ? t('insertInto', target) : t('insert'));
  setAttribute(button, 'aria-description', target ? undefined : t('insertNowhere'));
  // Not `disabled`: a click says why.
  button.setAttribute('aria-disabled', String(!target));
}
