import { fold } from './spelling';

/** A word of a prompt. */
export interface Token {
  /** As it was typed. */
  readonly text: string;
  /** What it is compared by; see `fold`. */
  readonly key: string;
  /** The part of the prompt between commas, full stops, brackets and line ends that it is in. */
  readonly clause: number;
}

const LONGEST_READ = 2000;
const FILE_ENDING =
  /\.(?:png|jpe?g|webp|avif|gif|svg|ico|bmp|tiff?|psd|ai|eps|heic|xcf|fig|sketch)$/i;
/** Words in the names of files that say which of several it is. */
const FILE_WORDS =
  /^(?:img|pic|final\d*|v\d+|ver\d*|version\d*|rev\d*|draft\d*|copy\d*|tmp|temp|edit|edited|export|exported|opt|optimi[sz]ed|compressed|min|lowres|hires|sm|md|lg|xl|xs|xxl|retina|\d+(?:x\d*|w|h|px|k)?|[wh]\d+|dsc\d*|img\d+|pxl\d*|p\d{5,}|updated|latest|(?=[a-f]*\d)[a-f\d]{6,})$/i;
/** Words at the end of such a name that say for which screen it is. */
const FILE_SIZES =
  /^(?:mobile|desktop|tablet|small|medium|large|full|web|test|old|new|light|dark)$/i;
/** The same with spaces and brackets, as copies are called: "team photo (1)". */
const FILE_PARTS = /^[\p{L}\p{N}]+(?:[-_. ()@]+[\p{L}\p{N}]+)*\)?$/u;
const FILE_NAME = /^[\p{L}\p{N}]+(?:[-_.]+[\p{L}\p{N}]+)*$/u;
/** A hex colour; a text in quotes; a Chinese run; a number or word, with apostrophes and ampersands; a mark. */
const PARTS =
  /(?<hex>#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3})(?![0-9a-z]))|(?<quoted>"[^"\n]{1,60}"|“[^”\n]{1,60}”|«[^»\n]{1,60}»)|(?<word>[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*|[&@])|(?<emoji>\p{Extended_Pictographic})|(?<mark>[,.;:!?()[\]{}|/\n，。；：！？、（）]+)/giu;

/**
 * The words of a prompt. A name of a file ("hero-bg.png", "userAvatar") is read as words; hyphens between words
 * are spaces. What is after the first 2,000 characters is not read.
 */
export function tokens(prompt: string): Token[] {
  const found: Token[] = [];
  let clause = 0;
  for (const match of spelledOut(prompt.slice(0, LONGEST_READ)).matchAll(PARTS)) {
    const text = match[0];
    if (match.groups?.mark !== undefined) clause += 1;
    else if (text === '&') found.push({ text: 'and', key: 'and', clause });
    else found.push({ text, key: match.groups?.quoted === undefined ? fold(text) : text, clause });
  }
  return found;
}

/** A prompt without weights ("(red:1.3)"), brackets and the names of add-ons ("<lora:name:1>"). */
function plainText(prompt: string): string {
  return prompt
    .replace(/<[a-z]{2,12}:[^<>\s]{1,100}>/giu, ' ')
    .replace(/:\s?\d{1,2}(?:\.\d{1,4})?(?=\s?[)\]])/gu, ' ')
    .replace(/[()[\]\\]/gu, ' ')
    .replace(/(?<=\p{L})\/(?=\p{L})/gu, ' ');
}

function spelledOut(prompt: string): string {
  const name = prompt
    .trim()
    .replace(FILE_ENDING, '')
    .replace(/@\d+x$/u, '');
  const isFile = name !== prompt.trim() || name.includes('_');
  if (!FILE_NAME.test(name) && !(isFile && FILE_PARTS.test(name))) return plainText(prompt);
  const words = name
    .replace(/(?<=\p{Ll})(?=\p{Lu}\p{Ll})/gu, ' ')
    .replace(/[-_.()\s]+/gu, ' ')
    .trim();
  return withoutNumber(isFile ? ofFile(words) : words);
}

function withoutNumber(words: string): string {
  return words.replace(/(?<=\p{L})(?:@?\d+x)?\s?\d{1,2}$/u, '');
}

function ofFile(words: string): string {
  const parts = words.split(' ');
  const said = parts.filter((part) => !FILE_WORDS.test(part));
  while (said.length > 1 && FILE_SIZES.test(said.at(-1)!)) said.pop();
  if (said.length === 0) return 'image';
  // The top of a page, and no superhero.
  return said.map((part) => (/^hero$/i.test(part) ? 'hero image' : part)).join(' ');
}
