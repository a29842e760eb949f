/**
 * Finds the first key that occurs twice in one object of a JSON text. `JSON.parse` silently keeps the last one,
 * so two readers of one file could see different tensors.
 *
 * @param text JSON that `JSON.parse` has accepted. Time and memory are linear in its length.
 * @returns undefined if there is none
 */
export function findDuplicateKey(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = []; // the keys of each open object; undefined for an array
  let position = 0;
  while (position < text.length) {
    const character = text[position];
    if (character === '{') open.push(new Set());
    else if (character === '[') open.push(undefined);
    else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      const end = endOfString(text, position);
      const keys = open.at(-1);
      if (keys !== undefined && isFollowedByColon(text, end)) {
        const key = JSON.parse(text.slice(position, end)) as string;
        if (keys.has(key)) return key;
        keys.add(key);
      }
      position = end;
      continue;
    }
    position++;
  }
  return undefined;
}

/** The position after the closing quote of the string that starts at `start`. */
function endOfString(text: string, start: number): number {
  let position = start + 1;
  while (text[position] !== '"') position += text[position] === '\\' ? 2 : 1;
  return position + 1;
}

/** Only a key is followed by a colon. A string value is followed by a comma or a bracket. */
function isFollowedByColon(text: string, from: number): boolean {
  let position = from;
  while (' \t\n\r'.includes(text[position] ?? '-')) position++;
  return text[position] === ':';
}
