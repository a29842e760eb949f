import type { Job, StudioImage } from '../../src/protocol/studio';
import { h, icon } from '../controls/dom';
import { t } from '../l10n';
import { describePreparing } from '../state/job-status';

/**
 * Says under the stage that weights are prepared and what they take; then under an image that it is not exact,
 * with a button that draws the exact one.
 */
export class PrecisionLine {
  readonly element = h('div', { class: 'precision-line', hidden: true });
  /** What is shown, so that the button keeps the focus while it stays the same. */
  private shown = '';

  constructor(private readonly drawExactly: (image: StudioImage) => void) {}

  /** @param job that runs and is on the stage */
  show(job: Job | undefined, image: StudioImage | undefined): void {
    const preparing = job && describePreparing(job);
    const unasked = job ? undefined : image?.unasked;
    const key = preparing ?? (unasked ? `${unasked} ${image?.id}` : '');
    if (key === this.shown) return;
    this.shown = key;
    this.element.hidden = key === '';
    const text = (said: string) => h('span', { class: 'precision-text' }, {}, said);
    if (preparing !== undefined) this.element.replaceChildren(icon('gear'), text(preparing));
    else if (image && unasked) {
      this.element.replaceChildren(
        text(t('unasked', t(`precision.${unasked}`))),
        this.button(image),
      );
    } else this.element.replaceChildren();
  }

  private button(image: StudioImage): HTMLElement {
    return h(
      'button',
      { type: 'button', class: 'link', title: t('drawExactlyHelp') },
      { click: () => this.drawExactly(image) },
      t('drawExactly'),
    );
  }
}
