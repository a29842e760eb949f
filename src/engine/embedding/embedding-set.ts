import { EaselError } from '../../core/errors';
import type { ClipTokenizer, LearnedToken } from '../../core/tokenizer';
import type { WrapWeights } from '../graph/weights';
import type { BundledWords, LearnedWord } from '../weights/bundled-words';
import type { TensorRef } from '../weights/source';
import { readEmbeddingFile, type EmbeddingFile } from './embedding-file';
import { EmbeddingWeights } from './embedding-weights';

/** A textual inversion in a request. */
export interface EmbeddingRequest {
  readonly path: string;
  /** Default: the file's own token. */
  readonly token?: string | undefined;
}

/** A text encoder that gets learned tokens. */
export interface EmbeddingTarget {
  readonly tokenizer: ClipTokenizer;
  readonly vocabSize: number;
  readonly hiddenSize: number;
}

/** The changes of a text encoder: its tokenizer, and its table of token embeddings. */
export interface LearnedTokens {
  readonly tokenizer: ClipTokenizer;
  readonly wrap: WrapWeights | undefined;
}

/** The changes of the text encoders, in order. */
export interface LearnedSet {
  readonly encoders: readonly LearnedTokens[];
  /** Messages for the user: which words of LoRA files are not used. */
  readonly warnings: readonly string[];
}

/**
 * Reads textual inversions and adds them to the text encoders of the same width: a token for the vectors, and
 * rows at the end of the embedding table, like diffusers' `load_textual_inversion`.
 *
 * @param bundled what came with LoRAs. Where a word of theirs cannot be added, it is left out, as AUTOMATIC1111 does
 * @throws EaselError `unsupported-model` (not a textual inversion, or one that fits no encoder), `bad-request`
 *   (a token is used twice, or is in the vocabulary), `model-incomplete` (no such file), `bad-file`,
 *   `unsafe-file`
 */
export async function openEmbeddings(
  requests: readonly EmbeddingRequest[],
  targets: readonly EmbeddingTarget[],
  bundled: readonly BundledWords[] = [],
): Promise<LearnedSet> {
  const learned = targets.map(() => ({ tokens: [] as LearnedToken[], rows: [] as TensorRef[] }));
  const counts = targets.map(({ vocabSize }) => vocabSize);
  const used = new Set<string>();
  const add = ({ token: content, vectors }: LearnedWord, path: string, source = path): void => {
    if (used.has(content)) throw taken(path, content, 'another textual inversion');
    const fitting = targets.map(({ hiddenSize }) => ofWidth(vectors, hiddenSize));
    if (fitting.every((tensor) => tensor === undefined)) throw misfit(path, vectors, targets);
    if (fitting.some((tensor, index) => tensor && targets[index]!.tokenizer.knows(content)))
      throw taken(path, content, "the model's vocabulary");
    used.add(content);
    for (const [index, tensor] of fitting.entries()) {
      if (tensor === undefined) continue;
      const count = tensor.shape.length === 1 ? 1 : tensor.shape[0]!;
      learned[index]!.tokens.push({ content, vectors: count, firstId: counts[index]!, source });
      learned[index]!.rows.push(tensor);
      counts[index]! += count;
    }
  };
  for (const request of requests) {
    const file = await readEmbeddingFile(request.path);
    for (const word of wordsOf(file, request.token)) add(word, file.path);
  }
  const warnings: string[] = [];
  for (const { path, words } of bundled) {
    // Where the file is given as a textual inversion too, its words are there by now.
    if (requests.some((request) => request.path === path)) continue;
    for (const word of words) {
      try {
        add(word, path, `in ${path}`);
      } catch (thrown) {
        if (!(thrown instanceof EaselError)) throw thrown;
        warnings.push(
          `The textual inversion "${word.token}" of a LoRA is not used. ${thrown.message}`,
        );
      }
    }
  }
  const encoders = targets.map(({ tokenizer }, index) => {
    const { tokens, rows } = learned[index]!;
    if (tokens.length === 0) return { tokenizer, wrap: undefined };
    const wrap: WrapWeights = (weights, graph) => new EmbeddingWeights(weights, graph, rows);
    return { tokenizer: tokenizer.withLearnedTokens(tokens), wrap };
  });
  return { encoders, warnings };
}

/**
 * The words of a file, or all its vectors under the word that the request names.
 * @throws EaselError `bad-request` if a file of several words is to have one
 */
function wordsOf({ path, words, whole }: EmbeddingFile, token?: string): readonly LearnedWord[] {
  if (token === undefined) return words;
  if (whole !== undefined) return [{ ...whole, token }];
  const own = words.map((word) => word.token).join(', ');
  const message = `${path} has several words (${own.slice(0, 200)}). Leave out ":${token}", and use these words.`;
  throw new EaselError('bad-request', message, { path, token });
}

/** The tensor of this width. */
function ofWidth(vectors: readonly TensorRef[], width: number): TensorRef | undefined {
  return vectors.find(({ shape }) => shape.at(-1) === width && !shape.includes(0));
}

function misfit(
  path: string,
  vectors: readonly TensorRef[],
  targets: readonly EmbeddingTarget[],
): EaselError {
  const widths = vectors.map(({ shape }) => shape.at(-1) ?? 0);
  const own = targets.map(({ hiddenSize }) => hiddenSize).join(' and ');
  const message =
    `${path} was made for another kind of model: its vectors are ${widths.join(' and ')} wide, this model's ${own}. ` +
    'Stable Diffusion 1 has 768, Stable Diffusion 2 has 1024, XL has 768 and 1280.';
  return new EaselError('unsupported-model', message, { path });
}

function taken(path: string, content: string, by: string): EaselError {
  const message =
    `The word "${content}" is already used by ${by}. Choose another word for ${path}, ` +
    `as in --embedding ${path}:my-word.`;
  return new EaselError('bad-request', message, { path, token: content });
}
