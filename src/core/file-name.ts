import { IMAGE_FORMATS, type ImageFormat } from './image/formats';

/** Maximum characters of the prompt's part of a name. */
const MAX_SLUG = 48;
/** Maximum bytes of it in UTF-8: the number and the ending have to fit too. */
const MAX_SLUG_BYTES = 180;
/** Bytes that a name has at most on the file systems of Linux and macOS; Windows takes as many characters. */
const MAX_NAME_BYTES = 255;

/** Invisible or enclosing marks that belong to emoji and symbols, such as in `1️⃣`. */
const SYMBOL_MARKS = /[\p{Me}\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu;
/**
 * Joiners shape letters in scripts whose letters join, and are part of the spelling there (Persian, Sinhala,
 * Malayalam). Elsewhere they are dropped.
 */
const STRAY_JOINER =
  /(?<![\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Mn}\p{Mc}])[\u200c\u200d]|[\u200c\u200d](?!\p{L})/gu;
/** Half-width kana, of which two can make one letter. */
const HALF_WIDTH_KANA = /[\uff66-\uff9f]+/g;
/** A character that stands for Latin letters or digits. */
const PLAIN =
  /^[\p{Lm}\p{M}\p{P}\p{S}\s]*[\p{Script=Latin}\p{N}][\p{Script=Latin}\p{Lm}\p{M}\p{N}\p{P}\p{S}\s]*$/u;
const WORDS = /[\p{L}\p{N}][\p{L}\p{N}\p{M}\u200c\u200d]*/gu;

/**
 * Makes a part of a file name from a prompt: lower case, words joined by hyphens, in NFC. Keeps the letters,
 * marks and digits of all scripts; accents of Latin letters are removed. Never empty, never a path.
 */
function slug(prompt: string): string {
  const spelled = plainLatin(prompt).replace(SYMBOL_MARKS, '').replace(STRAY_JOINER, '');
  // Once more: what stood between a letter and its accent is gone.
  const words = plainLatin(spelled).toLowerCase().normalize('NFC').match(WORDS);
  let text = '';
  for (const word of words ?? []) {
    const next = text ? `${text}-${word}` : word;
    if (!fits(next)) break;
    text = next;
  }
  return text || cut(words?.[0] ?? '') || 'picture';
}

/**
 * A text in NFC with accents removed from Latin letters alone, and Latin letters and digits of other forms
 * (`ﬁ`, `Ａ`, `①`) as plain ones. In other scripts marks are letters: `パ` is not `ハ`, `й` is not `и`.
 */
function plainLatin(text: string): string {
  return (
    text
      // eslint-disable-next-line no-control-regex -- all that is not ASCII
      .replace(/[^\u0000-\u007f]/gu, (character) => {
        const plain = character.normalize('NFKD');
        return PLAIN.test(plain) ? plain : character;
      })
      .replace(HALF_WIDTH_KANA, (kana) => kana.normalize('NFKC'))
      .normalize('NFD')
      .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
      .normalize('NFC')
  );
}

function fits(text: string): boolean {
  return Array.from(text).length <= MAX_SLUG && byteLength(text) <= MAX_SLUG_BYTES;
}

/** The beginning of a word that fits, never a part of what is read as one letter. */
function cut(word: string): string {
  let text = '';
  for (const { segment } of new Intl.Segmenter('und').segment(word)) {
    if (!fits(text + segment)) break;
    text += segment;
  }
  return text;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

/**
 * `<slug>.<extension>`. The second and later images of a prompt get `-2`, `-3`, … Valid on every system. The
 * seed is not in the name: it is in the image's recipe.
 */
export function imageFileName(prompt: string, format: ImageFormat, copy = 1): string {
  const stem = copy === 1 ? slug(prompt) : `${slug(prompt)}-${copy}`;
  const ending = `.${IMAGE_FORMATS[format].extensions[0]}`;
  return isReserved(stem) ? `${stem}-image${ending}` : `${stem}${ending}`;
}

/** The path of image k (from 1) of several: `a.png` becomes `a-2.png`. */
export function numberedPath(path: string, k: number): string {
  const [, stem = path, ending = ''] = /^(.*?)(\.[^./\\]+)?$/s.exec(path) ?? [];
  return `${stem}-${k}${ending}`;
}

/** Devices, which Windows opens instead of a file of that name, whatever ending it has. */
function isReserved(name: string): boolean {
  const [stem = ''] = name.split('.');
  return /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])$/i.test(stem.trimEnd());
}

/** Whether every system takes a name for a file or folder. */
export function isPortableName(name: string): boolean {
  return (
    // Control characters, and characters that Windows forbids or uses for streams (`a.png:b`).
    // eslint-disable-next-line no-control-regex -- control characters must be rejected
    !/^$|[\u0000-\u001f\u007f<>:"|?*/\\]|[. ]$|\p{Surrogate}/u.test(name) &&
    !isReserved(name) &&
    byteLength(name) <= MAX_NAME_BYTES
  );
}
