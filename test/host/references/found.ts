import assert from 'node:assert/strict';
import { LANGUAGES } from '../../../src/host/languages';
import { referencesIn } from '../../../src/host/references/references';

type Language = keyof typeof LANGUAGES;

/**
 * The images that a text names, one line each: the address, the alternative text in quotes, the size with `?`
 * for a side that is not known, what else is said, and `as …` where the address is written otherwise.
 */
export function found(language: Language, text: string): string[] {
  return referencesIn(LANGUAGES[language].syntax, text).map((one) => {
    const { url, alt, width, height, kind, computed, alias, service, address } = one;
    const written = text.slice(address.start, address.end);
    return [
      url,
      ...(alt ? [`"${alt}"`] : []),
      ...(width || height ? [`${width ?? '?'}x${height ?? '?'}`] : []),
      ...(kind === 'image' ? [] : [kind]),
      ...(computed ? ['computed'] : []),
      ...(alias ? ['alias'] : []),
      ...(service ? [service.service] : []),
      ...(written === url ? [] : [`as ${written}`]),
    ].join(' ');
  });
}

/** A text, and a line for each image in it. */
export type Case = readonly [text: string, ...wanted: string[]];

/** One test for each text. */
export function finds(language: Language, cases: readonly Case[]): void {
  for (const [text, ...wanted] of cases) {
    it(text.replace(/\s+/g, ' ').slice(0, 100), () => {
      assert.deepEqual(found(language, text), wanted);
    });
  }
}
