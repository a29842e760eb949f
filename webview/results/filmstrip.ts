import type { Picture } from '../../src/protocol/studio';
import { h, iconButton, rove, setTabStop } from '../controls/dom';
import { t } from '../words';
import { makeDraggable } from './drag';
import type { PictureVerbs } from './picture-actions';

/** The newest results in a row; one tab stop, walked with the arrow keys. */
export class Filmstrip {
  readonly element: HTMLElement;
  private readonly list = h('ul', { class: 'film', 'aria-label': t('results') });
  private readonly none = h('p', { class: 'no-results' }, {}, t('noResults'));
  private readonly frames = new Map<string, Frame>();
  private pictures: readonly Picture[] = [];

  constructor(
    private readonly verbs: PictureVerbs,
    private readonly select: (picture: Picture) => void,
  ) {
    this.element = h('section', { class: 'filmstrip', 'aria-label': t('results') }, {}, this.none, this.list); // prettier-ignore
    rove(this.list, '.thumb');
    this.list.addEventListener('wheel', (event) => {
      // A mouse wheel turns one way only; the strip runs the other.
      if (event.deltaX === 0) this.list.scrollLeft += event.deltaY;
    });
  }

  show(pictures: readonly Picture[], selected: string | undefined, target: string | undefined) {
    const newest = pictures[0];
    const came = newest && newest.id !== this.pictures[0]?.id && this.pictures.length > 0;
    this.pictures = pictures;
    const ids = new Set(pictures.map(({ id }) => id));
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
    pictures.forEach((picture, index) => {
      let frame = this.frames.get(picture.id);
      if (!frame) this.frames.set(picture.id, (frame = new Frame(this.verbs, this.select)));
      frame.show(picture, picture.id === selected, target);
      if (this.list.children[index] !== frame.element) {
        this.list.insertBefore(frame.element, this.list.children[index] ?? null);
      }
    });
    const thumbs = [...this.list.querySelectorAll<HTMLElement>('.thumb')];
    const current = thumbs.find((thumb) => thumb.getAttribute('aria-current') === 'true');
    if (!this.list.contains(document.activeElement)) setTabStop(thumbs, current ?? thumbs[0]);
    this.none.hidden = pictures.length > 0;
    this.list.hidden = pictures.length === 0;
    if (came) this.list.scrollLeft = 0;
  }
}

class Frame {
  readonly element: HTMLLIElement;
  private readonly image = h('img', { alt: '', loading: 'lazy' });
  private readonly thumb: HTMLButtonElement;
  private readonly insert: HTMLButtonElement;
  private picture: Picture | undefined;

  constructor(verbs: PictureVerbs, select: (picture: Picture) => void) {
    const run = (verb: (picture: Picture) => void) => () => this.picture && verb(this.picture);
    this.thumb = h(
      'button',
      { type: 'button', class: 'thumb' },
      { click: run(select) },
      this.image,
    );
    this.thumb.addEventListener('keydown', (event) => {
      if (event.key === 'Delete') run(verbs.remove)();
    });
    this.insert = iconButton({ name: 'insert', label: t('insert'), onClick: run(verbs.insert) });
    const sketch = iconButton({ name: 'wand', label: t('useAsSketch'), onClick: run(verbs.useAsSketch) }); // prettier-ignore
    const remove = iconButton({ name: 'trash', label: t('remove'), onClick: run(verbs.remove) });
    // These repeat the actions under the stage for the mouse; the keyboard has one stop per picture.
    for (const button of [this.insert, sketch, remove]) button.tabIndex = -1;
    const quick = h('div', { class: 'quick' }, {}, this.insert, sketch, remove);
    this.element = h('li', { class: 'frame' }, {}, this.thumb, quick);
    makeDraggable(this.thumb, () => this.picture);
  }

  show(picture: Picture, selected: boolean, target: string | undefined): void {
    this.picture = picture;
    if (this.image.getAttribute('src') !== picture.src) this.image.src = picture.src;
    const seed = picture.request ? t('seedOf', picture.request.seed) : '';
    const name = [titleOf(picture), seed].filter(Boolean).join(', ');
    this.thumb.setAttribute('aria-label', name);
    this.thumb.title = `${name}\n${t('dragHelp')}`;
    this.thumb.setAttribute('aria-current', String(selected));
    this.thumb.dataset.picture = picture.name;
    const label = target ? t('insertInto', target) : t('insertNowhere');
    this.insert.title = label;
    this.insert.setAttribute('aria-label', label);
    this.insert.setAttribute('aria-disabled', String(!target));
  }
}

/** The prompt; pictures drawn from a sketch alone have none. */
export function titleOf({ request, name }: Picture): string {
  const prompt = request?.prompt ?? '';
  return prompt === '' ? name : prompt;
}
