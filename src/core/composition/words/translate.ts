import data from './translations.json';
import { isRealWord } from './real-words';
import { fold, listed } from './spelling';
import { meanings, phrases } from './lexicon';
import { ADJECTIVE_AFTER, LANGUAGES, WORDS_OF, type Language } from './table/languages';
import { colourOfWords } from '../colours';
import { tokens, type Token } from './tokens';
import type { Vocabulary } from './vocabulary';

/** Names of the things in other languages, in the order of the vocabulary; alternatives separated by `|`. */
type Names = Readonly<Record<Language, readonly string[]>>;

const LONGEST_PHRASE = 6;
const LONGEST_CHINESE = 8;
const HAN = /\p{Script=Han}/u;
const WORDS_ALIKE = 3;

/** For each language, English words by folded phrase. */
type Lexicon = ReadonlyMap<string, string>;
const lexicons = new WeakMap<Vocabulary, ReadonlyMap<Language, Lexicon>>();

function lexiconsOf(vocabulary: Vocabulary): ReadonlyMap<Language, Lexicon> {
  const made = lexicons.get(vocabulary);
  if (made !== undefined) return made;
  const fresh = new Map(LANGUAGES.map((language) => [language, lexicon(language, vocabulary)]));
  lexicons.set(vocabulary, fresh);
  return fresh;
}

let phraseWords: ReadonlySet<string> | undefined;

/** The words of the English phrases of the tables: "contour" of "contour lines". */
function englishInPhrases(): ReadonlySet<string> {
  return (phraseWords ??= new Set([...phrases()].flatMap((phrase) => phrase.split(' '))));
}

let allWords: Lexicon | undefined;

/** The words of the tables of all languages. */
function tableWords(): Lexicon {
  return (allWords ??= new Map(LANGUAGES.flatMap((language) => [...entriesOf(language)])));
}

function lexicon(language: Language, vocabulary: Vocabulary): Lexicon {
  const map = entriesOf(language);
  for (const [at, names] of (data as Names)[language].entries()) {
    const thing = vocabulary.things[at];
    if (thing === undefined) break;
    for (const name of listed(names)) {
      const key = fold(name);
      if (!map.has(key)) map.set(key, thing);
    }
  }
  return map;
}

