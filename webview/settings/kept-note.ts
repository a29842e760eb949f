import type { Kept } from '../state/form';
import { h, iconButton } from '../controls/dom';
import { t } from '../l10n';

/** Lists the settings of a restored recipe that have no control, with a button that removes them. */
export function keptNote(drop: () => void) {
  const text = h('span');
  const element = h(
    'p',
    { class: 'kept', hidden: true },
    {},
    text,
    iconButton({ name: 'close', label: t('dropKept'), onClick: drop }),
  );
  return {
    element,
    show(kept: Kept | undefined): void {
      element.hidden = kept === undefined;
      if (kept) text.textContent = t('alsoKept', describe(kept));
    },
  };
}

/** Field names with their values. Of a path, only the file name. */
function describe(kept: Kept): string {
  const short = (value: unknown): string => {
    if (value === true) return '';
    if (typeof value === 'string') return value.split(/[\\/]/).at(-1) ?? value;
    if (typeof value !== 'object' || value === null) return String(value);
    return Object.values(value)
      .map((part) => short(part))
      .join(' ');
  };
  return Object.entries(kept)
    .map(([name, value]) => `${name} ${short(value)}`.trim())
    .join(', ');
}
