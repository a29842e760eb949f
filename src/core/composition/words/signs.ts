import { findSign, findVector } from '../vectors/find';
import { meaning } from './groups';
import { intentOf, isBackdrop } from './intent';
import type { Item } from './items';
import type { PromptReading } from './reading';
import { SIGN_FILLERS } from './table/signs';
import type { Match } from './vocabulary';

const ICONS = /\b(?:icons?|symbols?|glyphs?|pictograms?)\b/g;
/** "Toolbar icon" says where it is; "sidebar icon" can be the sign of one. */
const WHERE = /\b(?:web|ui|line|flat|outline|toolbar|menu|tab|sidebar|status|social) (?=icons?\b)/g;
const FIRST = /^(?:(?:an?|the|my|our|of|for|with|showing) )+/;
const FILLERS = new RegExp(`\\b(?:${SIGN_FILLERS})\\b`, 'g');

/**
 * The reading of words that name an interface sign and say "icon": "mic off icon", "icon of a gear, blue".
 * Undefined where they ask for anything else.
 */
export function asSign(items: readonly Item[]): PromptReading | undefined {
  const intent = intentOf(items);
  const isPlain =
    intent.sign &&
    intent.styles[0] !== '3d' &&
    items.every((item) => item.quoted === undefined && !isBackdrop(item));
  if (!isPlain) return undefined;
  const colours = items.flatMap(({ colour }) => colour ?? []);
  const words = items
    .filter((item) => item.colour === undefined && !isStyle(item))
    .map(({ key }) => key)
    .join(' ');
  const name = [words, words.replace(WHERE, ''), words.replace(WHERE, '').replace(FILLERS, ' ')]
    .map((text) => text.replace(ICONS, ' ').replace(/\s+/g, ' ').trim().replace(FIRST, ''))
    .find((text) => text !== '' && signNamed(text) !== undefined);
  if (name === undefined) return undefined;
  const subject = [...colours.map(({ word }) => word), name, 'icon'].join(' ');
  if (findVector(subject) !== signNamed(name)) return undefined;
  return {
    composition: {
      kind: 'icon',
      subjects: [{ words: subject, source: 'vector', count: 1 }],
      ...(intent.transparent && { ground: 'transparent' }),
    },
    ...(intent.size !== undefined && { size: intent.size }),
    colours: colours.flatMap(({ hex, typed }) => (typed ? hex : [])),
    unread: [],
  };
}

function signNamed(words: string): string | undefined {
  return findSign(`${words} icon`) ?? findSign(words);
}

function isStyle(item: Item): boolean {
  return meaning(item, 'style') !== undefined || meaning(item, 'transparent') !== undefined;
}

/** The words of the sign for a thing of the model, where there is one. */
export function signOf({ name, thing }: Match): string | undefined {
  return [name, thing].find((words) => {
    const sign = findSign(words);
    return sign !== undefined && findVector(`${words} icon`) === sign;
  });
}
