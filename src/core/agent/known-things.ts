import { describeComposition } from '../composition/describe';
import type { Subject } from '../composition/composition';
import { readPrompt, starterVocabulary } from '../composition/words/index';
import { oneLine } from '../shown-text';
import { ALL_THINGS } from './list-input';

/** Phrases that one call may ask about, and nearest things that are named for each. */
const MOST_PHRASES = 30;
const NEAREST = 4;

/**
 * What the starter can draw for some words, as a text for a model: a line for each phrase.
 * @param asked phrases between commas, or `all`
 */
export function describeThings(asked: string): string {
  const { things } = starterVocabulary();
  if (asked.trim().toLowerCase() === ALL_THINGS) {
    return `The starter knows ${things.length} things: ${things.join(', ')}.`;
  }
  const phrases = asked
    .split(/[,;\n]/)
    .map((phrase) => oneLine(phrase, 200).trim())
    .filter(Boolean);
  const lines = phrases.slice(0, MOST_PHRASES).map((phrase) => `- ${phrase}: ${drawnAs(phrase)}`);
  const left = phrases.length - lines.length;
  return [
    'With the starter:',
    ...lines,
    ...(left > 0 ? [`${left} more were not looked up: at most ${MOST_PHRASES} at a time.`] : []),
  ].join('\n');
}

function drawnAs(phrase: string): string {
  const { composition } = readPrompt(phrase, starterVocabulary());
  return [describeComposition(composition), ...composition.subjects.flatMap(noteOn)].join('; ');
}

/** What a model should know of a subject that is not drawn by its own name. */
function noteOn({ source, words }: Subject): string[] {
  if (source !== 'model') return [];
  const thing = starterVocabulary().knownThing(words);
  if (thing === undefined) {
    const near = starterVocabulary().nearestThings(words, NEAREST);
    return [`"${words}" is not known; the nearest things are ${near.join(', ')}`];
  }
  return words.includes(thing) ? [] : [`"${words}" is drawn as "${thing}"`];
}
