/** The texts have independent choices, so that a change of one text does not change another. */
export type WildcardText = 'prompt' | 'negativePrompt' | 'prompt2' | 'negativePrompt2';

const TEXT_KEYS: Readonly<Record<WildcardText, number>> = {
  ...{ prompt: 1, negativePrompt: 2 },
  ...{ prompt2: 3, negativePrompt2: 4 },
};
const WEIGHT = /^\s*(?<weight>\d+(?:\.\d+)?|\.\d+)::/;
/** `\{`, `\|` and `\}` become plain characters. Other escapes are kept for the next parser. */
const UNITS = /\\(?<plain>[{|}])|\\[^]|(?<mark>[{|}])|[^\\{|}]+|\\/gu;

/** An open brace, or the text outside all braces. */
interface Group {
  /** Number of the brace in the text. Each brace has its own choice. */
  readonly index: number;
  /** Complete options, as written. */
  readonly options: string[];
  text: string;
}

/**
 * Replaces each `{a|b|c}` by one of its options. The choice depends only on the text and the seed. Options can
 * be nested, can be empty, and can begin with a weight (`{3::a|b}` chooses a three times out of four). Braces
 * without `|`, and braces that are not closed, are kept.
 *
 * The syntax is that of the Dynamic Prompts extension.
 * @param seed of the image: a whole number from 0 to 2^53 - 1
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

/** @param unit from 0 to 1 (exclusive) */
function choose({ options, text }: Group, unit: number): string {
  if (options.length === 0) return `{${text}}`;
  const weighted = [...options, text].map(readOption);
  let left = unit * weighted.reduce((sum, { weight }) => sum + weight, 0);
  for (const option of weighted) {
    if (left < option.weight) return option.text;
    left -= option.weight;
  }
  // All weights are 0.
  return weighted[0]!.text;
}

function readOption(option: string): { readonly weight: number; readonly text: string } {
  const match = WEIGHT.exec(option);
  if (!match) return { weight: 1, text: option };
  return { weight: Number(match.groups?.weight), text: option.slice(match[0].length) };
}

/** A pseudo-random number from 0 to 1 (exclusive) that depends only on the arguments. */
function fraction(seed: number, which: WildcardText, index: number): number {
  const high = Math.floor(seed / 2 ** 32);
  let hash = mix(TEXT_KEYS[which]);
  for (const word of [seed, high, index]) hash = mix(hash ^ word);
  return hash / 2 ** 32;
}

/** Mixes 32 bits: an addition (so that 0 changes too), then MurmurHash3's `fmix32`. */
function mix(word: number): number {
  let hash = (word + 0x9e3779b9) | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
