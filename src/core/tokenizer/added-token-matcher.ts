import { type AddedToken } from './special-tokens';

/** A part of a text: an added token, or the text between added tokens. */
export type Part = { readonly id: number } | { readonly text: string };

const WORD_BEFORE = /[\p{L}\p{M}\p{N}\p{Pc}]$/u;
const WORD_AFTER = /^[\p{L}\p{M}\p{N}\p{Pc}]/u;

/**
 * Finds added tokens in a text: leftmost first, and the longest if several match there (tokenizers,
 * tokenizer/added_vocabulary.rs, `find_matches`).
 */
export class AddedTokenMatcher {
  private readonly pattern: RegExp | undefined;
  private readonly tokens = new Map<
    string,
    { readonly id: number; readonly singleWord: boolean }
  >();

  /** @param contentOf converts a token's content to the text to search, for instance by normalizing it */
  constructor(
    tokens: readonly AddedToken[],
    idOf: (content: string) => number,
    contentOf: (content: string) => string = (content) => content,
  ) {
    for (const { content, singleWord } of tokens) {
      this.tokens.set(contentOf(content), { id: idOf(content), singleWord });
    }
    const contents = [...this.tokens.keys()].filter((content) => content !== '');
    if (contents.length === 0) return;
    contents.sort((a, b) => b.length - a.length);
    const escaped = contents.map((content) => content.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
    this.pattern = new RegExp(escaped.join('|'), 'gu');
  }

  split(text: string): Part[] {
    if (this.pattern === undefined) return [{ text }];
    const parts: Part[] = [];
    let start = 0;
    for (const match of text.matchAll(this.pattern)) {
      const token = this.tokens.get(match[0]);
      const end = match.index + match[0].length;
      if (token === undefined || (token.singleWord && touchesWord(text, match.index, end)))
        continue;
      if (match.index > start) parts.push({ text: text.slice(start, match.index) });
      parts.push({ id: token.id });
      start = end;
    }
    if (start < text.length) parts.push({ text: text.slice(start) });
    return parts;
  }
}

function touchesWord(text: string, start: number, end: number): boolean {
  return WORD_BEFORE.test(text.slice(0, start)) || WORD_AFTER.test(text.slice(end));
}
