import { EaselError } from '../../core/errors';
import type { ClipTokenizer, LearnedToken } from '../../core/tokenizer';
import type { WrapWeights } from '../graph/weights';
import type { TensorRef } from '../weights/source';
import { readEmbeddingFile, type EmbeddingFile, type LearnedWord } from './embedding-file';
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

/**
 * Reads textual inversions and adds them to the text encoders of the same width: a token for the vectors, and
 * rows at the end of the embedding table, like diffusers' `load_textual_inversion`.
 *
 * @returns one result for each target, in order
 * @throws EaselError `unsupported-model` (not a textual inversion, or one that fits no encoder), `bad-request`
 *   (a token is used twice, or is in the vocabulary), `model-incomplete` (no such file), `bad-file`,
 *   `unsafe-file`
 */
export async function openEmbeddings(
  requests: readonly EmbeddingRequest[],
  targets: readonly EmbeddingTarget[],
): Promise<readonly LearnedTokens[]> {
  const learned = targets.map(() => ({ tokens: [] as LearnedToken[], rows: [] as TensorRef[] }));
  const counts = targets.map(({ vocabSize }) => vocabSize);
  const used = new Set<string>();
  for (const request of requests) {
    const file = await readEmbeddingFile(request.path);
    for (const { token: content, vectors } of wordsOf(file, request.token)) {
      if (used.has(content)) throw taken(request, content, 'another textual inversion');
      used.add(content);
      const fitting = targets.map(({ hiddenSize }) => ofWidth(vectors, hiddenSize));
      if (fitting.every((tensor) => tensor === undefined)) throw misfit(file, vectors, targets);
      for (const [index, tensor] of fitting.entries()) {
        if (tensor === undefined) continue;
        if (targets[index]!.tokenizer.knows(content))
          throw taken(request, content, "the model's vocabulary");
        const count = tensor.shape.length === 1 ? 1 : tensor.shape[0]!;
        const source = file.path;
        learned[index]!.tokens.push({ content, vectors: count, firstId: counts[index]!, source });
        learned[index]!.rows.push(tensor);
        counts[index]! += count;
      }
    }
  }
  return targets.map(({ tokenizer }, index) => {
    const { tokens, rows } = learned[index]!;
    if (tokens.length === 0) return { tokenizer, wrap: undefined };
    const wrap: WrapWeights = (weights, graph) => new EmbeddingWeights(weights, graph, rows);
    return { tokenizer: tokenizer.withLearnedTokens(tokens), wrap };
  });
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
  { path }: EmbeddingFile,
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

function taken({ path }: EmbeddingRequest, content: string, by: string): EaselError {
  const message =
    `The word "${content}" is already used by ${by}. Choose another word for ${path}, ` +
    `as in --embedding ${path}:my-word.`;
  return new EaselError('bad-request', message, { path, token: content });
}
