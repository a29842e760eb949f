import type { FreeU } from '../../../core/request/free-u';
import type { Builder } from '../builder';
import type { Value } from '../graph';
import { add, cast, mul } from './arithmetic';
import { image, reshape } from './shape';

/** What enters a ResNet block of an up block. */
interface UpInputs {
  /** The output of the layer before, [B, C, H, W]. */
  readonly hidden: Value;
  /** The skip connection, [B, D, H, W]. */
  readonly skip: Value;
}

/**
 * FreeU (arXiv 2309.11497; diffusers, utils/torch_utils.py, `apply_freeu`): in the first two up blocks, the first half
 * of the hidden channels is multiplied by b, and the lowest frequencies of the skip connection by s.
 * @param block index of the up block
 */
export function applyFreeU(
  b: Builder,
  { hidden, skip }: UpInputs,
  block: number,
  { s1, s2, b1, b2 }: FreeU,
): UpInputs {
  if (block > 1) return { hidden, skip };
  const [scale, filter] = block === 0 ? [b1, s1] : [b2, s2];
  const channels = hidden.shape[1]!;
  const half = Math.floor(channels / 2);
  const factors = Array.from({ length: channels }, (_, channel) => (channel < half ? scale : 1));
  const scaled = mul(b, hidden, b.numbers(factors, [1, channels, 1, 1]));
  // diffusers multiplies in place. Without a mid block, the skip connection is the same tensor.
  return { hidden: scaled, skip: scaleLowest(b, skip === hidden ? scaled : skip, filter) };
}

/**
 * `fourier_filter` of diffusers with the threshold 1, which computes in float32: the frequencies 0 and -1 of both axes
 * are multiplied by `scale`. These are few, so that their part of the image is two products of matrices.
 */
function scaleLowest(b: Builder, x: Value, scale: number): Value {
  const [batch, channels, height, width] = image(x);
  const cells = height * width;
  const waves = lowestWaves(height, width);
  const count = waves.length;
  const wide = b.inFloat32;
  const flat = reshape(wide, cast(wide, x, 'float32'), [batch, channels, cells]);
  const columns = Array.from({ length: cells }, (_, cell) => waves.map((wave) => wave[cell]!));
  const into = wide.numbers(columns.flat(), [cells, count]);
  const back = wide.numbers(
    waves.flatMap((wave) => wave.map((value) => (value * (scale - 1)) / cells)),
    [count, cells],
  );
  const found = wide.node('MatMul', [flat, into], [batch, channels, count]);
  const added = wide.node('MatMul', [found, back], [batch, channels, cells]);
  const sum = add(wide, flat, added);
  return cast(b, reshape(wide, sum, [batch, channels, height, width]), x.type);
}

/**
 * Cosines and sines of the frequencies 0 and -1 of both axes, [height · width] each: the sum over all of them of a
 * wave at one place times the wave at another is the real part of the Fourier transform's.
 */
function lowestWaves(height: number, width: number): readonly (readonly number[])[] {
  // Along an axis of one value there is no frequency but 0.
  const rows = height > 1 ? [0, 1] : [0];
  const columns = width > 1 ? [0, 1] : [0];
  return rows.flatMap((row) =>
    columns.flatMap((column) => {
      const wave = (form: (angle: number) => number) =>
        Array.from({ length: height * width }, (_, cell) => {
          const [y, x] = [Math.floor(cell / width), cell % width];
          return form(2 * Math.PI * ((row * y) / height + (column * x) / width));
        });
      const cosines = wave((angle) => Math.cos(angle));
      return row === 0 && column === 0 ? [cosines] : [cosines, wave((angle) => Math.sin(angle))];
    }),
  );
}
