import { alignChunks } from '../../core/prompt/alignment';
import { parseWeightedPrompt } from '../../core/prompt/attention';
import { chunkPrompt, type TokenChunk } from '../../core/prompt/chunks';
import { emphasize } from '../../core/prompt/emphasis';
import type { PromptSyntax } from '../../core/request/request';
import type { ClipTokenizer } from '../../core/tokenizer';
import type { Networks } from './networks';
import type { NetworkSession } from '../runtime/session';
import { concatenate } from './unet-call';

/** What the UNet is told in words: a row for each entry of its batch. */
export interface TextCondition {
  /** Each [tokens, width]; the negative prompt's first where guidance is on. */
  readonly embeds: readonly Float32Array[];
  /** As many as a text encoder reads, or a multiple of that for long weighted prompts. */
  readonly tokens: number;
  /** SDXL: the pooled features, each [projection_dim]. */
  readonly pooled: readonly Float32Array[] | undefined;
}

export interface TextRequest {
  readonly prompt: string;
  readonly negativePrompt: string;
  readonly promptSyntax: PromptSyntax;
  readonly guided: boolean;
  /** Free each text encoder once it is done. */
  readonly keepLoaded: boolean;
  readonly onWarning: (message: string) => void;
}

/**
 * Encodes the prompts as the pipelines' `encode_prompt` does (diffusers, StableDiffusionPipeline and
 * StableDiffusionXLPipeline): the last hidden state, or in SDXL the penultimate ones of both encoders side
 * by side with the second's pooled features. Weighted prompts go through chunk by chunk, as in
 * AUTOMATIC1111; the pooled features are then the first chunk's.
 */
export async function encodeText(networks: Networks, request: TextRequest): Promise<TextCondition> {
  const { textEncoders, zeroEmptyNegative } = networks.model;
  const xl = textEncoders.length === 2;
  const { prompt, negativePrompt, promptSyntax, guided } = request;
  const texts = guided ? [negativePrompt, prompt] : [prompt];
  const hidden: Float32Array[][] = texts.map(() => []);
  const chunkCounts: number[] = [];
  let pooled: Float32Array[] = [];
  for (const [index, { tokenizer }] of textEncoders.entries()) {
    const session = await networks.textEncoder(index, texts.length);
    pooled = [];
    for (const [row, text] of texts.entries()) {
      // Both encoders of SDXL read the same words; one warning is enough.
      const warn = index === 0 ? request.onWarning : () => undefined;
      const chunks =
        promptSyntax === 'weighted'
          ? chunkPrompt(parseWeightedPrompt(text), tokenizer)
          : [wholePrompt(tokenizer, text, warn)];
      const encoded = await encodeChunks(session, chunks, xl);
      hidden[row]!.push(encoded.hidden);
      pooled.push(encoded.pooled);
      chunkCounts[row] = chunks.length;
    }
    if (!request.keepLoaded) await networks.dropTextEncoder(index);
  }
  const { maxLength } = textEncoders[0]!.tokenizer;
  const counts = chunkCounts.map((count) => count * maxLength);
  const rows = hidden.map((parts, row) => sideBySide(parts, counts[row]!));
  const width = rows[0]!.length / counts[0]!;
  const embeds = alignChunks(rows, maxLength * width);
  const tokens = embeds[0]!.length / width;
  if (xl && guided && negativePrompt === '' && zeroEmptyNegative) {
    embeds[0]!.fill(0);
    pooled[0]!.fill(0);
  }
  return { embeds, tokens, pooled: xl ? pooled : undefined };
}

/** A prompt as diffusers gives it to the encoder: cut off where it is too long, no token more than another. */
function wholePrompt(
  tokenizer: ClipTokenizer,
  prompt: string,
  onWarning: (message: string) => void,
): TokenChunk {
  const { ids, truncatedText } = tokenizer.encode(prompt);
  if (truncatedText) {
    onWarning(
      `The prompt is longer than the ${ids.length} tokens the model reads; this was left out: "${truncatedText}"`,
    );
  }
  return { ids, weights: new Float32Array(ids.length).fill(1) };
}

/** @returns the hidden states of all chunks, one behind the other, and the first one's pooled features */
async function encodeChunks(
  session: NetworkSession,
  chunks: readonly TokenChunk[],
  xl: boolean,
): Promise<{ readonly hidden: Float32Array; readonly pooled: Float32Array }> {
  const hidden: Float32Array[] = [];
  let pooled: Float32Array | undefined;
  for (const { ids, weights } of chunks) {
    const outputs = await session.run({
      input_ids: { type: 'int32', data: ids, dims: [1, ids.length] },
    });
    const states = (xl ? outputs.penultimate_hidden_state : outputs.last_hidden_state)!;
    hidden.push(emphasize(states, weights));
    pooled ??= (outputs.text_embeds ?? outputs.pooler_output)!;
  }
  return { hidden: concatenate(hidden), pooled: pooled! };
}

/** Joins [tokens, width] arrays along their widths. */
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
