import { requireFinite } from '../../../../core/diffusion/finite';
import { clipPixels } from '../../../../core/image/clip-pixels';
import type { PendingImage } from '../../../../core/image/pixels';
import { concatenate } from '../../arrays';
import type { ImagePromptInput } from '../../model';
import type { Networks } from '../../network';
import type { ImageTokens } from '../unet/image-inputs';
import { featurePositions, type ImageEncoder } from './image-encoder';
import { projectionNetwork, tokensPerImage, type IpAdapter } from './ip-adapter';

/** The features of an image. `hidden` is of all positions. */
interface Features {
  readonly embeds: Float32Array;
  readonly hidden: Float32Array;
}

/** No image: what the encoder gives of zeros is the features without a prompt. */
const NOTHING = Symbol('no image');
type Picture = PendingImage | typeof NOTHING;

/**
 * Encodes the images of IP-Adapters like `prepare_ip_adapter_image_embeds` of diffusers' pipelines: a plain adapter reads
 * `image_embeds`, and without an image zeros; the others read the hidden states of the last layer but one, and
 * without an image those of zeros. Each encoder is opened once, and reads each image once.
 * @param inputs one for each adapter
 * @param guided whether the negative prompt is needed too
 * @throws EaselError `not-finite`, `cancelled`; errors of opening the networks
 */
export async function encodeImages(
  networks: Networks,
  adapters: readonly IpAdapter[],
  inputs: readonly ImagePromptInput[],
  guided: boolean,
): Promise<readonly ImageTokens[]> {
  const features = new Map<string, ReadonlyMap<Picture, Features>>();
  for (const { encoder } of adapters) {
    if (features.has(encoder.folder)) continue;
    const pictures = new Set<Picture>();
    for (const [index, { images }] of inputs.entries()) {
      const { encoder: own, projection } = adapters[index]!;
      if (own.folder !== encoder.folder) continue;
      for (const image of images) pictures.add(image);
      if (guided && projection.kind !== 'plain') pictures.add(NOTHING);
    }
    features.set(encoder.folder, await encodeAll(networks, encoder, [...pictures]));
  }
  const tokens: ImageTokens[] = [];
  for (const [index, adapter] of adapters.entries()) {
    const known = features.get(adapter.encoder.folder)!;
    tokens.push(await tokensOf(networks, adapter, { ...inputs[index]!, known, guided }));
  }
  return tokens;
}

async function encodeAll(
  networks: Networks,
  { network, config: { imageSize: side } }: ImageEncoder,
  pictures: readonly Picture[],
): Promise<ReadonlyMap<Picture, Features>> {
  return networks.use(network, { runs: pictures.length }, async (session) => {
    const all = new Map<Picture, Features>();
    for (const picture of pictures) {
      const data =
        picture === NOTHING
          ? new Float32Array(3 * side * side)
          : clipPixels(await picture.pixels(), side);
      const outputs = await session.run({
        pixel_values: { type: 'float32', data, dims: [1, 3, side, side] },
      });
      const { image_embeds: embeds, penultimate_hidden_state: hidden } = outputs;
      for (const values of [embeds!, hidden!]) requireFinite(values, { place: 'image encoder' });
      all.set(picture, { embeds: embeds!, hidden: hidden! });
    }
    return all;
  });
}

interface KnownFeatures extends ImagePromptInput {
  readonly known: ReadonlyMap<Picture, Features>;
  readonly guided: boolean;
}

async function tokensOf(
  networks: Networks,
  adapter: IpAdapter,
  { images, scale, blocks, known, guided }: KnownFeatures,
): Promise<ImageTokens> {
  const { projection, encoder } = adapter;
  const read = (picture: Picture): Float32Array => {
    if (projection.kind !== 'plain') return known.get(picture)!.hidden;
    return picture === NOTHING ? new Float32Array(projection.inputDim) : known.get(picture)!.embeds;
  };
  // Without an image, all rows are the same: one is computed.
  const pictures: readonly Picture[] = guided ? [...images, NOTHING] : images;
  const rows = pictures.length;
  const positions = featurePositions(projection, encoder);
  const values = await networks.use(
    projectionNetwork(adapter, rows),
    { runs: 1 },
    async (session) => {
      const data = concatenate(pictures.map(read));
      const dims = [rows, positions, projection.inputDim];
      const outputs = await session.run({ image_features: { type: 'float32', data, dims } });
      return outputs.image_tokens!;
    },
  );
  requireFinite(values, { place: 'image encoder' });
  const each = values.length / rows;
  const nothing = values.subarray(images.length * each);
  return {
    count: images.length * tokensPerImage(adapter),
    cond: values.slice(0, images.length * each),
    uncond: guided ? concatenate(images.map(() => nothing)) : undefined,
    scale,
    blocks,
    weights: adapter.weights,
  };
}
