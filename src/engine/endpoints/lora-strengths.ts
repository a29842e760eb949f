import { EaselError } from '../../core/errors';
import { loraStrengths, writeLoraWeights } from '../../core/request/lora-weights';
import type { RemoteRequest } from './protocol';

type Lora = RemoteRequest['loras'][number];

/**
 * The scales of a LoRA for a server that takes one for the text encoders and one for the UNet.
 * @throws EaselError `bad-request` where parts of these have weights
 */
export function twoStrengths(lora: Lora): { readonly text: number; readonly unet: number } {
  const { text, unet, others } = loraStrengths(lora);
  if (others.length === 0) return { text, unet };
  throw notTaken(lora, 'one scale for the text encoders (text) and one for the UNet (unet)');
}

/** The scale of a LoRA for a server that takes one. @throws EaselError `bad-request` where parts have weights */
export function oneStrength(lora: Lora): number {
  const { text, unet, others } = loraStrengths(lora);
  if (others.length === 0 && text === unet) return unet;
  throw notTaken(lora, 'one scale');
}

function notTaken({ path, weights }: Lora, takes: string): EaselError {
  return new EaselError(
    'bad-request',
    `loras: the endpoint takes ${takes} for a LoRA, and ${path} has ${writeLoraWeights(weights)}. ` +
      'Leave these weights out, or draw on this machine.',
    { field: 'loras' },
  );
}
