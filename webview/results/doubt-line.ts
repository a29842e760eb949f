import { doubtText, type SubjectKnowledge } from '../../src/core/composition/knowledge';
import { describeBytes } from '../../src/core/quantities';
import { oneLine } from '../../src/core/shown-text';
import type { ModelOffer, StudioImage } from '../../src/protocol/studio';
import { h, icon } from '../controls/dom';
import { formatSeconds, t } from '../l10n';

/** Characters of a subject. */
const LONGEST_SUBJECT = 60;

export interface DoubtActions {
  /** Draws the prompt of the image with a thing in the place of the subject that is not known. */
  readonly drawInstead: (image: StudioImage, subject: string, thing: string) => void;
  /** Takes the model that may know it. */
  readonly takeOffer: (image: StudioImage, offer: ModelOffer) => void;
}

/** Says under an image what the starter may not know of it, and what can be drawn instead or by which model. */
export class DoubtLine {
  readonly element = h('div', {
    class: 'doubt',
    role: 'group',
    'aria-label': t('doubt'),
    hidden: true,
  });
  /** What is shown, so that the buttons keep the focus while it stays the same. */
  private shown = '';

  constructor(private readonly actions: DoubtActions) {}

  show(image: StudioImage | undefined, offer: ModelOffer | undefined): void {
    const doubts = image?.doubts ?? [];
    const key = JSON.stringify([image?.id, doubts, offer]);
    if (key === this.shown) return;
    this.shown = key;
    this.element.hidden = doubts.length === 0;
    if (!image || doubts.length === 0) {
      this.element.replaceChildren();
      return;
    }
    this.element.replaceChildren(
      ...doubts.map((doubt) => this.doubtRow(image, doubt)),
      ...(offer ? [this.offerButton(image, offer)] : []),
    );
  }

  private doubtRow(image: StudioImage, doubt: SubjectKnowledge): HTMLElement {
    const { subject, drawnAs, nearest } = doubt;
    const said = t(doubtText(doubt), oneLine(subject, LONGEST_SUBJECT), drawnAs ?? '');
    const knows = nearest.length > 0 ? [t(drawnAs === undefined ? 'knows' : 'knowsAlso')] : [];
    const buttons = nearest.map((thing) =>
      h(
        'button',
        { type: 'button', class: 'chip', 'aria-label': t('drawInstead', thing) },
        { click: () => this.actions.drawInstead(image, subject, thing) },
        thing,
      ),
    );
    for (const button of buttons) button.title = button.getAttribute('aria-label') ?? '';
    const text = h('span', { class: 'doubt-text' }, {}, [said, ...knows].join(' '));
    return h('div', { class: 'doubt-said' }, {}, icon('warning'), text, ...buttons);
  }

  private offerButton(image: StudioImage, offer: ModelOffer): HTMLElement {
    return h(
      'button',
      { type: 'button', class: 'link' },
      { click: () => this.actions.takeOffer(image, offer) },
      offerWords(offer),
    );
  }
}

/** A model with what it takes: "Download SD-Turbo (2.6 GB, about 12 s an image)". */
function offerWords({ title, bytes, seconds }: ModelOffer): string {
  const time = seconds === undefined ? undefined : t('aboutTime', formatSeconds(seconds));
  if (bytes === undefined) {
    return time === undefined ? t('drawWith', title) : t('drawWithTime', title, time);
  }
  const size = describeBytes(bytes);
  return time === undefined ? t('download', title, size) : t('downloadTime', title, size, time);
}
