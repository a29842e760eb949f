/** Random numbers that are the same on every machine: 32-bit integers only (mulberry32 by Tommy Ettinger). */
export interface Random {
  /** From 0 up to, but without, 1. */
  next(): number;
  /** From `low` up to, but without, `high`. */
  range(low: number, high: number): number;
  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number;
  /** One of the items, which are at least one. */
  pick<T>(items: readonly T[]): T;
  chance(share: number): boolean;
  /** -1 or 1. */
  sign(): number;
  shuffle<T>(items: readonly T[]): T[];
}

/** @param key what is drawn; each key has its own row of numbers, so that one choice does not change another. */
export function createRandom(seed: number, key = ''): Random {
  let state = hash(`${seed}/${key}`);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const int = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    range: (low, high) => low + next() * (high - low),
    int,
    pick: (items) => {
      const item = items[int(0, items.length - 1)];
      if (item === undefined) throw new RangeError('There is nothing to choose from.');
      return item;
    },
    chance: (share) => next() < share,
    sign: () => (next() < 0.5 ? -1 : 1),
    shuffle: (items) => {
      const rest = [...items];
      const result = [];
      while (rest.length > 0) result.push(...rest.splice(int(0, rest.length - 1), 1));
      return result;
    },
  };
}

/** 32 bits of a text (FNV-1a, with a last mix so that near texts are far apart). */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
