import { h, hasFocusWithin, iconButton } from '../controls/dom';
import { t } from '../l10n';
import type { GalleryFilter } from '../state/gallery-filter';

export interface GalleryToolActions {
  /** The filter has changed. */
  readonly changed: () => void;
  readonly undoRemove: () => void;
}

/** Beside the thumbnails: search, favourites only, and bringing back what was deleted. */
export class GalleryTools {
  readonly element: HTMLElement;
  private readonly input = h('input', {
    type: 'search',
    class: 'gallery-search',
    placeholder: t('searchHint'),
    'aria-label': t('searchResults'),
    hidden: true,
  });
  private readonly count = h('span', { class: 'visually-hidden', role: 'status' });
  private readonly search: HTMLButtonElement;
  private readonly favourites: HTMLButtonElement;
  private readonly undo: HTMLButtonElement;

  constructor(private readonly actions: GalleryToolActions) {
    this.search = iconButton({
      name: 'search',
      label: t('searchResults'),
      onClick: () => this.openSearch(this.input.hidden !== false),
    });
    this.search.setAttribute('aria-expanded', 'false');
    this.favourites = iconButton({
      name: 'star-empty',
      label: t('onlyFavourites'),
      onClick: () => {
        this.favourites.setAttribute('aria-pressed', String(!this.filter.onlyFavourites));
        actions.changed();
      },
    });
    this.favourites.setAttribute('aria-pressed', 'false');
    this.undo = iconButton({ name: 'discard', label: '', onClick: actions.undoRemove });
    this.undo.hidden = true;
    this.input.addEventListener('input', actions.changed);
    this.input.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      // Not the drawing that is running.
      event.preventDefault();
      event.stopPropagation();
      this.openSearch(false);
      this.search.focus();
    });
    this.element = h(
      'div',
      { class: 'gallery-tools', role: 'group', 'aria-label': t('resultTools') },
      {},
      h('div', { class: 'gallery-buttons' }, {}, this.search, this.favourites, this.undo),
      this.input,
      this.count,
    );
  }

  get filter(): GalleryFilter {
    return {
      text: this.input.value,
      onlyFavourites: this.favourites.getAttribute('aria-pressed') === 'true',
    };
  }

  /** Whether an image can be brought back. */
  get canUndo(): boolean {
    return !this.undo.hidden;
  }

  /**
   * @param all how many images there are
   * @param found how many of them the filter leaves
   * @param removed the name of the image that can be brought back
   */
  show(all: number, found: number, removed: string | null): void {
    const { text, onlyFavourites } = this.filter;
    this.search.hidden = this.favourites.hidden = all === 0;
    const isFiltered = text.trim() !== '' || onlyFavourites;
    const told = isFiltered ? t('found', found, all) : '';
    if (this.count.textContent !== told) this.count.textContent = told;
    const hadFocus = hasFocusWithin(this.undo);
    this.undo.hidden = removed === null;
    if (hadFocus && this.undo.hidden) this.search.focus();
    if (removed === null) return;
    this.undo.title = t('undoRemove', removed);
    this.undo.setAttribute('aria-label', this.undo.title);
  }

  private openSearch(open: boolean): void {
    this.input.hidden = !open;
    this.search.setAttribute('aria-expanded', String(open));
    if (open) {
      this.input.focus();
      return;
    }
    if (this.input.value === '') return;
    this.input.value = '';
    this.actions.changed();
  }
}
