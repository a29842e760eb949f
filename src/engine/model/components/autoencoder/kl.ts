import {
  computeTypeOf,
  NUMBER_BYTES,
  type ComputeType,
  type Precision,
} from '../../../../core/devices';
import type { JsonObject } from '../../../../core/json';
import { EaselError } from '../../../../core/errors';
import type { SeamlessAxes } from '../../../../core/request/seamless';
import { buildVaeDecoder, buildVaeEncoder } from '../../../graph/vae';
import { parseVaeConfig, type VaeConfig } from '../../../graph/vae-config';
import type { OnnxHeader } from '../../../onnx/header';
import { weightMemory, type WeightPlace, type WeightSource } from '../../../weights/source';
import type { LatentSize } from '../../latent-space';
import { wholeNumber, wholeNumbers, type ExportedFolder } from '../../layouts/exported/folder';
import { exportedNetwork } from '../../layouts/exported/session';
import type { LatentDistribution, DecodedImage, DecodeOptions, EncodeOptions } from '../../model';
import { graphNetwork, type AfterUse, type Network, type Networks } from '../../network';
import { autoencoderKey, type Autoencoder, type AutoencoderMemory } from './autoencoder';
import { needsTiles, runTiled, vaeTiling, type Planes, type VaeTiling } from './tiling';

/** The networks of an AutoencoderKL, for latents of one size; f is the spatial factor. */
interface KlNetworks {
  /** Input `latent_sample` [1, channels, height, width]; output `sample` [1, 3, height · f, width · f]. */
  decoder(size: LatentSize, seamless?: SeamlessAxes): Network;
  /**
   * Input `sample` [1, 3, height · f, width · f]; output `latent_parameters` [1, 2 · channels, height, width], or
   * `latents` [1, channels, height, width] if the graph itself samples them.
   */
  encoder(size: LatentSize, seamless?: SeamlessAxes): Network;
}

const OWN_NOISE =
  "This model's encoder adds random noise that does not depend on the seed. The same seed and initial image " +
  'give another image each time.';

/** AutoencoderKL (diffusers, models/autoencoders/autoencoder_kl.py). */
export class KlAutoencoder implements Autoencoder {
  readonly isTiny = false;
  readonly latentChannels: number;
  readonly spatialFactor: number;
  readonly scalingFactor: number;
  readonly shiftFactor: number | undefined;
  readonly statistics: Autoencoder['statistics'];
  private readonly tiling: VaeTiling;

  private constructor(
    private readonly config: VaeConfig,
    private readonly weightBytes: (type: ComputeType, place: WeightPlace) => number,
    private readonly networks: KlNetworks,
    private readonly needsFloat32: boolean,
  ) {
    const { latentsMean: mean, latentsStd: std } = config;
    this.latentChannels = config.latentChannels;
    this.spatialFactor = config.spatialFactor;
    this.scalingFactor = config.scalingFactor;
    this.shiftFactor = config.shiftFactor;
    this.statistics = mean && std ? { mean, std } : undefined;
    this.tiling = vaeTiling(config.sampleSize, config.spatialFactor);
  }

  /** @param needsFloat32 whether it is computed in float32 where the rest is in float16 */
  static fromWeights(
    config: VaeConfig,
    weights: WeightSource,
    needsFloat32: boolean,
  ): KlAutoencoder {
    const f = config.spatialFactor;
    const network = { component: 'vae', weights, takesBytes: true, needsFloat32 };
    const weightBytes = (type: ComputeType, place: WeightPlace) =>
      weightMemory(weights, type, { place });
    const networks: KlNetworks = {
      decoder: (size, seamless) =>
        graphNetwork({ ...network, key: autoencoderKey('vae decoder', size, seamless) }, (target) =>
          buildVaeDecoder(config, weights, { batch: 1, ...size, target, seamless }),
        ),
      encoder: (size, seamless) =>
        graphNetwork(
          { ...network, key: autoencoderKey('vae encoder', size, seamless) },
          (target) => {
            const pixels = { width: size.width * f, height: size.height * f };
            return buildVaeEncoder(config, weights, { batch: 1, ...pixels, target, seamless });
          },
        ),
    };
    return new KlAutoencoder(config, weightBytes, networks, needsFloat32);
  }

  /** From exported graphs. A folder without an encoder can only decode. */
  static async fromExported(folder: ExportedFolder): Promise<KlAutoencoder> {
    const decoder = await folder.open('vae_decoder');
    const encoder = (await folder.has('vae_encoder'))
      ? await folder.open('vae_encoder')
      : undefined;
    const config = exportedConfig(decoder.header, await folder.config('vae_decoder'));
    const decoderNetwork = exportedNetwork(decoder, { key: 'vae decoder', role: 'vae decoder' });
    const networks: KlNetworks = {
      decoder: () => decoderNetwork,
      encoder: () => {
        if (!encoder) throw noEncoder(folder.id);
        return exportedNetwork(encoder, { key: 'vae encoder', role: 'vae encoder' });
      },
    };
    return new KlAutoencoder(config, () => decoder.totalBytes, networks, true);
  }

  memory(precision: Precision, place: WeightPlace): AutoencoderMemory {
    const { blockOutChannels, sampleSize: tileSize } = this.config;
    const type = this.needsFloat32 ? 'float32' : computeTypeOf(precision);
    // The second last block upsamples to full size before the channels are reduced.
    const channels = blockOutChannels[1] ?? blockOutChannels[0] ?? 0;
    return {
      weightBytes: this.weightBytes(type, place),
      numberBytes: NUMBER_BYTES[type],
      channels,
      tileSize,
    };
  }

