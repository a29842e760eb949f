import type { Builder } from '../builder';
import type { Value } from '../graph';
import { pixelShuffle } from './pixel-shuffle';
import { image, reshape } from './shape';
import { reflectEdges, wrapAround } from './wrap';

/** The weights of four neighbours in each row and column: 1, 3, 3, 1 of 8. */
const TAPS = [1 / 8, 3 / 8, 3 / 8, 1 / 8] as const;

/**
 * KDownsample2D (diffusers, models/downsampling.py): half of the rows and columns, each the weighted mean of four.
 * @param x [B, C, H, W], of at least 2 × 2; an odd side loses its last row or column
 */
export function halveSmoothly(b: Builder, x: Value): Value {
  const [batch, channels, height, width] = image(x);
  const [rows, columns] = [Math.floor(height / 2), Math.floor(width / 2)];
  const halved = sameForChannels(b, x, [products(TAPS, TAPS)], { rows, columns, stride: 2 });
  return reshape(b, halved, [batch, channels, rows, columns]);
}

/**
 * KUpsample2D (diffusers, models/upsampling.py): twice as many rows and columns. Its transposed convolution is written
 * as four convolutions, one for each row and column of two, since each sees two of the four weights.
 * @param x [B, C, H, W], of at least 2 × 2
 */
export function doubleSmoothly(b: Builder, x: Value): Value {
  const [batch, channels, height, width] = image(x);
  const before = [TAPS[3] * 2, TAPS[1] * 2, 0];
  const after = [0, TAPS[2] * 2, TAPS[0] * 2];
  const kernels = [before, after].flatMap((row) =>
    [before, after].map((column) => products(row, column)),
  );
  const parts = sameForChannels(b, x, kernels, { rows: height, columns: width, stride: 1 });
  return pixelShuffle(b, reshape(b, parts, [batch, channels * 4, height, width]), 2);
}

/** The kernel [rows, columns] of a column of weights and a row of them. */
function products(column: readonly number[], row: readonly number[]): readonly number[] {
  return column.flatMap((left) => row.map((right) => left * right));
}

interface Grid {
  readonly rows: number;
  readonly columns: number;
  readonly stride: number;
}

/**
 * Convolves each channel by itself with the same square kernels, beyond edges that are reflected, or that meet in a
 * seamless graph: [B · C, kernels, rows, columns].
 */
function sameForChannels(
  b: Builder,
  x: Value,
  kernels: readonly (readonly number[])[],
  { rows, columns, stride }: Grid,
): Value {
  const { seamless } = b;
  const round = seamless ? wrapAround(b, x, 1, seamless) : x;
  const reflected = (['x', 'y'] as const).filter((axis) => !seamless?.includes(axis));
  const wide = reflected.reduce((value, axis) => reflectEdges(b, value, axis), round);
  const [batch, channels, height, width] = image(wide);
  const side = Math.sqrt(kernels[0]!.length);
  const weight = b.numbers(kernels.flat(), [kernels.length, 1, side, side]);
  const planes = reshape(b, wide, [batch * channels, 1, height, width]);
  return b.node('Conv', [planes, weight], [batch * channels, kernels.length, rows, columns], {
    kernel_shape: { ints: [side, side] },
    pads: { ints: [0, 0, 0, 0] },
    strides: { ints: [stride, stride] },
  });
}
