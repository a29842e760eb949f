import { LONGEST_WORDS } from '../composition';
import { findSign } from '../vectors/find';
import { compose } from './compose';
import { isUnknown } from './groups';
import { items, type Item } from './items';
import { phrases } from './lexicon';
import { isPersonWord } from './persons';
import type { PromptReading } from './reading';
import { isRealWord } from './real-words';
import { isFileName, tokens, type Token } from './tokens';
import { translated } from './translate';
import type { Vocabulary } from './vocabulary';

const NOTHING = 'image';
/** "800 x 400", "1200×630 px". */
const PIXELS =
  /(?<![\p{L}\p{N}])(?<width>\d{2,4}) ?[x×] ?(?<height>\d{2,4})(?: ?px)?(?![\p{L}\p{N}])/iu;
/** Unknown words of a prompt that are looked up in what could have been meant. */
const MOST_CORRECTED = 12;
const SMALLEST = 16;
const LARGEST = 4096;

/**
 * Reads a prompt, the title of an image or the name of a file into the parts of an image. English, German,
 * French, Spanish and Chinese words are understood, misspelt ones too where it is clear what was meant. A plain
 * thing ("a red apple") is read as the same words. Never throws.
 */
export function readPrompt(prompt: string, vocabulary: Vocabulary): PromptReading {
  const [plain, size] = withoutSize(prompt.replace(/\s+/g, ' ').trim());
  const typed = tokens(plain);
  if (typed.length === 0) {
    return {
      composition: {
        kind: 'thing',
        subjects: [{ words: shortened(plain) || NOTHING, source: 'model', count: 1 }],
      },
      colours: [],
      unread: plain === '' ? [] : [shortened(plain)],
    };
  }
  const english = translated(typed, vocabulary);
  const found = spelled(english, vocabulary);
  const isPlain = english === typed && found.isTyped && !isFileName(plain);
  const reading = compose(found.items, vocabulary, isPlain ? shortened(plain) : undefined);
  return size === undefined ? reading : { ...reading, size };
}

/** A prompt without the pixels that it names, and those. */
function withoutSize(prompt: string): [string, PromptReading['size']] {
  const match = PIXELS.exec(prompt);
  const size = { width: Number(match?.groups?.width), height: Number(match?.groups?.height) };
  if (
    match === null ||
    Math.min(size.width, size.height) < SMALLEST ||
    Math.max(size.width, size.height) > LARGEST
  ) {
    return [prompt, undefined];
  }
  const rest = prompt.replace(PIXELS, ' ').replace(/\s+/g, ' ').trim();
  return [rest.replace(/^, ?/, '').replace(/ ?,$/, ''), size];
}

function shortened(text: string): string {
  if (text.length <= LONGEST_WORDS) return text;
  const cut = text.slice(0, LONGEST_WORDS);
  const space = cut.lastIndexOf(' ');
  return (space > 0 ? cut.slice(0, space) : cut).trim();
}

/** What the words mean, with misspelt ones corrected. */
function spelled(
  words: readonly Token[],
  vocabulary: Vocabulary,
): { readonly items: readonly Item[]; readonly isTyped: boolean } {
  const found = items(words, vocabulary);
  const unknown = new Set(found.filter(isUnknown).map(({ key }) => key));
  const right = new Map<string, string>();
  // The name of a company is none: "Globex logo".
  const names = new Set(
    words.some(({ key }) => key === 'logo')
      ? words.flatMap(({ text, key }) => (/^\p{Lu}/u.test(text) ? key : []))
      : [],
  );
  for (const key of [...unknown].slice(0, MOST_CORRECTED)) {
    if (!/^[a-z]+$/.test(key) || isRealWord(key) || isPersonWord(key) || names.has(key)) continue;
    if (findSign(key) !== undefined) continue;
    const word = vocabulary.correct(key, singleWords());
    if (word !== undefined) right.set(key, word);
  }
  if (right.size === 0) return { items: found, isTyped: true };
  const corrected = words.map((token) => {
    const word = right.get(token.key);
    return word === undefined ? token : { ...token, text: word, key: word };
  });
  return { items: items(corrected, vocabulary), isTyped: false };
}

let known: readonly string[] | undefined;

/** The words of the tables that a misspelt word can be, besides those of the vocabulary. */
function singleWords(): readonly string[] {
  known ??= [...phrases()].filter((phrase) => !phrase.includes(' ') && phrase.length > 4);
  return known;
}
