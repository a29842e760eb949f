import type { StudioStringKey, StudioStrings } from '../src/protocol/studio-strings';

let strings: Partial<StudioStrings> = {};
let language = 'en';

/**
 * Sets the page's texts.
 * @param locale a BCP 47 tag, for numbers
 */
export function setLanguage(translated: StudioStrings, locale: string): void {
  strings = translated;
  language = locale;
}

/** The text for a key. `{0}`, `{1}` are replaced by the values. */
export function t(key: StudioStringKey, ...values: (string | number)[]): string {
  const text = strings[key] ?? key;
  return text.replace(/\{(\d)\}/g, (whole, index: string) =>
    String(values[Number(index)] ?? whole),
  );
}

/** A number in the user's language. */
function formatNumber(value: number, digits = 0): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
}

/** A duration as a text, rounded as coarsely as an estimate is. */
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

/** An estimate of seconds as a text. */
export function aboutSeconds(seconds: number): string {
  const time = formatSeconds(seconds);
  return seconds < 1 ? time : t('aboutTime', time);
}
