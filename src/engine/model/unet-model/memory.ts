import { computeTypeOf, NUMBER_BYTES } from '../../../core/devices';
import type { UNetConfig } from '../../graph/unet-config';
import { ipAdapterMemory } from '../components/ip-adapter/memory';
import { unetWeightBytes } from '../components/unet/unet';
import { adapterMemory, controlNetsOf } from '../controls/given';
import type { LatentSize } from '../latent-space';
import { estimateJobMemory } from '../memory';
import type { MemoryEstimate, MemoryUse } from '../model';
import type { UNetModelParts } from './parts';

interface UNetMemoryUse extends MemoryUse {
  /** Of the image, in cells. */
  readonly latents: LatentSize;
  /** Rows of the UNet's batch without perturbed attention. */
  readonly rows: number;
}

/** Estimates the memory of a job with all that was added to the model. */
export function estimateUNetMemory(
  parts: UNetModelParts,
  { width, height, latents, rows, perturbed = false, steps, precision = 'full', vaeTiling, card }: UNetMemoryUse, // prettier-ignore
): MemoryEstimate {
  const { unet, autoencoder, editedEncoder = autoencoder, textEncoders, seamless } = parts;
  const { controls = [], ipAdapters = [], safetyChecker } = parts;
  const type = computeTypeOf(precision);
  const place = card ? 'card' : 'processor';
  const batch = rows + (perturbed ? 1 : 0);
  const cells = latents.width * latents.height;
  const use = { batch, cells, runs: steps, precision, place } as const;
  const controlNets = controlNetsOf(controls);
  const controlBytes = controlNets.map((one) => unetWeightBytes(one, use));
  const imagePrompts = ipAdapterMemory(ipAdapters, unet.config, use);
  const shape = {
    batch,
    factor: autoencoder.spatialFactor,
    latentWidth: latents.width,
    latentHeight: latents.height,
    attentionCells: cells / 4 ** selfAttentionLevel(unet.config),
    unetChannels: unet.config.down[0]?.channels ?? 0,
    unetWeightBytes: [...controlBytes, ...imagePrompts.layers].reduce(
      (sum, bytes) => sum + bytes,
      unet.weightBytes(use),
    ),
    controlNets: controlNets.length,
    adapters: adapterMemory(controls, { width, height }, { precision, place }),
    unetNumberBytes: NUMBER_BYTES[type],
    encoderWeightBytes: [
      ...textEncoders.map(({ memoryBytes }) => memoryBytes(type, place)),
      ...imagePrompts.encoders,
      ...(safetyChecker ? [safetyChecker.memoryBytes(place)] : []),
    ],
    vae: editedEncoder.memory(precision, place),
    isSeamless: seamless !== undefined,
  };
  return estimateJobMemory(shape, { vaeTiling, card });
}

/** The first level where cells attend to each other, from 0; Stable Diffusion x4 Upscaler has it at the last alone. */
function selfAttentionLevel({ down }: UNetConfig): number {
  const first = down.findIndex(
    ({ transformers }) => transformers && !transformers.onlyCrossAttention,
  );
  return first < 0 ? down.length - 1 : first;
}
