import { writeFileSync } from 'node:fs';
import { randomTensors } from './random-weights';
import { encodeSafetensors } from './safetensors-file';

const LAYER = 'unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q';
/** The channels of that layer in the model `sd1` of pipelines/. */
const CHANNELS = 16;
const RANK = 2;

/** Writes a LoRA of one layer, of random weights, for the model `sd1`. @param metadata as trainers write it */
export function writeSmallLora(
  file: string,
  metadata: Readonly<Record<string, string>> = {},
): void {
  const shapes = {
    [`${LAYER}.lora_A.weight`]: [RANK, CHANNELS],
    [`${LAYER}.lora_B.weight`]: [CHANNELS, RANK],
  };
  writeFileSync(file, encodeSafetensors(randomTensors(shapes, 'F32'), metadata));
}
