import { existsSync } from 'node:fs';
import path from 'node:path';
import { computeTypeOf, NUMBER_BYTES, type Precision } from '../../../../core/devices';
import { EaselError } from '../../../../core/errors';
import type { SeamlessAxes } from '../../../../core/request/seamless';
import { buildTinyDecoder, buildTinyEncoder } from '../../../graph/tiny-vae';
import { parseTinyVaeConfig, type TinyVaeConfig } from '../../../graph/tiny-vae-config';
import { requireInside } from '../../../io/containment';
import { findSnapshot, hubCacheFolder } from '../../../store/hub-cache';
import { readJsonObject } from '../../../store/model-folder';
import {
  weightMemory,
  type WeightPlace,
  openComponentWeights,
  openWeightFile,
  type WeightSource,
} from '../../../weights/source';
import type { LatentSize } from '../../latent-space';
import type { DecodedImage, DecodeOptions, EncodeOptions, LatentDistribution } from '../../model';
import { graphNetwork, type Network, type Networks } from '../../network';
import { autoencoderKey, type Autoencoder, type AutoencoderMemory } from './autoencoder';

/** AutoencoderTiny, TAESD (diffusers, models/autoencoders/autoencoder_tiny.py). Encoding is not random. */
export class TinyAutoencoder implements Autoencoder {
  readonly isTiny = true;
  readonly latentChannels: number;
  readonly spatialFactor: number;
  readonly scalingFactor: number;
  readonly shiftFactor = undefined;
  readonly statistics = undefined;

  /** @param opacity the weights of the opacity filter, if the model has one; see `openOpacity` */
  constructor(
    private readonly config: TinyVaeConfig,
    private readonly weights: WeightSource,
    private readonly opacity?: WeightSource,
  ) {
    this.latentChannels = config.latentChannels;
    this.spatialFactor = config.spatialFactor;
    this.scalingFactor = config.scalingFactor;
  }

  memory(precision: Precision, place: WeightPlace): AutoencoderMemory {
    const { config, weights } = this;
    const type = computeTypeOf(precision);
    return {
      weightBytes: weightMemory(weights, type, { place }),
      numberBytes: NUMBER_BYTES[type],
      channels: config.decoder.at(-1)?.channels ?? 0,
      tileSize: undefined,
    };
  }

  decode(
    networks: Networks,
    latents: Float32Array,
    size: LatentSize,
    { runs, seamless }: DecodeOptions,
  ): Promise<DecodedImage> {
    const dims = [1, this.latentChannels, size.height, size.width];
    const network = this.decoder(size, seamless);
    return networks.use(network, { runs, after: 'keep' }, async (session) => {
      const outputs = await session.run({
        latent_sample: { type: 'float32', data: latents, dims },
      });
      return { sample: outputs.sample!, opacity: outputs.opacity };
    });
  }

  async encode(
    networks: Networks,
    planes: Float32Array,
    size: LatentSize,
    { after, seamless }: EncodeOptions,
  ): Promise<LatentDistribution> {
    const f = this.spatialFactor;
    const dims = [1, 3, size.height * f, size.width * f];
    const network = this.encoder(size, seamless);
    const latents = await networks.use(network, { runs: 1, after }, async (session) => {
      const outputs = await session.run({ sample: { type: 'float32', data: planes, dims } });
      return outputs.latents!;
    });
    return () => latents;
  }

  private decoder(size: LatentSize, seamless: SeamlessAxes | undefined): Network {
    const { config, weights, opacity } = this;
    const key = autoencoderKey('tiny vae decoder', size, seamless);
    return graphNetwork({ component: 'vae', key, weights, takesBytes: true }, (target) =>
      buildTinyDecoder(config, weights, { batch: 1, ...size, target, seamless }, opacity),
    );
  }

  private encoder(size: LatentSize, seamless: SeamlessAxes | undefined): Network {
    const { config, weights } = this;
    const key = autoencoderKey('tiny vae encoder', size, seamless);
    const pixels = {
      width: size.width * config.spatialFactor,
      height: size.height * config.spatialFactor,
    };
    return graphNetwork({ component: 'vae', key, weights, takesBytes: true }, (target) =>
      buildTinyEncoder(config, weights, { batch: 1, ...pixels, target, seamless }),
    );
  }
}

/**
 * Opens `opacity.safetensors`, Easel's addition to an AutoencoderTiny's folder: `weight`
 * [1, channels, 3, 3] and `bias` [1] of a convolution beside the last layer that computes the opacity.
 * diffusers ignores this file.
 * @returns undefined if there is no such file
 */
export async function openOpacity(folder: string): Promise<WeightSource | undefined> {
  const file = path.join(folder, 'opacity.safetensors');
  if (!existsSync(file)) return undefined;
  await requireInside(file, folder);
  return openWeightFile(file);
}

/**
 * Opens a tiny autoencoder (github.com/madebyollin/taesd) from the shared cache.
 * @throws EaselError `model-not-found` with the command that downloads it
 */
export async function openCachedTinyAutoencoder(repoId: string): Promise<TinyAutoencoder> {
  const folder = await findSnapshot(hubCacheFolder(), repoId);
  if (!folder) {
    throw new EaselError(
      'model-not-found',
      `The tiny autoencoder of this model is not downloaded. Download it (about 10 MB) with ` +
        `"easel models download ${repoId}", or use --vae full.`,
      { model: repoId },
    );
  }
  const where = path.join(folder, 'config.json');
  const config = parseTinyVaeConfig(await readJsonObject(where, folder), where);
  return new TinyAutoencoder(config, await openComponentWeights(folder));
}
