import { EaselError } from '../errors';
import { isRecord, shortJson } from '../json';
import { ClipTokenizer } from './clip-tokenizer';
import { resolveSpecialTokens, type TokenizerSettings } from './special-tokens';
import { readTokenizerJson, readVocabularyFiles } from './vocabulary';

export { ClipTokenizer, type LearnedToken } from './clip-tokenizer';

/** The files of a vocabulary: vocab.json (parsed) with merges.txt, or tokenizer.json (parsed). */
export type VocabularyFiles =
  { readonly vocab: unknown; readonly merges: string } | { readonly tokenizerJson: unknown };

/** The parsed files beside the vocabulary. Each can be absent. */
export type TokenizerConfigFiles = Omit<TokenizerSettings, 'tokenizerJson'>;

/** CLIP's length. It is used if a config has no length, or transformers' "very large integer". */
const DEFAULT_LENGTH = 77;
const LONGEST = 1_000_000;

/**
 * Creates a CLIP tokenizer from the files of a model's tokenizer folder.
 *
 * @param where the folder, for messages
 * @throws EaselError `bad-file` for damaged files; `unsupported-config` for an unsupported setting that would
 *   change the ids
 */
export function loadClipTokenizer(
  files: VocabularyFiles,
  config: TokenizerConfigFiles,
  where = 'the tokenizer folder',
): ClipTokenizer {
  const tokenizerJson = 'tokenizerJson' in files ? files.tokenizerJson : undefined;
  const vocabulary =
    'tokenizerJson' in files
      ? readTokenizerJson(files.tokenizerJson, where)
      : readVocabularyFiles(files.vocab, files.merges, where);
  const settings = isRecord(config.tokenizerConfig) ? config.tokenizerConfig : {};
  refuseOtherSettings(settings, where);
  const special = resolveSpecialTokens({ ...config, tokenizerJson }, where);
  return new ClipTokenizer(vocabulary, special, maxLength(settings, where), where);
}

function maxLength(settings: Record<string, unknown>, where: string): number {
  const length = settings.model_max_length ?? settings.max_len ?? DEFAULT_LENGTH;
  if (typeof length !== 'number' || length < 3)
    throw unsupported(where, 'model_max_length', length);
  return length > LONGEST ? DEFAULT_LENGTH : Math.floor(length);
}

function refuseOtherSettings(settings: Record<string, unknown>, where: string): void {
  const expected = {
    padding_side: 'right',
    truncation_side: 'right',
    split_special_tokens: false,
  };
  for (const [field, value] of Object.entries(expected)) {
    const found = settings[field] ?? value;
    if (found !== value) throw unsupported(where, field, found);
  }
}

function unsupported(where: string, field: string, value: unknown): EaselError {
  const message = `The tokenizer in ${where} has ${field} ${shortJson(value)}, which Easel does not support. Use another model.`;
  return new EaselError('unsupported-config', message, { where, field });
}
