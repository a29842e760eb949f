/**
 * What the phrases of the tables mean, by their folded words. One map for all tables: a phrase has one meaning,
 * that of the table that comes first.
 */
import type { Form, GroundName, Kind, SceneName, Time } from '../composition';
import { fold, listed } from './spelling';
import * as grammar from './table/grammar';
import * as grounds from './table/grounds';
import * as kinds from './table/kinds';
import * as pages from './table/pages';
import * as people from './table/people';
import * as signs from './table/signs';
import { MOODS } from './table/colours';
import { GROUPS, NUMBERS } from './table/subjects';

export type Meaning =
  | { readonly is: 'filler' }
  | {
      readonly is: 'kind';
      readonly kind?: Kind;
      readonly size?: readonly [number, number];
      readonly wide?: boolean;
    }
  | { readonly is: 'style'; readonly style: string }
  | { readonly is: 'transparent' }
  | {
      readonly is: 'surface';
      readonly name: GroundName;
      readonly form?: Form;
      readonly sure: boolean;
    }
  | { readonly is: 'scene'; readonly name: SceneName; readonly bare: boolean; readonly time?: Time }
  | { readonly is: 'time'; readonly time: Time }
  | {
      readonly is: 'sign';
      readonly sign: string;
      readonly iconOnly: boolean;
      readonly weak: boolean;
    }
  | { readonly is: 'page'; readonly draws: string }
  | { readonly is: 'portrait' }
  | { readonly is: 'people'; readonly count: number }
  | { readonly is: 'count'; readonly count: number }
  | { readonly is: 'article' }
  | { readonly is: 'relation'; readonly relation: grammar.RelationWord }
  | { readonly is: 'action' }
  | { readonly is: 'look' }
  | { readonly is: 'shade'; readonly dark?: boolean };

export const LONGEST_PHRASE = 6;

function build(): Map<string, Meaning[]> {
  const map = new Map<string, Meaning[]>();
  const add = (words: string, meaning: Meaning): void => {
    for (const word of listed(words)) {
      const key = fold(word);
      const others = map.get(key);
      if (others === undefined) map.set(key, [meaning]);
      else others.push(meaning);
    }
  };
  for (const { draws, words } of pages.PAGES) add(words, { is: 'page', draws });
  add(people.PORTRAIT, { is: 'portrait' });
  for (const { count, words } of people.PEOPLE) add(words, { is: 'people', count });
  const [iconOnly, weak] = [new Set(listed(signs.ICON_ONLY)), new Set(listed(signs.WEAK_SIGNS))];
  for (const [sign, words] of Object.entries(signs.SIGNS)) {
    add(words, { is: 'sign', sign, iconOnly: iconOnly.has(sign), weak: weak.has(sign) });
  }
  add(kinds.TRANSPARENT, { is: 'transparent' });
  for (const { kind, size, wide, words } of kinds.KIND_WORDS)
    add(words, { is: 'kind', kind, size, wide });
  for (const [style, words] of Object.entries(kinds.STYLE_WORDS))
    add(words, { is: 'style', style });
  for (const { name, form, sure, words } of grounds.SURFACE_WORDS)
    add(words, { is: 'surface', name, ...(form && { form }), sure: sure === true });
  for (const { name, bare, time, words } of grounds.SCENE_WORDS) {
    add(words, { is: 'scene', name, bare: bare === true, time });
  }
  for (const [time, words] of Object.entries(grounds.TIME_WORDS))
    add(words, { is: 'time', time: time as Time });
  for (const [words, count] of Object.entries(GROUPS)) add(words, { is: 'count', count });
  for (const [at, word] of NUMBERS.entries()) add(word, { is: 'count', count: at + 1 });
  add(grammar.ARTICLES, { is: 'article' });
  for (const [relation, words] of Object.entries(grammar.RELATIONS)) {
    add(words, { is: 'relation', relation: relation as grammar.RelationWord });
  }
  add('dark', { is: 'shade', dark: true });
  add('light|bright|pastel|pale|neon|muted|deep', { is: 'shade' });
  add(MOODS, { is: 'shade' });
  add(grammar.ACTIONS, { is: 'action' });
  add(grammar.TEXT_WORDS, { is: 'action' });
  add(kinds.FILLERS, { is: 'filler' });
  add(people.LOOKS, { is: 'look' });
  add(people.PERSONS, { is: 'look' });
  return map;
}

let built: Map<string, Meaning[]> | undefined;

/** What a folded phrase can mean, the first meaning first. */
export function meanings(phrase: string): readonly Meaning[] {
  built ??= build();
  return built.get(phrase) ?? [];
}

/** All phrases, for what is misspelt. */
export function phrases(): Iterable<string> {
  built ??= build();
  return built.keys();
}
