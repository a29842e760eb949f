import type { StudioImage } from '../../src/protocol/studio';
import { h, icon } from '../controls/dom';
import { t } from '../l10n';
import { moveDivider, sharedRatio, withinWidth } from '../state/comparison';
import { differences, textOf, type ComparedWords } from './differences';
import { setContextMenu } from './image-element';
import { imageTitle } from '../state/image-words';

/** Two images that are compared. */
export interface ComparedImages {
  readonly left: StudioImage;
  readonly right: StudioImage;
  /** In percent of the width. */
  readonly divider: number;
}

/** Two images on top of each other, with a divider that the mouse, a finger or the keyboard moves. */
export class ComparisonStage {
  readonly element: HTMLElement;
  private readonly left = new Side('left', () => this.showRatio());
  private readonly right = new Side('right', () => this.showRatio());
  private readonly divider = h(
    'div',
    { class: 'divider', role: 'slider', tabindex: 0, title: t('dividerHelp') },
    { keydown: (event) => this.onKey(event) },
    h('span', { class: 'handle' }, {}, icon('chevron-left'), icon('chevron-right')),
  );
  private readonly box: HTMLElement;
  /** In percent of the width, as it is on the page. */
  private place = 50;
  /** While the divider is dragged: pixels from the pointer to the divider. */
  private grip: number | undefined;
  private wantsFocus = false;

  /** @param moved is called with a new place of the divider, in percent, once it is let go */
  constructor(private readonly moved: (divider: number) => void) {
    this.divider.setAttribute('aria-valuemin', '0');
    this.divider.setAttribute('aria-valuemax', '100');
    this.box = h(
      'div',
      { class: 'compare-box' },
      {
        pointerdown: (event) => this.startDrag(event),
        pointermove: (event) => this.drag(event),
        pointerup: () => this.endDrag(),
        pointercancel: () => this.endDrag(),
      },
      this.left.image,
      this.right.image,
      this.divider,
    );
    const words = h('div', { class: 'compare-words' }, {}, this.left.words, this.right.words);
    this.element = h(
      'div',
      { class: 'result comparison', role: 'group', 'aria-label': t('compareTools'), hidden: true },
      {},
      h('div', { class: 'compared' }, {}, this.box, words),
    );
  }

  show(compared: ComparedImages | undefined): void {
    this.element.hidden = compared === undefined;
    if (!compared) return;
    const { left, right, divider } = compared;
    const [leftWords, rightWords] = differences(left, right);
    this.left.show(left, leftWords);
    this.right.show(right, rightWords);
    this.showRatio();
    const name = [t('divider'), this.left.label, this.right.label].join('. ');
    this.divider.setAttribute('aria-label', name);
    if (this.grip === undefined) this.move(divider);
    if (!this.wantsFocus) return;
    this.wantsFocus = false;
    this.divider.focus();
  }

  /** The divider gets the focus as soon as images are compared. */
  focusWhenShown(): void {
    this.wantsFocus = true;
  }

  private showRatio(): void {
    const ratio = sharedRatio(this.left.ratio, this.right.ratio);
    this.element.style.setProperty('--ratio', String(ratio));
  }

  /** Shows the divider at a place. */
  private move(divider: number): void {
    this.place = divider;
    this.box.style.setProperty('--divider', `${divider}%`);
    const rounded = Math.round(divider);
    this.divider.setAttribute('aria-valuenow', String(rounded));
    this.divider.setAttribute('aria-valuetext', t('dividerAt', rounded));
  }

  private onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const place = moveDivider(this.place, event.key, event.shiftKey);
    if (place === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.move(place);
    this.moved(place);
  }

  private startDrag(event: PointerEvent): void {
    if (event.button !== 0) return;
    // Neither the images are dragged, nor text selected.
    event.preventDefault();
    this.divider.focus();
    this.box.setPointerCapture(event.pointerId);
    const line = this.divider.getBoundingClientRect();
    const isGrabbed = this.divider.contains(event.target as Node);
    this.grip = isGrabbed ? line.left + line.width / 2 - event.clientX : 0;
    this.drag(event);
  }

  private drag({ clientX }: PointerEvent): void {
    if (this.grip === undefined) return;
    const { left, width } = this.box.getBoundingClientRect();
    if (width > 0) this.move(withinWidth(((clientX + this.grip - left) / width) * 100));
  }

  private endDrag(): void {
    if (this.grip === undefined) return;
    this.grip = undefined;
    this.moved(this.place);
  }
}

/** One of the two images, with what it is called. */
class Side {
  readonly image: HTMLImageElement;
  readonly words: HTMLElement;
  private readonly title = h('span', { class: 'compare-title' });
  private readonly facts = h('span', { class: 'compare-facts' });
  private known: number | undefined;
  /** The name of the side and what its image is called. */
  label = '';

  /** @param loaded is called when the size of the image becomes known */
  constructor(
    private readonly name: 'left' | 'right',
    loaded: () => void,
  ) {
    const side = `compare-${name}`;
    this.image = h('img', { class: side, alt: '', draggable: 'false' }, { load: loaded });
    const arrow = icon(name === 'left' ? 'chevron-left' : 'chevron-right');
    const text = h('span', { class: 'compare-text' }, {}, this.title, ' ', this.facts);
    this.words = h('p', { class: side }, {}, ...(name === 'left' ? [arrow, text] : [text, arrow]));
  }

  /** Width divided by height. */
  get ratio(): number {
    const { naturalWidth, naturalHeight } = this.image;
    return this.known ?? (naturalHeight > 0 ? naturalWidth / naturalHeight : 1);
  }

  show(image: StudioImage, words: ComparedWords): void {
    const { width, height, src } = image;
    this.known = width && height ? width / height : undefined;
    if (this.image.getAttribute('src') !== src) this.image.src = src;
    const text = textOf(words);
    this.label = t(this.name === 'left' ? 'compareLeft' : 'compareRight', text);
    this.image.alt = [imageTitle(image), this.label].join(', ');
    setContextMenu(this.image, image);
    this.title.textContent = words.title;
    this.title.hidden = words.title === '';
    // A line that is too short is broken between facts.
    this.facts.textContent = words.facts.map((fact) => fact.replaceAll(' ', '\u00a0')).join(' · ');
    this.facts.hidden = words.facts.length === 0;
    this.words.title = text;
  }
}
