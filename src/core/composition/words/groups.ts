import type { Item } from './items';
import type { Meaning } from './lexicon';
import type { RelationWord } from './table/grammar';

/** Words that belong together: "two red apples", "a wavy blue background". */
export interface Group {
  /** How it is joined to what is before it. Absent: it begins a clause. */
  readonly relation?: RelationWord;
  readonly items: Item[];
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

/** Splits items at the words between them and at the ends of clauses. Groups of colours alone join the next. */
export function grouped(items: readonly Item[]): Group[] {
  const groups: Group[] = [];
  let open: Group = { items: [], clause: items[0]?.clause ?? 0 };
  const close = (next: Omit<Group, 'items'>): void => {
    const colours = open.items.length > 0 && open.items.every(({ colour }) => colour !== undefined);
    if (colours && open.relation === undefined && next.relation === 'beside') {
      open = { ...open, items: open.items, clause: next.clause };
      return;
    }
    if (open.items.length > 0) groups.push(open);
    open = { ...next, items: [] };
  };
  for (const item of items) {
    const relation = meaning(item, 'relation');
    if (item.clause !== open.clause) close({ clause: item.clause });
    if (relation !== undefined && !isThing(item) && item.colour === undefined) {
      // "in the style of", "with and": the last word counts, and one that begins a clause joins nothing.
      close({ relation: relation.relation, clause: item.clause });
    } else open.items.push(item);
  }
  if (open.items.length > 0) groups.push(open);
  return groups;
}
