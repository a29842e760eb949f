import { requireFinite } from '../../../../core/diffusion/finite';
import { alignChunks, chunkPrompt, type TokenChunk } from '../../../../core/prompt/chunks';
import { parseWeightedPrompt, emphasize } from '../../../../core/prompt/attention';
import type { PromptSyntax } from '../../../../core/request/request';
import type { ClipTokenizer } from '../../../../core/tokenizer';
import type { ClipSkip } from '../../../graph/clip-text';
import type { NetworkSession } from '../../../runtime/session';
import type { PromptOptions, PromptPair } from '../../model';
import type { Networks } from '../../network';
import { concatenate } from '../../arrays';
import type { ClipTextEncoder } from './encoder';

/** An encoded prompt. Each array has one row for each entry of the UNet's batch: 2 with guidance, else 1. */
export interface TextEmbeddings {
  /**
   * For each row float32 [tokens, width]; the width is the sum of all encoders'. With guidance, the negative
   * prompt is first.
   */
  readonly embeds: readonly Float32Array[];
  /** The encoder's length (77), or a multiple of it for long weighted prompts. Equal for all rows. */
  readonly tokens: number;
  /** For each row float32 [projection_dim], in the order of `embeds`: the pooled features of the last encoder. */
  readonly pooled: readonly Float32Array[];
}

export interface ClipPromptOptions extends PromptOptions {
  /**
   * Which features to use: the last layer's, or those of the layer before it (SDXL), from which
   * `clipSkip` counts.
   */
  readonly states: ClipStates;
  /** Whether an empty negative prompt becomes zeros instead of being encoded (SDXL). */
  readonly zeroEmptyNegative: boolean;
}

/** `last_layer`: the last layer's without the final layer norm, which allows no `clipSkip`. */
export type ClipStates = 'last_hidden_state' | 'penultimate_hidden_state' | 'last_layer';

/**
 * The features that `clip_skip` of diffusers' pipelines chooses: with the final layer norm where the pipeline
 * uses the last layer's, and without it in SDXL.
 */
export function clipSkipOf(states: ClipStates, clipSkip: number): ClipSkip {
  return {
    layersAfter: states === 'penultimate_hidden_state' ? clipSkip + 1 : clipSkip,
    normalized: states === 'last_hidden_state',
  };
}

/**
 * Encodes prompts like `encode_prompt` of diffusers' StableDiffusionPipeline and StableDiffusionXLPipeline:
 * the features of all encoders are joined along the width; the pooled features are the last encoder's.
 * The first encoder reads `prompt`, the others `prompt2`; the negative prompt is that of none if both are empty.
 * Weighted prompts are encoded in chunks, as in AUTOMATIC1111; the pooled features are then the first chunk's.
 * Where the encoders' prompts have different numbers of chunks, empty ones are added, as in ComfyUI
 * (`CLIPTextEncodeSDXL`).
 * `clipSkip` is for the prompt alone, as in diffusers, and in weighted prompts also for the negative prompt, as in
 * AUTOMATIC1111. The text encoders must have the layers (`Model.checkConditions`).
 * @returns one result for each prompt, in order
 * @throws EaselError `bad-request` for an invalid weight, `not-finite`, `cancelled`; errors of opening the encoder
 */
