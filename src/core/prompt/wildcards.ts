/** Keeps the choices of a request's texts apart, so that editing one leaves the other as it was. */
export type WildcardText = 'prompt' | 'negativePrompt';

const TEXT_KEYS: Readonly<Record<WildcardText, number>> = { prompt: 1, negativePrompt: 2 };
const WEIGHT = /^\s*(?<weight>\d+(?:\.\d+)?|\.\d+)::/;
/** `\{`, `\|` and `\}` are plain; any other escape stays for whoever reads the prompt next. */
const UNITS = /\\(?<plain>[{|}])|\\[^]|(?<mark>[{|}])|[^\\{|}]+|\\/gu;

/** A brace that is open, or the text outside all braces. */
interface Group {
  /** Which brace of the text it is: each chooses for itself. */
  readonly index: number;
  /** Options that are complete, as written. */
  readonly options: string[];
  text: string;
}

/**
 * Replaces each `{a|b|c}` by one of its options, chosen by the seed: the same text and seed give the same
 * choice. Options nest, may be empty, and may have a weight in front (`{3::a|b}` takes a three times in
 * four). Braces without `|`, and braces that do not close, stay as they are.
 *
 * The notation is that of the Dynamic Prompts extension.
 * @param seed the image's: a whole number, not negative, up to 2^53 - 1
 */
export function expandWildcards(text: string, seed: number, which: WildcardText): string {
  let group: Group = { index: 0, options: [], text: '' };
  const around: Group[] = [];
  let braces = 0;
  for (const { 0: unit, groups } of text.matchAll(UNITS)) {
    const mark = groups?.mark;
    const outer = around.at(-1);
    if (mark === '{') {
      around.push(group);
      group = { index: ++braces, options: [], text: '' };
    } else if (mark === '|' && outer) {
      group.options.push(group.text);
      group.text = '';
    } else if (mark === '}' && outer) {
      outer.text += choose(group, fraction(seed, which, group.index));
      around.pop();
      group = outer;
    } else group.text += groups?.plain ?? unit;
  }
  for (const outer of around.reverse()) {
    outer.text += `{${[...group.options, group.text].join('|')}`;
    group = outer;
  }
  return group.text;
}

/** @param unit from 0 up to 1 */
function choose({ options, text }: Group, unit: number): string {
  if (options.length === 0) return `{${text}}`;
  const weighted = [...options, text].map(readOption);
  let left = unit * weighted.reduce((sum, { weight }) => sum + weight, 0);
  for (const option of weighted) {
    if (left < option.weight) return option.text;
    left -= option.weight;
  }
  // Reached where all weights are 0.
  return weighted[0]!.text;
}

function readOption(option: string): { readonly weight: number; readonly text: string } {
  const match = WEIGHT.exec(option);
  if (!match) return { weight: 1, text: option };
  return { weight: Number(match.groups?.weight), text: option.slice(match[0].length) };
}

/** A number from 0 up to 1 that the arguments alone decide. */
function fraction(seed: number, which: WildcardText, index: number): number {
  const high = Math.floor(seed / 2 ** 32);
  let hash = mix(TEXT_KEYS[which]);
  for (const word of [seed, high, index]) hash = mix(hash ^ word);
  return hash / 2 ** 32;
}

/** Spreads 32 bits evenly: MurmurHash3's `fmix32`, behind a step that moves 0. */
function mix(word: number): number {
  let hash = (word + 0x9e3779b9) | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
