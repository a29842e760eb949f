import type { StudioImage } from '../../src/protocol/studio';
import { h } from '../controls/dom';
import { formatSeconds, t } from '../l10n';

/** Says under an image that an endpoint drew where that was, how long it took, and what it cost where that is told. */
export class PlaceLine {
  readonly element = h('p', { class: 'place-line', hidden: true });

  show(image: StudioImage | undefined): void {
    const text = image?.elsewhere ? describe(image.elsewhere) : '';
    this.element.hidden = text === '';
    if (this.element.textContent !== text) this.element.textContent = text;
  }
}

function describe({
  host,
  seconds,
  computed,
  cost,
  images,
}: NonNullable<StudioImage['elsewhere']>): string {
  const time = formatSeconds(seconds);
  const parts = [
    images > 1 ? t('drawnManyOn', images, host, time) : t('drawnOn', host, time),
    computed === undefined ? '' : t('computedIn', formatSeconds(computed)),
    cost === undefined ? '' : t('costs', cost),
  ];
  return parts.filter(Boolean).join(' · ');
}
