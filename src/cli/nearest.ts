/**
 * The name that a user most likely meant: one that begins with what was typed, else the one with the fewest
 * letters to change.
 * @returns undefined where none is near
 */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  const word = typed.toLowerCase();
  const beginning = names.filter((name) => word.length >= 3 && name.startsWith(word));
  const [only, ...more] = beginning;
  if (only !== undefined && more.length === 0) return only;
  if (word.length === 1) {
    const [shortest] = names
      .filter((name) => name.startsWith(word))
      .sort((a, b) => a.length - b.length);
    return shortest;
  }
  const limit = Math.max(1, Math.floor(word.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const name of beginning.length > 0 ? beginning : names) {
    const distance = editDistance(word, name, bestDistance);
    if (distance >= bestDistance) continue;
    best = name;
    bestDistance = distance;
  }
  return best ?? only;
}

/** Letters to insert, delete, replace or swap (optimal string alignment), or `limit` where there are more. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    const at = (of: readonly number[], j: number) => of[j] ?? Infinity;
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? at(before, j - 2) + 1 : Infinity;
      row.push(Math.min(replaced, at(last, j) + 1, at(row, j - 1) + 1, swapped));
    }
    [before, last] = [last, row];
  }
  return Math.min(last[b.length] ?? limit, limit);
}
