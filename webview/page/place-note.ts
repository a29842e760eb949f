import { h, icon } from '../controls/dom';
import type { Elsewhere } from '../state/elsewhere';
import { t } from '../l10n';

/** Says all the time where images are drawn, while it is not this machine. */
export function placeNote() {
  const text = h('span', { class: 'place-text' });
  const element = h('span', { class: 'place', hidden: true }, {}, icon('globe'), text);
  let shown = '';
  return {
    element,
    show(elsewhere: Elsewhere | undefined): void {
      element.hidden = !elsewhere;
      if (!elsewhere) {
        shown = '';
        return;
      }
      const { name, host, isLoopback, trouble = '' } = elsewhere.endpoint;
      const key = JSON.stringify([name, host, isLoopback, trouble]);
      if (key === shown) return;
      shown = key;
      element.classList.toggle('troubled', trouble !== '');
      element.replaceChildren(icon(trouble ? 'warning' : isLoopback ? 'server' : 'globe'), text);
      text.textContent = t(trouble ? 'endpointSilentAt' : 'runsOn', host);
      const why = isLoopback ? t('runsOnLoopback', name) : t('runsOnOther', name, host);
      element.title = [why, trouble].filter(Boolean).join(' ');
      element.setAttribute('aria-description', element.title);
    },
  };
}
