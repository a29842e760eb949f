import { h, icon, newId } from '../controls/dom';
import { Popup } from '../controls/popup';
import { t } from '../l10n';
import { fillGroundMenu, paletteSwatches } from './ground-menu';
import { GroundSwatch } from './ground-swatch';
import { groundChoice, groundValue } from '../state/parts';
import { groundWords } from '../state/part-words';

export interface GroundFieldActions {
  /** @param ground a value of a request's field `ground` */
  readonly choose: (ground: string) => void;
  /** Opens the setting of the brand's colours. */
  readonly choosePalette: () => void;
}

/** What lies behind the subjects of every image, as a drop-down of small drawings, and the brand's colours. */
export class GroundField {
  readonly element: HTMLElement;
  private readonly swatch = new GroundSwatch();
  private readonly text = h('span', { class: 'ground-text' });
  private readonly palette = h('button', { type: 'button', class: 'link palette-link' });
  private readonly popup: Popup;
  private shown: { readonly ground: string; readonly colours: readonly string[] } | undefined;

  constructor(actions: GroundFieldActions) {
    this.popup = new Popup({
      label: t('ground.label'),
      class: 'select ground-button',
      fill: (panel) => {
        const { ground = 'auto', colours = [] } = this.shown ?? {};
        return fillGroundMenu(panel, {
          value: groundValue(ground),
          palette: colours,
          isWhole: false,
          choose: (value) => actions.choose(groundChoice(value)),
        });
      },
    });
    const { button } = this.popup;
    button.append(this.swatch.element, this.text, icon('chevron-down'));
    button.id = newId('ground');
    this.palette.addEventListener('click', actions.choosePalette);
    this.element = h(
      'div',
      { class: 'field' },
      {},
      h('label', { for: button.id }, {}, t('ground.label')),
      this.popup.element,
      this.palette,
    );
  }

  show(ground: string, colours: readonly string[]): void {
    const key = JSON.stringify({ ground, colours });
    if (key === JSON.stringify(this.shown)) return;
    this.shown = { ground, colours };
    const value = groundValue(ground);
    this.swatch.show(value, colours);
    const words = groundWords(value);
    this.text.textContent = words;
    this.popup.button.setAttribute('aria-label', t('partIs', t('ground.label'), words));
    this.palette.replaceChildren(
      h('span', {}, {}, t('paletteLink')),
      ...(colours.length > 0 ? [paletteSwatches(colours)] : []),
    );
    this.palette.title = t('paletteHelp');
  }
}
