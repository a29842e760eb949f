import { EaselError } from '../errors';
import { isRecord } from '../json';

/** A token that is found in the text before the text is split (tokenizers' `AddedToken`). */
export interface AddedToken {
  readonly content: string;
  /** Only found if there is no word character next to it. */
  readonly singleWord: boolean;
  /** Searched in the normalized text, otherwise in the original text. */
  readonly normalized: boolean;
}

/** The parsed JSON files beside the vocabulary. Each can be absent. */
export interface TokenizerSettings {
  readonly tokenizerConfig?: unknown;
  readonly specialTokensMap?: unknown;
  readonly addedTokens?: unknown;
  readonly tokenizerJson?: unknown;
}

/** The tokens with a role, and all added tokens. */
export interface SpecialTokens {
  readonly bos: string;
  readonly eos: string;
  readonly unknown: string;
  readonly pad: string;
  /** In the order in which they get their ids. */
  readonly added: readonly AddedToken[];
}

type Named = string | AddedToken;

const ROLES = [
  'bos_token',
  'eos_token',
  'unk_token',
  'sep_token',
  'pad_token',
  'cls_token',
  'mask_token',
];
const END = '<|endoftext|>';
/** Defaults of transformers' CLIPTokenizer. */
const DEFAULTS: readonly [string, Named][] = [
  ['bos_token', '<|startoftext|>'],
  ['eos_token', END],
  ['unk_token', END],
  ['pad_token', END],
];

/**
 * Resolves the special tokens like transformers (tokenization_utils_base.py, `_from_pretrained`, and
 * tokenization_utils_tokenizers.py, `__init__`): from tokenizer_config.json; if that has no
 * `added_tokens_decoder`, also from special_tokens_map.json (which has priority), added_tokens.json and
 * tokenizer.json.
 *
 * @param where the folder, for messages
 * @throws EaselError `bad-file` if a token is neither a string nor an object with a string
 */
export function resolveSpecialTokens(settings: TokenizerSettings, where: string): SpecialTokens {
  const config = isRecord(settings.tokenizerConfig) ? settings.tokenizerConfig : {};
  const named = new Map<string, Named>(DEFAULTS);
  readNamed(config, named, where);
  const byId = new Map<number, AddedToken>();
  const extra = readExtra(config, where);
  if (isRecord(config.added_tokens_decoder)) {
    for (const [id, token] of Object.entries(config.added_tokens_decoder)) {
      byId.set(Number(id), readAddedToken(token, where));
    }
  } else {
    const map = isRecord(settings.specialTokensMap) ? settings.specialTokensMap : {};
    readNamed(map, named, where, true);
    extra.push(...readExtra(map, where));
    readAddedTokensFile(settings.addedTokens, named, byId, where);
    readTokenizerJsonTokens(settings.tokenizerJson, byId, where);
  }
  return { ...roles(named), added: inOrder(named, byId, extra) };
}

function roles(named: ReadonlyMap<string, Named>): Omit<SpecialTokens, 'added'> {
  const content = (role: string) => contentOf(named.get(role) ?? END);
  return {
    bos: content('bos_token'),
    eos: content('eos_token'),
    unknown: content('unk_token'),
    pad: content('pad_token'),
  };
}

/** Ordered by id, then by role. A token that occurs twice keeps its position and gets the later flags. */
function inOrder(
  named: Map<string, Named>,
  byId: ReadonlyMap<number, AddedToken>,
  extra: readonly Named[],
): AddedToken[] {
  const added = new Map<string, AddedToken>();
  for (const [, token] of [...byId].sort(([a], [b]) => a - b)) added.set(token.content, token);
  const known = new Set(added.keys());
  for (const token of [...ROLES.map((role) => named.get(role)), ...extra]) {
    if (token === undefined || known.has(contentOf(token))) continue;
    added.set(contentOf(token), typeof token === 'string' ? special(token) : token);
  }
  added.delete('');
  return [...added.values()];
}

function contentOf(token: Named): string {
  return typeof token === 'string' ? token : token.content;
}

function special(content: string): AddedToken {
  return { content, singleWord: false, normalized: false };
}

function readNamed(
  json: Record<string, unknown>,
  into: Map<string, Named>,
  where: string,
  isSpecial = false,
): void {
  for (const role of ROLES) {
    const token = json[role];
    if (token === undefined || token === null) continue;
    into.set(role, typeof token === 'string' ? token : readAddedToken(token, where, isSpecial));
  }
}

function readExtra(json: Record<string, unknown>, where: string): Named[] {
  const list = json.extra_special_tokens ?? json.additional_special_tokens;
  const tokens: unknown[] = Array.isArray(list) ? list : isRecord(list) ? Object.values(list) : [];
  return tokens.map((token) =>
    typeof token === 'string' ? token : readAddedToken(token, where, true),
  );
}

function readAddedTokensFile(
  json: unknown,
  named: ReadonlyMap<string, Named>,
  into: Map<number, AddedToken>,
  where: string,
): void {
  if (json === undefined) return;
  const roleContents = new Set([...named.values()].map(contentOf));
  for (const [content, id] of Object.entries(isRecord(json) ? json : {})) {
    if (typeof id !== 'number')
      throw damaged(where, 'added_tokens.json has an id that is not a number');
    into.set(id, { content, singleWord: false, normalized: !roleContents.has(content) });
  }
}

function readTokenizerJsonTokens(
  json: unknown,
  into: Map<number, AddedToken>,
  where: string,
): void {
  const tokens: unknown[] =
    isRecord(json) && Array.isArray(json.added_tokens) ? json.added_tokens : [];
  for (const token of tokens) {
    const id = isRecord(token) ? token.id : undefined;
    if (typeof id !== 'number')
      throw damaged(where, 'tokenizer.json has an added token without id');
    into.set(id, readAddedToken(token, where));
  }
}

/** Reads an AddedToken. Default of `normalized`: false for special tokens, else true. */
function readAddedToken(json: unknown, where: string, isSpecial = false): AddedToken {
  if (!isRecord(json) || typeof json.content !== 'string') {
    throw damaged(where, `${JSON.stringify(json).slice(0, 80)} is not a token`);
  }
  const normalized = json.normalized ?? !(isSpecial || json.special === true);
  return {
    content: json.content,
    singleWord: json.single_word === true,
    normalized: normalized === true,
  };
}

function damaged(where: string, what: string): EaselError {
  const message = `The tokenizer in ${where} is damaged: ${what}. Download the model again.`;
  return new EaselError('bad-file', message, { where });
}
