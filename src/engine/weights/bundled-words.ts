import type { TensorRef } from './source';

/** A word of a textual inversion, with its vectors. */
export interface LearnedWord {
  /** The token for the vectors, if the request names none. */
  readonly token: string;
  /** One tensor [vectors, width] or [width]; for SDXL two, one for each text encoder. */
  readonly vectors: readonly TensorRef[];
}

/** The words in the file of a LoRA. */
export interface BundledWords {
  readonly path: string;
  readonly words: readonly LearnedWord[];
}

/**
 * OneTrainer's names, which AUTOMATIC1111 and ComfyUI read: the word, then the name that the tensor has in a file of its
 * own. Others, such as vectors that are added to the features (`clip_l_out`), are not read there either.
 */
const NAME = /^bundle_emb\.(.+?)\.(?:string_to_param\..+|emb_params|clip_[lg])$/;

/** The word that a tensor of a LoRA file belongs to; undefined for the LoRA's own. */
export function bundledWordOf({ name, shape }: TensorRef): string | undefined {
  return shape.length === 1 || shape.length === 2 ? NAME.exec(name)?.[1] : undefined;
}

/** The words in the file of a LoRA. */
export function bundledWords(tensors: Iterable<TensorRef>): readonly LearnedWord[] {
  const words = new Map<string, TensorRef[]>();
  for (const tensor of tensors) {
    const token = bundledWordOf(tensor);
    if (token === undefined) continue;
    const vectors = words.get(token) ?? [];
    words.set(token, [...vectors, tensor]);
  }
  return [...words].map(([token, vectors]) => ({ token, vectors }));
}
