import type { GenerationRequest } from '../../core/request/request';
import { decodingWantsTiles, estimatePeakBytes, type JobShape } from '../runtime/memory';
import type { WeightSource } from '../weights/source';
import { isGuided, type Model } from '../model/model';
import type { Settings } from './settings';
import { unetWeightBytes } from './unet-memory';

export interface MemoryPlan {
  /** About what the job takes at most. */
  readonly bytes: number;
  /** The autoencoder is to work in tiles. */
  readonly vaeTiling: boolean;
}

/**
 * Plans a job's memory.
 * @param settings of its largest pass
 * @param request whose `vaeTiling` is taken as asked for; where absent, tiles are taken if the whole would be
 *   too large
 */
export function planMemory(
  model: Model,
  settings: Settings,
  { vaeTiling, numImages }: Pick<GenerationRequest, 'vaeTiling' | 'numImages'>,
): MemoryPlan {
  const { spatialFactor: factor } = model.vae.config;
  const shape: JobShape = {
    batch: isGuided(model, settings.guidanceScale) ? 2 : 1,
    latentWidth: settings.width / factor,
    latentHeight: settings.height / factor,
    factor,
    unetChannels: model.unet.config.down[0]?.channels ?? 0,
    vaeChannels: decoderChannels(model),
  };
  const weights = {
    unet: unetWeightBytes(model.unet, {
      batch: shape.batch,
      cells: shape.latentWidth * shape.latentHeight,
      runs: settings.steps * numImages,
    }),
    vae: model.vae.weights.totalBytes + computeBytes(model.vae.weights),
  };
  if (model.vae.kind === 'tiny') {
    return { bytes: estimatePeakBytes(shape, weights), vaeTiling: false };
  }
  const tiled = vaeTiling ?? decodingWantsTiles(shape, weights.vae);
  const tileSize = tiled ? model.vae.config.sampleSize : undefined;
  return { bytes: estimatePeakBytes({ ...shape, tileSize }, weights), vaeTiling: tiled };
}

/** Channels of the decoder's last level, which works on the picture's full size. */
function decoderChannels({ vae }: Model): number {
  if (vae.kind === 'tiny') return vae.config.decoder.at(-1)?.channels ?? 0;
  // The block before the last is upsampled to full size before it is narrowed.
  return vae.config.blockOutChannels[1] ?? vae.config.blockOutChannels[0] ?? 0;
}

/** Bytes of weights once they are float32, as the CPU computes; none of finished graphs, which do not tell. */
function computeBytes(weights: WeightSource): number {
  let elements = 0;
  for (const name of weights.names()) {
    elements += weights.get(name)?.shape.reduce((product, size) => product * size, 1) ?? 0;
  }
  return elements * 4;
}