/** The words of a language that are in its table. */
function entriesOf(language: Language): Map<string, string> {
  const map = new Map<string, string>();
  for (const entry of WORDS_OF[language].split(';')) {
    const [left = '', right = ''] = entry.split('=');
    for (const phrase of left.split(',')) {
      const key = fold(phrase.replace(/['’]/g, ' '));
      if (key !== '' && !map.has(key)) map.set(key, right.trim());
    }
  }
  return map;
}

/**
 * The words in English, word by word. The language is the one that knows the most of the words; English where
 * it knows as many. The list itself where the words are English or of no known language.
 */
export function translated(words: readonly Token[], vocabulary: Vocabulary): readonly Token[] {
  if (words.some(({ key }) => HAN.test(key))) {
    return chinese(words, lexiconsOf(vocabulary).get('zh')!);
  }
  const split = words.flatMap(elided);
  const english = split.filter(
    ({ key }) => /\p{L}/u.test(key) && isEnglish(key, vocabulary),
  ).length;
  // No language knows more than all words. Its lexicons take longer to make than the prompt to read.
  if (english === split.length) return withForeign(words, vocabulary);
  const known = lexiconsOf(vocabulary);
  let [best, most]: [Language | undefined, number] = [undefined, english];
  for (const language of LANGUAGES) {
    const count = language === 'zh' ? 0 : knownWords(split, known.get(language)!);
    if (count > most) [best, most] = [language, count];
  }
  if (best !== undefined) return byPhrase(split, known.get(best)!, ADJECTIVE_AFTER.includes(best));
  return withForeign(words, vocabulary);
}

/** English words with a word for an image of another language among them: "Team Foto". */
function withForeign(words: readonly Token[], vocabulary: Vocabulary): readonly Token[] {
  const englishOf = ({ key }: Token): string | undefined => {
    if (key.length < WORDS_ALIKE || isEnglish(key, vocabulary) || isRealWord(key)) return undefined;
    if (englishInPhrases().has(key)) return undefined;
    const english = tableWords().get(key) ?? '';
    const isImage = meanings(english).some(({ is }) => is === 'kind' || is === 'portrait');
    return english !== '' && (isImage || isElseKnown(key)) ? english : undefined;
  };
  /** "Einstellungen icon": all other words are English. */
  const isElseKnown = (key: string): boolean =>
    words.length > 1 && words.every((one) => one.key === key || isEnglish(one.key, vocabulary));
  if (words.every((token) => englishOf(token) === undefined)) return words;
  return words.flatMap((token) => {
    const english = englishOf(token);
    return english === undefined ? [token] : englishTokens(english, token.clause);
  });
}

function isEnglish(key: string, vocabulary: Vocabulary): boolean {
  return (
    /^[^\p{L}]*$/u.test(key) ||
    meanings(key).length > 0 ||
    vocabulary.knows(key) ||
    colourOfWords(key) !== undefined
  );
}

/** "l'île" as "l" and "île". */
function elided(token: Token): Token[] {
  const match = /^(l|d|qu|n|s)['’](.+)$/iu.exec(token.text);
  if (match === null) return [token];
  return [match[1]!, match[2]!].map((text) => ({ text, key: fold(text), clause: token.clause }));
}

function knownWords(words: readonly Token[], known: Lexicon): number {
  let count = 0;
  for (let at = 0; at < words.length;) {
    const taken = phraseAt(words, at, known)?.taken ?? 0;
    count += taken;
    at += Math.max(1, taken);
  }
  return count;
}

function phraseAt(
  words: readonly Token[],
  at: number,
  known: Lexicon,
): { readonly taken: number; readonly english: string } | undefined {
  for (let length = LONGEST_PHRASE; length > 0; length -= 1) {
    const taken = words.slice(at, at + length);
    if (taken.length < length || taken.at(-1)!.clause !== words[at]!.clause) continue;
    const english = known.get(taken.map(({ key }) => key).join(' '));
    if (english !== undefined) return { taken: length, english };
  }
  const stem = inflected(words[at]!.key).find((one) => known.has(one));
  return stem === undefined ? undefined : { taken: 1, english: known.get(stem)! };
}

/** What a word of German, French or Spanish can be a form of. */
function inflected(word: string): string[] {
  const endings = ['en', 'er', 'es', 'em', 'e', 'n', 's', 'x'];
  const stems = endings.filter(
    (ending) => word.endsWith(ending) && word.length - ending.length > WORDS_ALIKE,
  );
  return stems
    .map((ending) => word.slice(0, -ending.length))
    .filter((stem) => !word.endsWith('x') || stem.endsWith('u'));
}

function byPhrase(words: readonly Token[], known: Lexicon, adjectiveAfter: boolean): Token[] {
  const found: Token[][] = [];
  for (let at = 0; at < words.length;) {
    const phrase = phraseAt(words, at, known);
    const token = words[at]!;
    found.push(phrase === undefined ? [token] : englishTokens(phrase.english, token.clause));
    at += phrase?.taken ?? 1;
  }
  return adjectiveAfter ? colourFirst(found).flat() : found.flat();
}

function englishTokens(english: string, clause: number): Token[] {
  return tokens(english.includes(' ') ? english : `${english} `).map((token) => ({
    ...token,
    clause,
  }));
}

/** "apple red" as "red apple". */
function colourFirst(parts: readonly (readonly Token[])[]): (readonly Token[])[] {
  const found: (readonly Token[])[] = [];
  for (const part of parts) {
    const words = part.map(({ key }) => key).join(' ');
    const before = found.at(-1);
    const isColour =
      colourOfWords(words) !== undefined ||
      /^(?:dark|light|abstract|wavy|geometric|seamless)$/.test(words);
    const isNoun =
      before?.[0] !== undefined &&
      before[0].clause === part[0]?.clause &&
      isNounLike(before.map(({ key }) => key).join(' '));
    if (isColour && isNoun) found.splice(-1, 0, part);
    else found.push(part);
  }
  return found;
}

function isNounLike(words: string): boolean {
  return (
    colourOfWords(words) === undefined &&
    !meanings(words).some(
      ({ is }) => is === 'relation' || is === 'article' || is === 'count' || is === 'action',
    )
  );
}

/** Chinese has no spaces between words: at each place the longest word that is known. */
function chinese(words: readonly Token[], known: Lexicon): Token[] {
  return words.flatMap((token) => {
    if (!HAN.test(token.key)) return [token];
    const letters = Array.from(token.key);
    const found: Token[] = [];
    let unknown = '';
    const flush = (): void => {
      if (unknown !== '') found.push({ text: unknown, key: unknown, clause: token.clause });
      unknown = '';
    };
    for (let at = 0; at < letters.length;) {
      let length = Math.min(LONGEST_CHINESE, letters.length - at);
      while (length > 0 && !known.has(letters.slice(at, at + length).join(''))) length -= 1;
      if (length === 0) unknown += letters[at]!;
      else {
        flush();
        found.push(
          ...englishTokens(known.get(letters.slice(at, at + length).join(''))!, token.clause),
        );
      }
      at += Math.max(1, length);
    }
    flush();
    return found;
  });
}
