import type { ClipTokenizer } from '../../core/tokenizer';
import type { Session } from '../session';

/**
 * Encodes a prompt as diffusers' StableDiffusionPipeline.encode_prompt does.
 * @returns last_hidden_state, float32 [tokens, width]
 */
export async function encodePrompt(
  tokenizer: ClipTokenizer,
  encoder: Session,
  prompt: string,
  onWarning: (message: string) => void,
): Promise<Float32Array> {
  const { ids, truncatedText } = tokenizer.encode(prompt);
  if (truncatedText) {
    onWarning(
      `The prompt is longer than the ${ids.length} tokens the model reads; this was left out: "${truncatedText}"`,
    );
  }
  const outputs = await encoder.run({
    input_ids: { type: 'int32', data: ids, dims: [1, ids.length] },
  });
  return outputs.last_hidden_state!;
}
