import type { StudioImage } from '../../src/protocol/studio';
import { h } from '../controls/dom';
import { t } from '../l10n';

/** Says under an image from which other one of the gallery it was made, and offers to compare the two. */
export class OriginLine {
  readonly element = h('p', { class: 'origin-line', hidden: true });
  /** What is shown, so that the button keeps the focus while it stays the same. */
  private shown = '';

  /** @param compare is called with the image that came first, and the one that was made from it */
  constructor(private readonly compare: (original: StudioImage, image: StudioImage) => void) {}

  show(image: StudioImage | undefined, images: readonly StudioImage[]): void {
    const original = image && images.find(({ id }) => id === image.madeFrom);
    const key = original ? `${original.id} ${image.id}` : '';
    if (key === this.shown) return;
    this.shown = key;
    this.element.hidden = key === '';
    if (!original) {
      this.element.replaceChildren();
      return;
    }
    this.element.replaceChildren(
      h('span', { class: 'origin-name' }, {}, t('madeFrom', original.name)),
      h(
        'button',
        { type: 'button', class: 'link' },
        { click: () => this.compare(original, image) },
        t('compareOriginal'),
      ),
    );
  }
}
