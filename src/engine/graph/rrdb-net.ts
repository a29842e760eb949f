import type { Builder } from './builder';
import type { Value } from './graph';
import { add, scaleShift } from './ops/arithmetic';
import { convolution } from './ops/convolution';
import { pixelUnshuffle } from './ops/pixel-shuffle';
import { upsampleNearest } from './ops/resampling';
import { concat } from './ops/shape';

/**
 * An RRDBNet (arXiv 1809.00219; xinntao/Real-ESRGAN, basicsr/archs/rrdbnet_arch.py). Its weights have the names of
 * that file.
 */
export interface RrdbConfig {
  readonly kind: 'rrdb';
  readonly filters: number;
  /** Channels that each convolution of a dense block adds. */
  readonly growth: number;
  readonly blocks: number;
  /** How often the image is enlarged twofold at the end. */
  readonly doublings: number;
  /** Pixels of the image for each cell that the body computes, in a row. */
  readonly shuffle: number;
  /** Whether dense blocks have the shortcuts of ESRGAN+ (arXiv 2001.08073). */
  readonly plus: boolean;
  /** Of the output to the input, in a row. */
  readonly scale: number;
}

const SLOPE = 0.2;
const RESIDUAL_SCALE = 0.2;
/** Convolutions of a dense block, and dense blocks of a block. */
const CONVOLUTIONS = 5;
const DENSE_BLOCKS = 3;

/** @param image [1, 3, H, W], H and W multiples of `shuffle` */
export function rrdbNet(b: Builder, image: Value, config: RrdbConfig): Value {
  const { filters, blocks, doublings, shuffle } = config;
  const first = convolution(b.at('conv_first'), pixelUnshuffle(b, image, shuffle), filters);
  let x = first;
  for (let index = 0; index < blocks; index++) x = block(b.at('body').at(index), x, config);
  x = add(b, first, convolution(b.at('conv_body'), x, filters));
  for (let index = 1; index <= doublings; index++) {
    const up = b.at(`conv_up${index}`);
    x = leakyRelu(up, convolution(up, upsampleNearest(up, x, 2), filters));
  }
  x = leakyRelu(b, convolution(b.at('conv_hr'), x, filters));
  return convolution(b.at('conv_last'), x, image.shape[1]!);
}

/** RRDB: dense blocks in a row, and a shortcut. */
function block(b: Builder, input: Value, config: RrdbConfig): Value {
  let x = input;
  for (let index = 1; index <= DENSE_BLOCKS; index++)
    x = denseBlock(b.at(`rdb${index}`), x, config);
  return shortcut(b, x, input);
}

/** ResidualDenseBlock: each convolution reads what all before it have made. */
function denseBlock(b: Builder, x: Value, { filters, growth, plus }: RrdbConfig): Value {
  const made = [x];
  for (let index = 1; index < CONVOLUTIONS; index++) {
    let next = leakyRelu(b, convolution(b.at(`conv${index}`), concat(b, made, 1), growth));
    if (plus && index === 2) {
      const direct = convolution(b.at('conv1x1'), x, growth, { kernel: 1, bias: false });
      next = add(b, next, direct);
    }
    if (plus && index === 4) next = add(b, next, made[2]!);
    made.push(next);
  }
  const last = convolution(b.at(`conv${CONVOLUTIONS}`), concat(b, made, 1), filters);
  return shortcut(b, last, x);
}

function shortcut(b: Builder, x: Value, input: Value): Value {
  return add(b, scaleShift(b, x, RESIDUAL_SCALE), input);
}

function leakyRelu(b: Builder, x: Value): Value {
  return b.node('LeakyRelu', [x], x.shape, { alpha: { float: SLOPE } });
}

/**
 * How far a pixel of the input counts, in pixels of the input: a tile with so many more on each side has the values
 * of the whole image.
 */
export function rrdbReach({ blocks, doublings, shuffle }: RrdbConfig): number {
  const body = 2 + CONVOLUTIONS * DENSE_BLOCKS * blocks;
  // In cells: the convolutions after each doubling see half as much of them as those before it.
  const after = Array.from({ length: doublings }, (_, index) => 2 ** -(index + 1));
  const enlarged = after.reduce((sum, cells) => sum + cells, 2 * 2 ** -doublings);
  return Math.ceil(body + enlarged + 1) * shuffle;
}
