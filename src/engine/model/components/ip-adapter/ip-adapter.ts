import type { UNetConfig } from '../../../graph/unet-config';
import { crossAttentions } from '../../../graph/image-prompts';
import { buildImageProjection, type ImageProjection } from '../../../graph/image-projection';
import { resolveIpAdapter } from '../../../store/resolve-adapter';
import type { WeightSource } from '../../../weights/source';
import { readNestedTensors } from '../../../weights/weight-file';
import { graphNetwork, type Network } from '../../network';
import { describeFamily, labelOfTextWidth, unetFamily } from '../unet/unet';
import { readAdapterFile, refused, type AdapterFile } from './adapter-file';
import { featurePositions, openImageEncoder, type ImageEncoder } from './image-encoder';

/** An IP-Adapter. The weights are not loaded yet. */
export interface IpAdapter {
  /** What the user calls it. */
  readonly id: string;
  readonly projection: ImageProjection;
  readonly projectionWeights: WeightSource;
  /** Of the layers in the UNet. */
  readonly weights: WeightSource;
  readonly encoder: ImageEncoder;
}

/** What an IP-Adapter is to be added to. */
export interface AdapterBase {
  /** The model's id. */
  readonly id: string;
  readonly unet: UNetConfig;
  /** The model's folder; undefined for a single file. */
  readonly folder: string | undefined;
  /** The image encoder that is asked for. */
  readonly encoder: string | undefined;
}

/**
 * Opens an IP-Adapter for a model, in the layout of its authors, and finds its image encoder. No weights are loaded.
 * @throws EaselError see `Model.withIpAdapters`
 */
export async function openIpAdapter(id: string, base: AdapterBase): Promise<IpAdapter> {
  const file = await resolveIpAdapter(id);
  const read = readAdapterFile(id, file, await readNestedTensors(file));
  requireFit(id, read, base);
  const places = { asked: base.encoder, adapter: file, model: base.folder };
  const encoder = await openImageEncoder(id, read.projection, places);
  return { id, ...read, encoder };
}

/** @throws EaselError `unsupported-model` where the UNet has other cross-attentions than the adapter */
function requireFit(id: string, { weights, projection }: AdapterFile, base: AdapterBase): void {
  const { unet, id: model } = base;
  const width = projection.outputDim;
  if (width !== unet.crossAttentionDim) {
    const [own, theirs] = [
      describeFamily(labelOfTextWidth(width), width),
      describeFamily(unetFamily(unet), unet.crossAttentionDim),
    ];
    throw refused(
      id,
      `is an IP-Adapter for ${own}, and ${model} is a model for ${theirs}. Choose an IP-Adapter for ${theirs}, or another model`,
    );
  }
  const places = [...crossAttentions(unet).values()];
  const fits = places.every(({ number, channels }) =>
    ['to_k_ip', 'to_v_ip'].every((layer) => {
      const { shape } = weights.get(`ip_adapter.${number}.${layer}.weight`) ?? {};
      return shape?.[0] === channels && shape[1] === width;
    }),
  );
  // Two tensors for each layer.
  const count = [...weights.names()].filter((name) => name.endsWith('.to_k_ip.weight')).length;
  if (fits && count === places.length) return;
  throw refused(
    id,
    `is an IP-Adapter for other blocks (${count} layers of cross-attention) than those of ${model} (${places.length}). It cannot be used with this model`,
  );
}

/** The network that makes tokens of the features of some images. */
export function projectionNetwork(
  { projection, projectionWeights: weights, encoder }: IpAdapter,
  rows: number,
): Network {
  const shape = { rows, positions: featurePositions(projection, encoder) };
  const key = `image projection ${weights.description} ${rows}x${shape.positions}`;
  return graphNetwork({ component: 'image projection', key, weights }, (target) =>
    buildImageProjection(projection, weights, { ...shape, target }),
  );
}

/** Tokens that an IP-Adapter makes of one image. */
export function tokensPerImage({ projection, encoder }: IpAdapter): number {
  return projection.tokens ?? featurePositions(projection, encoder);
}
