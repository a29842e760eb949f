import { EaselError } from '../../core/errors';
import { toRgb } from '../../core/image/pixels';
import type { GenerationRequest } from '../../core/request/request';
import { resizeLanczos } from '../../core/image/resize';
import { decodeLatents, encodePicture, type LatentDistribution } from './latents';
import type { LatentSize, Networks } from './networks';
import type { Settings } from './settings';
import { pictureToPlanes } from './source-image';

export type Hires = NonNullable<GenerationRequest['hires']>;

/**
 * The settings of a second pass: the first one's picture made larger, to whole latent cells.
 * @throws EaselError `bad-request` where the request fills in parts of a picture
 */
export function hiresSettings(
  { hires, mask, outpaint }: GenerationRequest,
  settings: Settings,
  factor: number,
): Settings | undefined {
  if (!hires) return undefined;
  if (mask || outpaint) {
    throw new EaselError(
      'bad-request',
      'A second pass over the whole picture cannot keep parts of it. Leave out the mask or the margins, or ' +
        'draw again from the result.',
      { field: 'hires' },
    );
  }
  const enlarge = (side: number) =>
    Math.max(factor, Math.round((side * hires.scale) / factor) * factor);
  return {
    ...settings,
    width: enlarge(settings.width),
    height: enlarge(settings.height),
    steps: hires.steps ?? settings.steps,
    strength: hires.strength,
  };
}

/** What a second pass starts from: the first one's latents or its picture, made larger. */
export async function enlargeFirstPass(
  networks: Networks,
  latents: Float32Array,
  first: LatentSize,
  second: LatentSize,
  upscaler: Hires['upscaler'],
): Promise<LatentDistribution> {
  if (upscaler === 'latent') {
    const larger = resizeBilinear(latents, first, second);
    return () => larger;
  }
  const { spatialFactor: f } = networks.model.vae.config;
  const { sample } = await decodeLatents(networks, latents, first);
  const picture = toRgb(sample, first.width * f, first.height * f);
  const resized = resizeLanczos(picture, second.width * f, second.height * f);
  return encodePicture(networks, pictureToPlanes(resized), second);
}

/** As torch's `interpolate(mode="bilinear", align_corners=False)`, float32 [channels, height, width]. */
export function resizeBilinear(data: Float32Array, from: LatentSize, to: LatentSize): Float32Array {
  const channels = data.length / (from.width * from.height);
  const out = new Float32Array(channels * to.width * to.height);
  const rows = neighbours(from.height, to.height);
  const columns = neighbours(from.width, to.width);
  let position = 0;
  for (let c = 0; c < channels; c++) {
    for (const [y0, y1, v] of rows) {
      const [top, bottom] = [(c * from.height + y0) * from.width, (c * from.height + y1) * from.width]; // prettier-ignore
      for (const [x0, x1, h] of columns) {
        const above = data[top + x0]! * (1 - h) + data[top + x1]! * h;
        const below = data[bottom + x0]! * (1 - h) + data[bottom + x1]! * h;
        out[position++] = above * (1 - v) + below * v;
      }
    }
  }
  return out;
}

/** For each output position the two input positions it lies between, and how near the second. */
function neighbours(size: number, outSize: number): (readonly [number, number, number])[] {
  return Array.from({ length: outSize }, (_, i) => {
    const place = Math.max(0, ((i + 0.5) * size) / outSize - 0.5);
    const low = Math.min(Math.floor(place), size - 1);
    return [low, Math.min(low + 1, size - 1), place - low] as const;
  });
}