  async decode(
    networks: Networks,
    latents: Float32Array,
    size: LatentSize,
    { runs, tiled, seamless }: DecodeOptions,
  ): Promise<DecodedImage> {
    const f = this.spatialFactor;
    const input = { channels: this.latentChannels, ...size, data: latents };
    if (!tiled || !needsTiles(size, this.tiling.decode)) {
      const use = { runs, after: 'keep', seamless } as const;
      return { sample: await this.decodePlanes(networks, input, use) };
    }
    const decodeTile = async (tile: Planes, after: AfterUse) => {
      const data = await this.decodePlanes(networks, tile, { runs, after });
      return { channels: 3, width: tile.width * f, height: tile.height * f, data };
    };
    const tiling = { ...this.tiling.decode, seamless };
    const decoded = await runTiled(input, tiling, decodeTile, 'keep');
    return { sample: decoded.data };
  }

  async encode(
    networks: Networks,
    planes: Float32Array,
    size: LatentSize,
    { tiled, after, seamless }: EncodeOptions,
  ): Promise<LatentDistribution> {
    const f = this.spatialFactor;
    const input = { channels: 3, width: size.width * f, height: size.height * f, data: planes };
    const encodeTile = (tile: Planes, afterTile: AfterUse) =>
      this.encodePlanes(networks, tile, { after: afterTile });
    const encoded =
      tiled && needsTiles(input, this.tiling.encode)
        ? await runTiled(input, { ...this.tiling.encode, seamless }, encodeTile, after)
        : await this.encodePlanes(networks, input, { after, seamless });
    if (encoded.channels === this.latentChannels) {
      networks.warn(OWN_NOISE);
      return () => encoded.data;
    }
    return (noise) => sampleDistribution(encoded.data, noise);
  }

  private decodePlanes(
    networks: Networks,
    { channels, width, height, data }: Planes,
    { seamless, ...use }: Pick<DecodeOptions, 'runs' | 'seamless'> & { readonly after: AfterUse },
  ): Promise<Float32Array> {
    const dims = [1, channels, height, width];
    const network = this.networks.decoder({ width, height }, seamless);
    return networks.use(network, use, async (session) => {
      const outputs = await session.run({ latent_sample: { type: 'float32', data, dims } });
      return outputs.sample!;
    });
  }

  /**
   * @param planes [3, height · f, width · f]
   * @returns the distribution's parameters [2 · channels, height, width], or latents
   *   [channels, height, width] if the encoder samples them itself
   */
  private async encodePlanes(
    networks: Networks,
    { channels, width, height, data }: Planes,
    { after, seamless }: Pick<EncodeOptions, 'after' | 'seamless'>,
  ): Promise<Planes> {
    const f = this.spatialFactor;
    const size = { width: width / f, height: height / f };
    const dims = [1, channels, height, width];
    const encoded = await networks.use(
      this.networks.encoder(size, seamless),
      { runs: 1, after },
      async (session) => {
        const outputs = await session.run({ sample: { type: 'float32', data, dims } });
        return outputs.latents ?? outputs.latent_parameters!;
      },
    );
    return { ...size, channels: encoded.length / (size.width * size.height), data: encoded };
  }
}

/**
 * Draws latents from a distribution (diffusers, DiagonalGaussianDistribution.sample).
 * @param parameters float32 [2 · channels, height, width]: means, then logarithms of variances
 */
function sampleDistribution(
  parameters: Float32Array,
  noise: (count: number) => Float32Array,
): Float32Array {
  const count = parameters.length / 2;
  return noise(count).map((value, i) => {
    const logVariance = Math.min(Math.max(parameters[count + i]!, -30), 20);
    const deviation = Math.fround(Math.exp(Math.fround(0.5 * logVariance)));
    return parameters[i]! + Math.fround(deviation * value);
  });
}

/**
 * The config of an exported autoencoder. A folder without one is of Stable Diffusion 1.x or 2.x, which all
 * have the same autoencoder.
 */
function exportedConfig({ inputs, path: where }: OnnxHeader, json: JsonObject): VaeConfig {
  const { scaling_factor, latents_mean, latents_std, force_upcast, sample_size = 512 } = json;
  const blockOutChannels = wholeNumbers(json.block_out_channels) ?? [128, 256, 512, 512];
  const channels = inputs[0]?.shape?.[1] ?? wholeNumber(json.latent_channels) ?? 4;
  const picked = {
    scaling_factor,
    latents_mean,
    latents_std,
    force_upcast,
    sample_size,
    block_out_channels: blockOutChannels,
    down_block_types: blockOutChannels.map(() => 'DownEncoderBlock2D'),
    up_block_types: blockOutChannels.map(() => 'UpDecoderBlock2D'),
    latent_channels: channels,
    norm_num_groups: 1,
  };
  const given = Object.entries(picked).filter(([, value]) => value !== undefined);
  return parseVaeConfig(Object.fromEntries(given), where);
}

function noEncoder(id: string): EaselError {
  return new EaselError(
    'model-incomplete',
    `${id} has no vae_encoder, so it cannot use an initial image. Use a folder that has one.`,
  );
}
