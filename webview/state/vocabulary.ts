import type { Subject } from '../../src/core/composition/composition';
import { readPrompt, type PromptReading } from '../../src/core/composition/words/index';
import { starterVocabulary } from '../../src/core/composition/words/vocabulary';

/** One entry of the list of completions. */
export interface Completion {
  /** The whole text up to the caret with it. */
  readonly text: string;
  /** What is new in the text, from the word that is completed. */
  readonly label: string;
  /** What is drawn for it, where that has another name. */
  readonly note: string | undefined;
  readonly thing: string;
}

export interface Completions {
  readonly entries: readonly Completion[];
  /** What is typed is a thing already: the entries begin with it. */
  readonly isWhole: boolean;
}

/** Letters of the last word from which on it is completed, where a letter is not a word. */
const FEWEST_LETTERS = 2;
const LAST_WORD = /[\p{L}\p{N}]+$/u;

/** The things that a text up to the caret can end with, the best first. */
export function complete(text: string, count: number): Completions {
  const [last = ''] = LAST_WORD.exec(text) ?? [];
  if (last.length < FEWEST_LETTERS && /^[\p{Script=Latin}\p{N}]*$/u.test(last)) {
    return { entries: [], isWhole: false };
  }
  const typed = text.toLowerCase();
  const found = starterVocabulary().completions(text, count + 1);
  const others = found.filter((one) => one.text.toLowerCase() !== typed);
  return {
    entries: others.slice(0, count).map((one) => {
      const label = one.text.slice(wordStart(text, one.text));
      return {
        text: one.text,
        label,
        note: label === one.thing ? undefined : one.thing,
        thing: one.thing,
      };
    }),
    isWhole: others.length < found.length,
  };
}

/** Where the word begins that one text completes in another. */
function wordStart(text: string, completed: string): number {
  let at = 0;
  while (at < text.length && text[at]?.toLowerCase() === completed[at]?.toLowerCase()) at += 1;
  // Back to the word's begin: the name of a thing can also replace what was typed in another language.
  while (at > 0 && /[\p{L}\p{N}]/u.test(completed[at - 1] ?? '')) at -= 1;
  return at;
}

/** The place of a thing in the sheet of small images; undefined for any other word. */
export function cellOf(thing: string): number | undefined {
  const cell = starterVocabulary().things.indexOf(thing);
  return cell < 0 ? undefined : cell;
}

/** The things that are offered in the place of some words. */
export function nearestThings(words: string, count: number): readonly string[] {
  return starterVocabulary().nearestThings(words, count);
}

/** Whether the model has to draw a subject that it does not know. */
export function isUnknown({ source, words }: Subject): boolean {
  return source === 'model' && starterVocabulary().knownThing(words) === undefined;
}

/** Nothing is understood of nothing. */
const EMPTY: PromptReading = {
  composition: { kind: 'thing', subjects: [] },
  colours: [],
  unread: [],
};

/** Readings that are kept: of the prompt, of the one that was changed, and of the images that are shown. */
const MOST_KEPT = 20;
const readings = new Map<string, PromptReading>();

/** How the engine reads a prompt. */
export function readWords(prompt: string): PromptReading {
  if (prompt.trim() === '') return EMPTY;
  let reading = readings.get(prompt);
  if (!reading) {
    reading = readPrompt(prompt, starterVocabulary());
    if (readings.size >= MOST_KEPT) readings.clear();
    readings.set(prompt, reading);
  }
  return reading;
}

/** What some words are as a subject. */
export function subjectOf(words: string): Subject {
  const [subject] = readPrompt(words, starterVocabulary()).composition.subjects;
  return subject ?? { words, source: 'model', count: 1 };
}
