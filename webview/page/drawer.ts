import { h, icon } from '../controls/dom';
import { t } from '../l10n';

/** A page that is lower than this, in pixels, has no room for the settings and an image. */
const LOW = '(max-height: 559px)';

/** The settings of a narrow page: a drawer over the results, with the button that opens it. */
export class Drawer {
  readonly button: HTMLButtonElement;
  private isOpen = false;

  /**
   * @param settings what the drawer shows
   * @param page gets the class `drawer-open`
   */
  constructor(
    private readonly settings: HTMLElement,
    private readonly page: () => HTMLElement,
  ) {
    this.button = h(
      'button',
      {
        type: 'button',
        class: 'more-button',
        title: t('moreHelp'),
        'aria-expanded': 'false',
        'aria-controls': settings.id,
      },
      { click: () => this.set(!this.isOpen) },
      icon('settings'),
      h('span', {}, {}, t('more')),
    );
    settings.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || event.defaultPrevented || !this.isOpen) return;
      event.preventDefault();
      event.stopPropagation();
      this.set(false);
      this.button.focus();
    });
  }

  /** Shows the results that it lies over. */
  close(): void {
    this.set(false);
  }

  /** Makes room for the image on a low page. */
  makeRoom(): void {
    if (matchMedia(LOW).matches) this.set(false);
  }

  private set(open: boolean): void {
    this.isOpen = open;
    this.button.setAttribute('aria-expanded', String(open));
    this.page().classList.toggle('drawer-open', open);
    if (open) this.settings.scrollTop = 0;
  }
}
