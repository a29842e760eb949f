import { toRgb } from '../../core/image/pixels';
import { resizeLanczos } from '../../core/image/resize';
import type { LatentSize } from '../model/latent-space';
import type { LatentDistribution } from '../model/model';
import type { Networks } from '../model/network';
import type { JobPlan, SecondPass } from './plan';
import { imageToPlanes } from './source-image';
import { countTiles, runPasses } from './upscaling/upscale-image';

/**
 * Enlarges the result of the first pass, as the start of the second: its latents (`latent`) or its decoded
 * image, by Lanczos or by an upscaler and then Lanczos, as AUTOMATIC1111 does (modules/upscaler.py).
 * @param latents float32 [channels, height, width] of the first pass
 * @param onTile gives what is called after each tile of so many
 */
export async function enlargeFirstPass(
  networks: Networks,
  { model, first, memory }: JobPlan,
  latents: Float32Array,
  second: SecondPass,
  onTile: (total: number) => () => Promise<void>,
): Promise<LatentDistribution> {
  const { enlargement } = second;
  if (second.upscaler === 'latent' && !enlargement) {
    const larger = resizeBilinear(latents, first.size, second.size);
    return () => larger;
  }
  const tiled = memory.vaeTiling;
  const { sample } = await model.decode(networks, latents, first.size, { runs: 1, tiled });
  const image = toRgb(sample, first.width, first.height);
  const enlarged = enlargement
    ? await runPasses(image, enlargement, {
        networks,
        onTile: onTile(countTiles(enlargement, false)),
      })
    : image;
  const resized = resizeLanczos(enlarged, second.width, second.height);
  const planes = imageToPlanes(resized);
  return model.encode(networks, planes, second.size, { tiled, after: 'keep' });
}

/** Like torch's `interpolate(mode="bilinear", align_corners=False)`, on float32 [channels, height, width]. */
function resizeBilinear(data: Float32Array, from: LatentSize, to: LatentSize): Float32Array {
  const channels = data.length / (from.width * from.height);
  const out = new Float32Array(channels * to.width * to.height);
  const rows = neighbours(from.height, to.height);
  const columns = neighbours(from.width, to.width);
  let position = 0;
  for (let c = 0; c < channels; c++) {
    for (const [y0, y1, v] of rows) {
      const [top, bottom] = [
        (c * from.height + y0) * from.width,
        (c * from.height + y1) * from.width,
      ];
      for (const [x0, x1, h] of columns) {
        const above = data[top + x0]! * (1 - h) + data[top + x1]! * h;
        const below = data[bottom + x0]! * (1 - h) + data[bottom + x1]! * h;
        out[position++] = above * (1 - v) + below * v;
      }
    }
  }
  return out;
}

/** For each output position: the two neighbouring input positions, and the weight of the second. */
function neighbours(size: number, outSize: number): (readonly [number, number, number])[] {
  return Array.from({ length: outSize }, (_, i) => {
    const position = Math.max(0, ((i + 0.5) * size) / outSize - 0.5);
    const low = Math.min(Math.floor(position), size - 1);
    return [low, Math.min(low + 1, size - 1), position - low] as const;
  });
}
