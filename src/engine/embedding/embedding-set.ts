import { EaselError } from '../../core/errors';
import type { ClipTokenizer, LearnedToken } from '../../core/tokenizer';
import type { WrapWeights } from '../graph/weights';
import type { TensorRef } from '../weights/source';
import { readEmbeddingFile, type EmbeddingFile } from './embedding-file';
import { EmbeddingWeights } from './embedding-weights';

/** A textual inversion, and the word for it where it is not the file's own. */
export interface EmbeddingRequest {
  readonly path: string;
  readonly token?: string | undefined;
}

/** A text encoder that learned words are given to. */
export interface EmbeddingTarget {
  readonly tokenizer: ClipTokenizer;
  readonly vocabSize: number;
  readonly hiddenSize: number;
}

/** A text encoder's new words: its tokenizer, and its graph's embeddings. */
export interface LearnedWords {
  readonly tokenizer: ClipTokenizer;
  readonly wrap: WrapWeights | undefined;
}

/**
 * Reads textual inversions and gives each text encoder those of its width: a word that stands for the vectors,
 * and rows behind its table of embeddings, as diffusers' `load_textual_inversion`.
 *
 * @throws EaselError `unsupported-model` where a file fits no encoder; `bad-request` where a word has a meaning
 *   already; and as `readEmbeddingFile`.
 */
export async function openEmbeddings(
  requests: readonly EmbeddingRequest[],
  targets: readonly EmbeddingTarget[],
): Promise<readonly LearnedWords[]> {
  const learned = targets.map(() => ({ tokens: [] as LearnedToken[], rows: [] as TensorRef[] }));
  const counts = targets.map(({ vocabSize }) => vocabSize);
  const used = new Set<string>();
  for (const request of requests) {
    const file = await readEmbeddingFile(request.path);
    const content = request.token ?? file.token;
    if (used.has(content)) throw taken(request, content, 'another textual inversion');
    used.add(content);
    const fitting = targets.map(({ hiddenSize }) => vectorsOf(file, hiddenSize));
    if (fitting.every((tensor) => tensor === undefined)) throw misfit(file, targets);
    for (const [index, tensor] of fitting.entries()) {
      if (tensor === undefined) continue;
      if (targets[index]!.tokenizer.knows(content))
        throw taken(request, content, 'a word of the model');
      const vectors = tensor.shape.length === 1 ? 1 : tensor.shape[0]!;
      learned[index]!.tokens.push({ content, vectors, firstId: counts[index]! });
      learned[index]!.rows.push(tensor);
      counts[index]! += vectors;
    }
  }
  return targets.map(({ tokenizer }, index) => {
    const { tokens, rows } = learned[index]!;
    if (tokens.length === 0) return { tokenizer, wrap: undefined };
    const wrap: WrapWeights = (weights, graph) => new EmbeddingWeights(weights, graph, rows);
    return { tokenizer: tokenizer.withLearnedTokens(tokens), wrap };
  });
}

/** The file's tensor of that width. */
function vectorsOf({ vectors }: EmbeddingFile, width: number): TensorRef | undefined {
  return vectors.find(({ shape }) => shape.at(-1) === width && !shape.includes(0));
}

function misfit({ path, vectors }: EmbeddingFile, targets: readonly EmbeddingTarget[]): EaselError {
  const widths = vectors.map(({ shape }) => shape.at(-1) ?? 0).join(' and ');
  const own = targets.map(({ hiddenSize }) => hiddenSize).join(' and ');
  const message =
    `${path} was made for another kind of model: its vectors are ${widths} wide, this model's ${own} ` +
    '(768 is Stable Diffusion 1, 1024 is 2, 768 and 1280 are XL).';
  return new EaselError('unsupported-model', message, { path });
}

function taken({ path }: EmbeddingRequest, content: string, by: string): EaselError {
  const message =
    `The word "${content}" already stands for ${by}. Choose another for ${path}, ` +
    `as in --embedding ${path}:my-word.`;
  return new EaselError('bad-request', message, { path, token: content });
}
