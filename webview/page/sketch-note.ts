import { h, hasFocusWithin, iconButton } from '../controls/dom';
import { t } from '../l10n';
import type { SketchUse } from './page-state';

/** The longer side of the thumbnail, in its own pixels. */
const THUMBNAIL = 56;

export interface SketchNoteActions {
  readonly use: (use: boolean) => void;
  /** Shows the sketch. */
  readonly show: () => void;
}

/** Says at the prompt that the next image starts from the sketch, shows which, and lets the user stop that. */
export class SketchNote {
  readonly element: HTMLElement;
  private readonly thumbnail = h('canvas', { class: 'sketch-thumb', 'aria-hidden': 'true' });
  private readonly text = h('span', { class: 'sketch-text' });
  private readonly show: HTMLButtonElement;
  private readonly stop: HTMLButtonElement;
  private readonly resume: HTMLButtonElement;

  constructor(actions: SketchNoteActions) {
    this.show = h(
      'button',
      { type: 'button', class: 'sketch-show', title: t('useSketchHelp') },
      { click: actions.show },
      this.thumbnail,
      this.text,
    );
    this.stop = iconButton({
      name: 'close',
      label: t('stopSketch'),
      onClick: () => actions.use(false),
    });
    this.resume = h(
      'button',
      { type: 'button', class: 'link' },
      { click: () => actions.use(true) },
      t('resumeSketch'),
    );
    this.element = h(
      'div',
      { class: 'sketch-note', hidden: true },
      {},
      this.show,
      this.resume,
      this.stop,
    );
  }

  /**
   * @param use what the sketch does for the next image
   * @param host the machine that does not draw from it
   */
  update(use: SketchUse, host = ''): void {
    const { element, stop, resume } = this;
    const hadFocus = hasFocusWithin(element);
    element.hidden = use === 'none';
    element.dataset.use = use;
    stop.hidden = use === 'stopped' || use === 'refused';
    resume.hidden = use !== 'stopped';
    const texts = {
      ...{
        none: '',
        used: t('useSketch'),
        followed: t('followsSketch'),
        old: t('stillFromSketch'),
      },
      ...{ stopped: t('sketchStopped'), refused: t('sketchRefused', host) },
    };
    this.text.textContent = texts[use];
    // The button that was pressed is hidden now, and the other one undoes it.
    if (hadFocus && stop.hidden && !element.contains(document.activeElement)) resume.focus();
    else if (hadFocus && resume.hidden && document.activeElement === document.body) stop.focus();
  }

  /** Shows the sketch as it is now. @param paint the painted layer */
  draw(paint: CanvasImageSource & { readonly width: number; readonly height: number }): void {
    const { thumbnail } = this;
    const scale = THUMBNAIL / Math.max(paint.width, paint.height);
    thumbnail.width = Math.max(1, Math.round(paint.width * scale));
    thumbnail.height = Math.max(1, Math.round(paint.height * scale));
    const context = thumbnail.getContext('2d');
    if (!context) return;
    context.imageSmoothingQuality = 'high';
    context.drawImage(paint, 0, 0, thumbnail.width, thumbnail.height);
  }
}
