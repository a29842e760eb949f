import type { StudioImage } from '../../src/protocol/studio';
import { h, iconButton, textButton } from '../controls/dom';
import { t } from '../l10n';
import type { Comparison } from '../state/comparison';
import { imageTitle } from '../state/image-words';

export interface ComparisonActions {
  readonly swap: () => void;
  /** Lets the user choose another image for the right side. */
  readonly another: () => void;
  /** Gives up a choice, or ends the comparison. */
  readonly back: () => void;
}

/** Under the stage while images are compared, in the place of the toolbar of one image. */
export class ComparisonBar {
  readonly element: HTMLElement;
  private readonly choice = h('span', { class: 'compare-choice', hidden: true });
  private readonly swap: HTMLButtonElement;
  private readonly another: HTMLButtonElement;
  private readonly end: HTMLButtonElement;

  constructor({ swap, another, back }: ComparisonActions) {
    this.swap = iconButton({ name: 'arrow-swap', label: t('swapSides'), onClick: swap });
    const small = (name: string, label: string, onClick: () => void) => {
      const button = textButton({ name, label, class: 'secondary', onClick });
      // A narrow stage hides the text, so the button needs a name of its own.
      button.title = label;
      button.setAttribute('aria-label', label);
      return button;
    };
    this.another = small('split-horizontal', t('compareAnother'), another);
    this.end = small('close', '', back);
    this.element = h(
      'div',
      {
        class: 'picture-actions compare-bar',
        role: 'group',
        'aria-label': t('compareTools'),
        hidden: true,
      },
      {},
      this.choice,
      this.swap,
      this.another,
      this.end,
    );
  }

  show(comparison: Comparison | undefined, images: readonly StudioImage[]): void {
    this.element.hidden = comparison === undefined;
    if (!comparison) return;
    const { left, isChoosing } = comparison;
    const image = images.find(({ id }) => id === left);
    this.choice.hidden = !isChoosing;
    const text = isChoosing && image ? t('compareChoose', imageTitle(image)) : '';
    if (this.choice.textContent !== text) this.choice.textContent = this.choice.title = text;
    this.swap.hidden = this.another.hidden = isChoosing;
    const end = t(isChoosing ? 'cancel' : 'endComparison');
    this.end.title = end;
    this.end.setAttribute('aria-label', end);
    const label = this.end.querySelector('.button-text');
    if (label) label.textContent = end;
  }
}
