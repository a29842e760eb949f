import data from '../../../../models/starter/things.json';
import { corrected, fold, listed, plural, singulars, unlikeness } from './spelling';
import { SYNONYMS } from './table/subjects';

/** A thing that the starter model was taught, as models/starter/things.json has it: lists separated by `|`. */
export interface ThingEntry {
  /** What people call it; the first is the usual word. */
  readonly names: string;
  /** Kinds of it, and other words for it that the model knows less well. */
  readonly kinds?: string;
  /** What it stands for in an icon. */
  readonly meanings?: string;
  readonly emoji?: string;
}

/** How a phrase means a thing: as its name, as a kind of it, or as what it stands for. */
export type Sense = 'name' | 'kind' | 'meaning';

export interface Match {
  /** The usual word of the thing. */
  readonly thing: string;
  /** The name as it is in the vocabulary, in the singular where the phrase was a plural. */
  readonly name: string;
  readonly sense: Sense;
  readonly plural: boolean;
}

export interface Completion {
  /** The whole prompt with the last thing completed. */
  readonly text: string;
  /** The usual word of the thing. */
  readonly thing: string;
  /** Its place in models/starter/things.webp, 36 to a row. */
  readonly index: number;
}

const SENSES: readonly Sense[] = ['name', 'kind', 'meaning'];
const LONGEST_PHRASE = 6;
/** Offered before anything is typed. */
const FIRST = [
  'space ship',
  'coffee',
  'cat',
  'apple',
  'robot',
  'light bulb',
  'shopping cart',
  'tree',
  'home',
  'trophy',
  'plane',
  'lock',
];

/** The things that a model can draw, and what people call them. All look-ups take words in any case. */
export class Vocabulary {
  /** The usual words of the things, in the order of models/starter/things.webp. */
  readonly things: readonly string[];
  private readonly index = new Map<string, number>();
  private readonly phrases = new Map<string, { thing: string; name: string; sense: Sense }>();
  private readonly words = new Set<string>();

  constructor(entries: readonly ThingEntry[], synonyms: Readonly<Record<string, string>> = {}) {
    this.things = entries.map((entry) => listed(entry.names)[0]!);
    for (const [at, thing] of this.things.entries()) this.index.set(thing, at);
    for (const entry of entries) this.addAll(listed(entry.names)[0]!, listed(entry.names), 'name');
    for (const [thing, words] of Object.entries(synonyms)) {
      if (this.index.has(thing)) this.addAll(thing, listed(words), 'kind');
    }
    for (const entry of entries)
      this.addAll(listed(entry.names)[0]!, listed(entry.kinds ?? ''), 'kind');
    for (const entry of entries)
      this.addAll(listed(entry.names)[0]!, listed(entry.meanings ?? ''), 'meaning');
    for (const entry of entries)
      this.addAll(listed(entry.names)[0]!, listed(entry.emoji ?? ''), 'kind');
    for (const [phrase, { sense }] of this.phrases) {
      if (sense !== 'meaning') for (const word of phrase.split(' ')) this.words.add(word);
    }
  }

  private addAll(thing: string, words: readonly string[], sense: Sense): void {
    for (const word of words) {
      const key = fold(word);
      // A plural of what is known stays a plural: "palm trees" are several palms.
      const known =
        sense === 'kind' && singulars(key).some((one) => this.phrases.get(one)?.thing === thing);
      if (!known && !this.phrases.has(key)) this.phrases.set(key, { thing, name: word, sense });
    }
  }

  /** Whether a word is known, alone or as a part of a name. */
  knows(word: string): boolean {
    const key = fold(word);
    return this.words.has(key) || this.lookUp(key) !== undefined;
  }

  /** What exactly these words mean, without an article; a plural means its singular. */
  lookUp(words: string): Match | undefined {
    const key = fold(words);
    const exact = this.phrases.get(key);
    if (exact !== undefined) return { ...exact, plural: false };
    for (const one of singulars(key)) {
      const found = this.phrases.get(one);
      if (found !== undefined) return { ...found, plural: true };
    }
    const many = this.phrases.get(`${key}s`);
    return many === undefined || key.length < 4 || key === 'short'
      ? undefined
      : { ...many, plural: false };
  }

