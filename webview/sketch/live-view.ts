import { IMAGE_FORMATS } from '../../src/core/image/formats';
import type { LiveImage } from '../../src/protocol/studio';
import { h } from '../controls/dom';
import { t } from '../l10n';

/** The image beside the canvas that follows the sketch, with the button that keeps it. */
export class LiveView {
  readonly element: HTMLElement;
  private readonly image = h('img', { class: 'live-image', hidden: true, draggable: false });
  private readonly note = h('p', { class: 'live-note' });
  private readonly keep: HTMLButtonElement;

  /** @param keep saves the image that is shown */
  constructor(keep: () => void) {
    this.keep = h(
      'button',
      {
        type: 'button',
        class: 'button secondary live-keep',
        title: t('liveKeepHelp'),
        hidden: true,
      },
      { click: keep },
      t('liveKeep'),
    );
    this.element = h(
      'figure',
      { class: 'live', 'aria-label': t('live'), hidden: true },
      {},
      h('div', { class: 'live-frame' }, {}, this.image, this.note, this.keep),
    );
  }

  /** Whether the chosen model can follow. */
  setOffered(offered: boolean): void {
    this.element.hidden = !offered;
  }

  setBusy(busy: boolean): void {
    this.element.classList.toggle('busy', busy);
    this.element.setAttribute('aria-busy', String(busy));
    this.keep.disabled = busy;
  }

  /** Says what is missing before there can be an image. */
  showHint(missing: 'sketch' | 'prompt'): void {
    this.showNote(t(missing === 'sketch' ? 'liveNeedsSketch' : 'liveNeedsPrompt'));
  }

  showError(message: string): void {
    this.showNote(message);
  }

  showImage({ bytes, format }: LiveImage, prompt: string): void {
    const { image, note, keep } = this;
    const type = IMAGE_FORMATS[format].mimeType;
    const url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type }));
    const before = image.src;
    image.onload = () => URL.revokeObjectURL(before);
    image.src = url;
    image.alt = t('liveAlt', prompt);
    image.hidden = false;
    note.hidden = true;
    keep.hidden = false;
  }

  private showNote(text: string): void {
    this.note.textContent = text;
    this.note.hidden = false;
    this.image.hidden = true;
    this.keep.hidden = true;
  }
}
