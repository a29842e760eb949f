import { findSign } from '../vectors/find';
import { fold, listed } from './spelling';
import { FILE_FOLDERS, FILE_MEANS, FILE_NOISE, FILE_SIZES } from './table/files';

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
const FILE_ENDING = /\.(?:png|jpe?g|webp|avif|gif|svg|ico|bmp|tiff?|psd|eps|heic|xcf|fig|sketch)$/i;
const noise = new Set(listed(FILE_NOISE));
const sizes = new Set(listed(FILE_SIZES));
/** Numbers, sizes and checksums, but not the numbers of errors, which are drawn. */
const PATH = /^(?:https?:\/\/|\.{0,2}\/)|\/[^/]*\.[a-z]{3,4}$|^[\w-]+\.(?:com|net|org|io|dev)\//iu;
const FILE_NUMBER =
  /^(?!(?:40[0134]|429|50[0-4])$)(?:\d+(?:x\d*|w|h|px|dp|k)?|(?=[a-f]*\d)[a-f\d]{6,})$/i;
/** The same with spaces and brackets, as copies are called: "team photo (1)". */
const FILE_PARTS = /^[\p{L}\p{N}]+(?:[-_. ()@]+[\p{L}\p{N}]+)*\)?$/u;
const FILE_NAME = /^[\p{L}\p{N}]+(?:[-_.]+[\p{L}\p{N}]+)*$/u;
/** A hex colour; a text in quotes; a Chinese run; a number or word, with apostrophes and ampersands; a mark. */
const PARTS =
  /(?<hex>#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3})(?![0-9a-z]))|(?<quoted>"[^"\n]{1,60}"|“[^”\n]{1,60}”|«[^»\n]{1,60}»)|(?<word>\d{1,3}%|[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*|[&@])|(?<emoji>\p{Extended_Pictographic})|(?<mark>[,.;:!?()[\]{}|/\n，。；：！？、（）]+)/giu;

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

/** Whether a prompt is the name of a file. */
export function isFileName(prompt: string): boolean {
  return FILE_ENDING.test(prompt.trim());
}

/** A prompt without weights ("(red:1.3)"), brackets and the names of add-ons ("<lora:name:1>"). */
function plainText(prompt: string): string {
  return prompt
    .replace(/<[a-z]{2,12}:[^<>\s]{1,100}>/giu, ' ')
    .replace(/:\s?\d{1,2}(?:\.\d{1,4})?(?=\s?[)\]])/gu, ' ')
    .replace(/[()[\]\\]/gu, ' ')
    .replace(/(?<=\p{L})\/(?=\p{L})/gu, ' ');
}

/** The last folder and the name of a path or an address: "icons/search.svg" of "https://example.com/icons/search.svg". */
function lastOfPath(prompt: string): string {
  const path = prompt.trim();
  if (/\s/u.test(path) || !PATH.test(path)) return prompt;
  const parts = path
    .replace(/^https?:\/\/[^/]*/iu, '')
    .split('/')
    .filter((part) => part !== '' && !/^[\w-]+\.(?:com|net|org|io|dev)$/u.test(part));
  const [folder, name] = parts.slice(-2);
  if (name === undefined) return folder ?? 'image';
  return `${FILE_FOLDERS[folder!] ?? folder}_${name}`;
}

function spelledOut(typed: string): string {
  const prompt = lastOfPath(typed);
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
  const said = withoutNumber(isFile ? ofFile(words) : words);
  // "home.svg" is a sign, and "lighthouse.svg" a drawing.
  return /\.svg$/i.test(prompt.trim()) && findSign(said) !== undefined ? `${said} icon` : said;
}

function withoutNumber(words: string): string {
  return words.replace(/(?<=\p{L})(?:@?\d+x)?\s?\d{1,2}$/u, '');
}

function isNoise(part: string): boolean {
  return noise.has(part.replace(/\d/g, '')) || FILE_NUMBER.test(part);
}

function ofFile(words: string): string {
  const parts = words.split(' ');
  const said = parts.filter((part) => !isNoise(part.toLowerCase()));
  while (said.length > 1 && sizes.has(said.at(-1)!.toLowerCase())) said.pop();
  if (said.length === 0) return 'image';
  // The top of a page, and no superhero.
  return said.map((part) => FILE_MEANS[part.toLowerCase()] ?? part).join(' ');
}
