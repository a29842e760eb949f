import type { StudioStringKey, StudioStrings } from '../src/protocol/studio-strings';

let table: Partial<StudioStrings> = {};
let language = 'en';

/** Takes the words that the host sent with the page. */
export function setWords(strings: StudioStrings, locale: string): void {
  table = strings;
  language = locale;
}

/** The words for a key, with `{0}`, `{1}` filled in. */
export function t(key: StudioStringKey, ...values: (string | number)[]): string {
  const text = table[key] ?? key;
  return text.replace(/\{(\d)\}/g, (whole, index: string) =>
    String(values[Number(index)] ?? whole),
  );
}

/** A number as the person's language writes it. */
export function formatNumber(value: number, digits = 0): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
}

/** Seconds in words, no more exact than an estimate is. */
export function formatSeconds(seconds: number): string {
  if (seconds < 1) return t('underASecond');
  if (seconds < 10) return t('seconds', formatNumber(Math.round(seconds)));
  if (seconds < 90) return t('seconds', formatNumber(Math.round(seconds / 5) * 5));
  const minutes = seconds / 60;
  return t(
    'minutes',
    formatNumber(minutes < 10 ? Math.round(minutes * 2) / 2 : Math.round(minutes), 1),
  );
}
