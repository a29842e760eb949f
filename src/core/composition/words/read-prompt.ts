import { compose } from './compose';
import { items } from './items';
import { phrases } from './lexicon';
import { isPersonWord } from './people';
import type { PromptReading } from './reading';
import { isRealWord } from './real-words';
import { tokens, type Token } from './tokens';
import { translated } from './translate';
import type { Vocabulary } from './vocabulary';

const LONGEST_WORDS = 200;
const NOTHING = 'image';
/** "800 x 400", "1200×630 px". */
const PIXELS =
  /(?<![\p{L}\p{N}])(?<width>\d{2,4}) ?[x×] ?(?<height>\d{2,4})(?: ?px)?(?![\p{L}\p{N}])/iu;
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
  const words = spelled(english, vocabulary);
  const reading = compose(
    items(words, vocabulary),
    vocabulary,
    words === typed ? shortened(plain) : undefined,
  );
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

/** The same words, with misspelt ones corrected. The list itself where all are right. */
function spelled(words: readonly Token[], vocabulary: Vocabulary): readonly Token[] {
  const found = items(words, vocabulary);
  const unknown = new Set(
    found
      .filter(
        (item) =>
          item.meanings.length === 0 &&
          item.match === undefined &&
          item.colour === undefined &&
          item.quoted === undefined,
      )
      .map(({ key }) => key),
  );
  if (unknown.size === 0) return words;
  const further = [...phrases()].filter((phrase) => !phrase.includes(' ') && phrase.length > 4);
  const right = new Map<string, string>();
  for (const key of [...unknown].slice(0, 12)) {
    if (!/^[a-z]+$/.test(key) || isRealWord(key) || isPersonWord(key)) continue;
    const word = vocabulary.correct(key, further);
    if (word !== undefined) right.set(key, word);
  }
  if (right.size === 0) return words;
  return words.map((token) => {
    const word = right.get(token.key);
    return word === undefined ? token : { ...token, text: word, key: word };
  });
}
