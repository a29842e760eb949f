import type { ClipTokenizer } from '../../core/tokenizer';
import type { Networks } from './networks';
import type { Session } from '../session';

/** What the UNet is told in words: a row for each entry of its batch. */
export interface TextCondition {
  /** Each [tokens, width]; the negative prompt's first where guidance is on. */
  readonly embeds: readonly Float32Array[];
  readonly tokens: number;
  /** SDXL: the pooled features, each [projection_dim]. */
  readonly pooled: readonly Float32Array[] | undefined;
}

export interface TextRequest {
  readonly prompt: string;
  readonly negativePrompt: string;
  readonly guided: boolean;
  /** Free each text encoder once it is done. */
  readonly keepLoaded: boolean;
  readonly onWarning: (message: string) => void;
}

/**
 * Encodes the prompts as the pipelines' `encode_prompt` does (diffusers, StableDiffusionPipeline and
 * StableDiffusionXLPipeline): the last hidden state, or in SDXL the penultimate ones of both encoders side
 * by side with the second's pooled features.
 */
export async function encodeText(networks: Networks, request: TextRequest): Promise<TextCondition> {
  const { textEncoders, zeroEmptyNegative } = networks.model;
  const xl = textEncoders.length === 2;
  const { prompt, negativePrompt, guided } = request;
  const texts = guided ? [negativePrompt, prompt] : [prompt];
  const hidden: Float32Array[][] = texts.map(() => []);
  let pooled: Float32Array[] = [];
  for (const [index, { tokenizer }] of textEncoders.entries()) {
    const session = await networks.textEncoder(index, texts.length);
    pooled = [];
    for (const [row, text] of texts.entries()) {
      // Both encoders of SDXL read the same words; one warning is enough.
      const warn = index === 0 ? request.onWarning : () => undefined;
      const outputs = await encodePrompt(tokenizer, session, text, warn);
      hidden[row]!.push((xl ? outputs.penultimate_hidden_state : outputs.last_hidden_state)!);
      pooled.push((outputs.text_embeds ?? outputs.pooler_output)!);
    }
    if (!request.keepLoaded) await networks.dropTextEncoder(index);
  }
  const tokens = textEncoders[0]!.tokenizer.maxLength;
  const embeds = hidden.map((parts) => sideBySide(parts, tokens));
  if (xl && guided && negativePrompt === '' && zeroEmptyNegative) {
    embeds[0]!.fill(0);
    pooled[0]!.fill(0);
  }
  return { embeds, tokens, pooled: xl ? pooled : undefined };
}

async function encodePrompt(
  tokenizer: ClipTokenizer,
  encoder: Session,
  prompt: string,
  onWarning: (message: string) => void,
): Promise<Record<string, Float32Array>> {
  const { ids, truncatedText } = tokenizer.encode(prompt);
  if (truncatedText) {
    onWarning(
      `The prompt is longer than the ${ids.length} tokens the model reads; this was left out: "${truncatedText}"`,
    );
  }
  return encoder.run({ input_ids: { type: 'int32', data: ids, dims: [1, ids.length] } });
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