export async function encodeClipPrompts(
  networks: Networks,
  encoders: readonly ClipTextEncoder[],
  prompts: readonly PromptPair[],
  options: ClipPromptOptions,
): Promise<readonly TextEmbeddings[]> {
  const chunksByEncoder = alignedChunks(encoders, prompts, options, (message) =>
    networks.warn(message),
  );
  for (const note of learnedNotes(encoders, prompts, options.guided)) networks.warn(note);
  const { states, clipSkip = 0 } = options;
  const isLastLayer = states === 'last_layer';
  const skip = clipSkip > 0 || isLastLayer ? clipSkipOf(states, clipSkip) : undefined;
  const encoded: EncodedText[][][] = [];
  for (const [index, encoder] of encoders.entries()) {
    const network = skip ? encoder.skipping!(skip) : encoder.network;
    const runs = options.guided ? 2 : 1;
    encoded.push(
      await networks.use(network, { runs }, async (session) => {
        const rows: EncodedText[][] = [];
        for (const row of chunksByEncoder[index]!) {
          rows.push([]);
          for (const [place, one] of row.entries()) {
            const isPrompt = place === row.length - 1;
            const skips = skip && (isPrompt || options.promptSyntax === 'weighted');
            const output = skips || isLastLayer ? 'skipped_hidden_state' : states;
            rows.at(-1)!.push(await encodeChunks(session, one, output));
          }
        }
        return rows;
      }),
    );
  }
  const { maxLength } = encoders[0]!.tokenizer;
  return prompts.map(({ negativePrompt, negativePrompt2 }, index) => {
    const noNegative = negativePrompt === '' && !negativePrompt2;
    const zeroFirst = options.zeroEmptyNegative && options.guided && noNegative;
    const perEncoder = encoded.map((rows) => rows[index]!);
    return joinEncoders(perEncoder, maxLength, zeroFirst);
  });
}

/** What an encoder reads of each prompt: with guidance, the negative prompt is first. */
function textsOf(encoder: number, prompts: readonly PromptPair[], guided: boolean): string[][] {
  return prompts.map(({ prompt, negativePrompt, prompt2, negativePrompt2 }) => {
    const own = (first: string, second = '') => (encoder === 0 || second === '' ? first : second);
    const positive = own(prompt, prompt2);
    const negative = own(negativePrompt, negativePrompt2);
    return guided ? [negative, positive] : [positive];
  });
}

/** @returns for each encoder the chunks of its texts, of which all encoders have the same number */
function alignedChunks(
  encoders: readonly ClipTextEncoder[],
  prompts: readonly PromptPair[],
  { guided, promptSyntax }: ClipPromptOptions,
  warn: (message: string) => void,
): readonly (readonly TokenChunk[])[][][] {
  const known = new Set<string>();
  const warnOnce = (message: string) => {
    if (!known.has(message)) warn(message);
    known.add(message);
  };
  const all = encoders.map(({ tokenizer }, encoder) =>
    textsOf(encoder, prompts, guided).map((texts) =>
      texts.map((text) => chunksOf(text, tokenizer, promptSyntax, warnOnce)),
    ),
  );
  return all.map((rows, encoder) =>
    rows.map((texts, row) =>
      texts.map((chunks, text) => {
        const most = Math.max(...all.map((other) => other[row]![text]!.length));
        const [empty] = chunkPrompt([], encoders[encoder]!.tokenizer);
        return [...chunks, ...Array<TokenChunk>(most - chunks.length).fill(empty!)];
      }),
    ),
  );
}

/** What the user should know about the words of textual inversions in the prompts. */
function learnedNotes(
  encoders: readonly ClipTextEncoder[],
  prompts: readonly PromptPair[],
  guided: boolean,
): string[] {
  const uses = encoders.flatMap(({ tokenizer }, encoder) =>
    textsOf(encoder, prompts, guided)
      .flat()
      .flatMap((text) => tokenizer.learnedUses(text)),
  );
  const notes = uses.flatMap(({ token: { content, vectors }, vectors: found }) =>
    found === 'first'
      ? `The textual inversion's word is "${content}". In another case, only the first of its ${vectors} vectors is used. Write it as "${content}".`
      : [],
  );
  for (const source of new Set(uses.map(({ token }) => token.source))) {
    const own = uses.filter(({ token }) => token.source === source);
    if (source === undefined || own.some(({ vectors }) => vectors !== 'none')) continue;
    const words = [...new Set(own.map(({ token }) => `"${token.content}"`))].join(', ');
    const where = guided ? 'the prompt or the negative prompt' : 'the prompt';
    const why = guided ? '' : ' (without guidance, the negative prompt is not read)';
    notes.push(
      `The word of the textual inversion ${source}, ${words}, is not in ${where}${why}: it changes nothing.`,
    );
  }
  return notes;
}

