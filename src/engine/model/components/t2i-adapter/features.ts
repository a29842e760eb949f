import { EaselError } from '../../../../core/errors';
import type { Size } from '../../../../core/image/resize';
import { buildT2IAdapter } from '../../../graph/t2i-adapter';
import { graphNetwork, type Network, type Networks } from '../../network';
import type { T2IAdapter } from './t2i-adapter';

/**
 * Computes the features of a T2I-Adapter. They depend on the image alone, so that once is enough for all steps.
 * @param planes float32 [3, height, width], 0..1
 * @param size in pixels, as `requireAdapterSize` wants it
 * @returns one array for each block: float32 [channels, height', width']
 */
export async function computeFeatures(
  networks: Networks,
  adapter: T2IAdapter,
  { planes, size }: { readonly planes: Float32Array; readonly size: Size },
): Promise<readonly Float32Array[]> {
  const { imageChannels, downscale, blocks } = adapter.config;
  const image = imageChannels === 1 ? greyPlane(planes) : planes;
  const [height, width] = [size.height / downscale, size.width / downscale];
  const data = pixelUnshuffle(image, size, downscale);
  const dims = [1, imageChannels * downscale ** 2, height, width];
  return networks.use(networkOf(adapter, { height, width }), { runs: 1 }, async (session) => {
    const outputs = await session.run({ sample: { type: 'float32', data, dims } });
    return blocks.map((_, index) => outputs[`feature_${index}`]!);
  });
}

/** @throws EaselError `bad-size` where the adapter cannot join whole blocks of pixels; diffusers fails there too */
export function requireAdapterSize({ id, config }: T2IAdapter, { width, height }: Size): void {
  const { downscale } = config;
  if (width % downscale === 0 && height % downscale === 0) return;
  throw new EaselError(
    'bad-size',
    `${id} is a T2I-Adapter that reads ${downscale} × ${downscale} pixels at once: width and height must be multiples of ${downscale}, and ${width} × ${height} is not.`,
    { field: 'width', width, height, multiple: downscale },
  );
}

function networkOf(
  { config, weights }: T2IAdapter,
  size: { readonly height: number; readonly width: number },
): Network {
  const key = `t2i-adapter ${weights.description} ${size.width}x${size.height}`;
  return graphNetwork({ component: 't2i-adapter', key, weights }, (target) =>
    buildT2IAdapter(config, weights, { ...size, target }),
  );
}

/** Of 65536: how much each colour counts in Pillow's conversion to `L` (ITU-R 601-2). */
const GREY = [19595, 38470, 7471] as const;

/** Planes of an image of bytes as its grey plane, to the very byte of Pillow's `convert("L")`. */
function greyPlane(planes: Float32Array): Float32Array {
  const count = planes.length / 3;
  const byteOf = (plane: number, place: number) => Math.round(planes[plane * count + place]! * 255);
  return Float32Array.from({ length: count }, (_, place) => {
    const sum = GREY.reduce((total, share, plane) => total + share * byteOf(plane, place), 0);
    return Math.fround(Math.floor((sum + 0x8000) / 0x10000) / 255);
  });
}

/**
 * torch.nn.PixelUnshuffle: each block of pixels becomes one cell.
 * @param image float32 [channels, height, width]
 * @returns float32 [channels · factor², height / factor, width / factor]
 */
export function pixelUnshuffle(
  image: Float32Array,
  { width, height }: Size,
  factor: number,
): Float32Array {
  const [cellsAcross, cellsDown] = [width / factor, height / factor];
  const out = new Float32Array(image.length);
  let to = 0;
  for (let plane = 0; plane < image.length; plane += width * height) {
    for (let inside = 0; inside < factor ** 2; inside++) {
      const [dy, dx] = [Math.floor(inside / factor), inside % factor];
      for (let y = 0; y < cellsDown; y++) {
        const row = plane + (y * factor + dy) * width + dx;
        for (let x = 0; x < cellsAcross; x++) out[to++] = image[row + x * factor]!;
      }
    }
  }
  return out;
}