  /** The usual word of the thing that a phrase means ("a red sneaker": "shoe"), or undefined. */
  knownThing(words: string): string | undefined {
    const [clause = ''] = words.split(/[,;]/, 1);
    const parts = fold(clause).split(' ').slice(-LONGEST_PHRASE);
    for (let from = 0; from < parts.length; from += 1) {
      const match = this.lookUp(parts.slice(from).join(' '));
      if (match !== undefined) return match.thing;
    }
    return undefined;
  }

  /** The things whose words are most like these, the nearest first, by shared words and by spelling. */
  nearestThings(words: string, count: number): string[] {
    const key = fold(words).slice(0, 200);
    const parts = key.split(' ').filter((part) => part.length > 2);
    const found = new Map<string, number>();
    for (const [phrase, { thing, sense }] of this.phrases) {
      const away = this.away(key, parts, phrase) + SENSES.indexOf(sense) * 0.1;
      if (away < (found.get(thing) ?? Infinity)) found.set(thing, away);
    }
    return [...found]
      .sort(([, a], [, b]) => a - b)
      .slice(0, count)
      .map(([thing]) => thing);
  }

  private away(key: string, parts: readonly string[], phrase: string): number {
    const whole = unlikeness(key, phrase) / Math.max(key.length, phrase.length);
    if (parts.length === 0) return whole;
    const others = phrase.split(' ');
    let least = 1;
    for (const part of parts) {
      for (const other of others) {
        if (Math.abs(part.length - other.length) > 4) continue;
        least = Math.min(least, unlikeness(part, other) / Math.max(part.length, other.length));
      }
    }
    return Math.min(whole, least + 0.06 * others.length);
  }

  /** The known word that a misspelt one was meant to be, or undefined. Words that are known stay. */
  correct(word: string, further: Iterable<string> = []): string | undefined {
    const key = fold(word);
    if (this.words.has(key) || this.lookUp(key) !== undefined) return undefined;
    return corrected(key, [...this.words, ...further]);
  }

  /** Prompts that begin as the text does and end with a thing, the shortest names first. */
  completions(text: string, count: number): Completion[] {
    const typed = text.slice(-200);
    if (typed.trim() === '')
      return FIRST.slice(0, count).map((thing) => this.completion(text, '', thing, thing));
    const starts = [...typed.matchAll(/(?<![\p{L}\p{N}])[\p{L}\p{N}]/gu)]
      .map(({ index }) => index)
      .slice(-LONGEST_PHRASE);
    const found = new Map<string, Completion>();
    for (const start of starts) {
      const part = fold(typed.slice(start));
      if (part === '' || typed.endsWith('  ')) continue;
      const open = /\s$/.test(typed) ? `${part} ` : part;
      const many =
        /(?:^|\s)(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d+)\s+$/i.test(
          typed.slice(0, start),
        );
      const fitting = [...this.phrases]
        .filter(([phrase, { sense }]) => sense !== 'meaning' && phrase.startsWith(open))
        .sort(
          ([a, x], [b, y]) =>
            SENSES.indexOf(x.sense) - SENSES.indexOf(y.sense) || a.length - b.length,
        );
      for (const [, { thing, name }] of fitting) {
        if (found.size >= count) break;
        const before = text.slice(0, text.length - typed.length + start);
        if (!found.has(thing))
          found.set(thing, this.completion(before, '', many ? plural(name) : name, thing));
      }
    }
    return [...found.values()].slice(0, count);
  }

  private completion(before: string, between: string, name: string, thing: string): Completion {
    return { text: before + between + name, thing, index: this.index.get(thing)! };
  }
}

let starter: Vocabulary | undefined;

/** The vocabulary of the starter model, which Easel comes with. */
export function starterVocabulary(): Vocabulary {
  return (starter ??= new Vocabulary(data, SYNONYMS));
}