interface EncodedText {
  /** The features of all chunks, concatenated: float32 [chunks · tokens, width]. */
  readonly hidden: Float32Array;
  /** float32 [projection_dim], of the first chunk. */
  readonly pooled: Float32Array;
  readonly chunks: number;
}

/** @param encoders for each encoder its encoded texts, the negative one first */
function joinEncoders(
  encoders: readonly (readonly EncodedText[])[],
  maxLength: number,
  zeroFirst: boolean,
): TextEmbeddings {
  const last = encoders.at(-1)!;
  const counts = last.map(({ chunks }) => chunks * maxLength);
  const rows = counts.map((tokens, row) =>
    sideBySide(
      encoders.map((texts) => texts[row]!.hidden),
      tokens,
    ),
  );
  const width = rows[0]!.length / counts[0]!;
  const embeds = alignChunks(rows, maxLength * width);
  const pooled = last.map((text) => text.pooled);
  const tokens = embeds[0]!.length / width;
  if (zeroFirst) {
    embeds[0]!.fill(0);
    pooled[0]!.fill(0);
  }
  return { embeds, tokens, pooled };
}

function chunksOf(
  text: string,
  tokenizer: ClipTokenizer,
  syntax: PromptSyntax,
  warn: (message: string) => void,
): readonly TokenChunk[] {
  return syntax === 'weighted'
    ? chunkPrompt(parseWeightedPrompt(text), tokenizer)
    : [wholePrompt(tokenizer, text, warn)];
}

/** The tokens of a prompt as in diffusers: cut off at the encoder's length, all weights 1. */
function wholePrompt(
  tokenizer: ClipTokenizer,
  prompt: string,
  warn: (message: string) => void,
): TokenChunk {
  const { ids, truncatedText } = tokenizer.encode(prompt);
  if (truncatedText) {
    warn(
      `The prompt is longer than the ${ids.length} tokens that the model reads. This part was left out: "${truncatedText}"`,
    );
  }
  return { ids, weights: new Float32Array(ids.length).fill(1) };
}

async function encodeChunks(
  session: NetworkSession,
  chunks: readonly TokenChunk[],
  output: Exclude<ClipStates, 'last_layer'> | 'skipped_hidden_state',
): Promise<EncodedText> {
  const hidden: Float32Array[] = [];
  let pooled: Float32Array | undefined;
  for (const { ids, weights } of chunks) {
    const outputs = await session.run({
      input_ids: { type: 'int32', data: ids, dims: [1, ids.length] },
    });
    const features = outputs[output]!;
    requireFinite(features, { place: 'text encoder' });
    hidden.push(emphasize(features, weights));
    pooled ??= outputs.text_embeds ?? outputs.pooler_output;
  }
  // An exported encoder of SD 1.x may have none, and its UNet does not read them.
  if (pooled) requireFinite(pooled, { place: 'text encoder' });
  return { hidden: concatenate(hidden), pooled: pooled!, chunks: chunks.length };
}

/** Joins arrays [tokens, width] along the width: [tokens, sum of widths]. */
function sideBySide(parts: readonly Float32Array[], tokens: number): Float32Array {
  if (parts.length === 1) return parts[0]!;
  const widths = parts.map((part) => part.length / tokens);
  const width = widths.reduce((sum, value) => sum + value, 0);
  const joined = new Float32Array(tokens * width);
  for (let token = 0; token < tokens; token++) {
    let offset = token * width;
    for (const [i, part] of parts.entries()) {
      const own = widths[i]!;
      joined.set(part.subarray(token * own, (token + 1) * own), offset);
      offset += own;
    }
  }
  return joined;
}
