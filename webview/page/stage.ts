import { h, newId } from '../controls/dom';
import { t } from '../l10n';
import type { View } from '../state/view';

const TABS = ['sketch', 'result'] as const;

/** Two tabs: the sketch and the results. */
export class Stage {
  readonly element: HTMLElement;
  private readonly tabs: Readonly<Record<View['tab'], HTMLButtonElement>>;
  private readonly panels: Readonly<Record<View['tab'], HTMLElement>>;

  constructor(
    sketch: HTMLElement,
    results: readonly HTMLElement[],
    onTab: (tab: View['tab']) => void,
  ) {
    const makeTab = (tab: View['tab']) =>
      h(
        'button',
        { type: 'button', role: 'tab', id: newId('tab') },
        { click: () => onTab(tab) },
        t(tab),
      );
    this.tabs = { sketch: makeTab('sketch'), result: makeTab('result') };
    const makePanel = (tab: View['tab'], children: readonly HTMLElement[]) =>
      h(
        'div',
        {
          role: 'tabpanel',
          class: `panel panel-${tab}`,
          id: newId('panel'),
          'aria-labelledby': this.tabs[tab].id,
        },
        {},
        ...children,
      );
    this.panels = {
      sketch: makePanel('sketch', [sketch]),
      result: makePanel('result', results),
    };
    for (const tab of TABS) this.tabs[tab].setAttribute('aria-controls', this.panels[tab].id);
    const list = h(
      'div',
      { class: 'tabs', role: 'tablist', 'aria-label': t('stage') },
      {
        keydown: (event) => {
          if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
          const other = event.target === this.tabs.sketch ? 'result' : 'sketch';
          onTab(other);
          this.tabs[other].focus();
        },
      },
      this.tabs.sketch,
      this.tabs.result,
    );
    this.element = h(
      'section',
      { class: 'stage', 'aria-label': t('stage') },
      {},
      h('header', { class: 'stage-head' }, {}, list),
      this.panels.sketch,
      this.panels.result,
    );
  }

  show(current: View['tab'], busy: boolean): void {
    for (const tab of TABS) {
      const selected = tab === current;
      this.tabs[tab].setAttribute('aria-selected', String(selected));
      this.tabs[tab].tabIndex = selected ? 0 : -1;
      this.panels[tab].hidden = !selected;
    }
    this.tabs.result.classList.toggle('busy', busy);
  }
}
