import type { Item } from './items';
import type { Meaning } from './lexicon';
import type { RelationWord } from './table/grammar';

/** Words that belong together: "two red apples", "a wavy blue background". */
export interface Group {
  /** How it is joined to what is before it. Absent: it begins a clause. */
  readonly relation?: RelationWord;
  readonly items: readonly Item[];
  readonly clause: number;
}

/** The first meaning of a sort that an item has. */
export function meaning<K extends Meaning['is']>(
  item: Item,
  is: K,
): Extract<Meaning, { readonly is: K }> | undefined {
  return item.meanings.find((one): one is Extract<Meaning, { readonly is: K }> => one.is === is);
}

/** The first meaning of a sort in a group. */
export function groupMeaning<K extends Meaning['is']>(
  group: Group,
  is: K,
): Extract<Meaning, { readonly is: K }> | undefined {
  for (const item of group.items) {
    const found = meaning(item, is);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether the item names a thing of the model, by its name or a kind of it. */
export function isThing(item: Item): boolean {
  return item.match !== undefined && item.match.sense !== 'meaning';
}

/** Whether the item is the usual word of a thing, which wins over what else the word can mean. */
export function isUsual(item: Item): boolean {
  return item.match?.sense === 'name' && item.match.name === item.match.thing;
}

export function isUnknown(item: Item): boolean {
  return (
    item.meanings.length === 0 &&
    item.match === undefined &&
    item.colour === undefined &&
    item.quoted === undefined
  );
}

/** How many a group says that there are. */
export function numberOf(group: Group): number | undefined {
  const said = group.items.find((item) => !isThing(item) && meaning(item, 'count') !== undefined);
  return said === undefined ? undefined : meaning(said, 'count')?.count;
}

/** The colours of a group, each once. */
export function coloursOf(group: Group): string[] {
  return [...new Set(group.items.flatMap(({ colour }) => colour?.hex ?? []))];
}

/** Splits items at the words between them and at the ends of clauses. "Blue and | purple waves" stay together. */
export function grouped(items: readonly Item[]): Group[] {
  const groups: { relation?: RelationWord; items: Item[]; clause: number }[] = [];
  let open: { relation?: RelationWord; items: Item[]; clause: number } = {
    items: [],
    clause: items[0]?.clause ?? 0,
  };
  const close = (clause: number, relation?: RelationWord): void => {
    const colours = open.items.length > 0 && open.items.every(({ colour }) => colour !== undefined);
    if (colours && relation === 'beside') return;
    if (open.items.length > 0) groups.push(open);
    open = { relation, items: [], clause };
  };
  for (const item of items) {
    const relation = meaning(item, 'relation');
    if (item.clause !== open.clause) close(item.clause);
    if (relation !== undefined && !isThing(item) && item.colour === undefined)
      close(item.clause, relation.relation);
    else open.items.push(item);
  }
  if (open.items.length > 0) groups.push(open);
  return groups;
}
