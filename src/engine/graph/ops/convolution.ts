import type { SeamlessAxes } from '../../../core/request/seamless';
import type { Builder } from '../builder';
import type { Value } from '../graph';
import { add } from './arithmetic';
import { integerConvolution, usesIntegers } from './integer';
import { resizeNearest } from './resampling';
import { image, perChannel, reshape } from './shape';
import { withoutEdges, wrapAround } from './wrap';

export interface ConvolutionOptions {
  readonly kernel?: number;
  readonly stride?: number;
  /** Zeros added at the top, left, bottom and right; a number is all four. Default: (kernel − 1) / 2, rounded down. */
  readonly padding?: number | readonly [number, number, number, number];
  readonly bias?: boolean;
  /** Resizes x to this size first, as F.interpolate(mode='nearest'). */
  readonly resize?: { readonly height: number; readonly width: number };
  /** Added to all positions of the output, [1 or B, outChannels]. */
  readonly shift?: Value | undefined;
}

/**
 * torch.nn.Conv2d on x [B, C, H, W], with a square kernel. In a seamless graph, padding that is the same on all sides
 * is that of `padding_mode='circular'` along the graph's axes.
 */
export function convolution(
  b: Builder,
  input: Value,
  outChannels: number,
  options: ConvolutionOptions = {},
): Value {
  const { kernel = 3, stride = 1, bias = true, shift } = options;
  const padding = options.padding ?? Math.floor((kernel - 1) / 2);
  if (typeof padding === 'number' && padding > 0 && b.seamless) {
    return seamlessConvolution(b, input, outChannels, { ...options, padding }, b.seamless);
  }
  const [top, left, bottom, right] =
    typeof padding === 'number' ? [padding, padding, padding, padding] : padding;
  const [batch, channels, ownHeight, ownWidth] = image(input);
  const { height, width } = options.resize ?? { height: ownHeight, width: ownWidth };
  const outHeight = Math.floor((height + top + bottom - kernel) / stride) + 1;
  const outWidth = Math.floor((width + left + right - kernel) / stride) + 1;
  if (usesIntegers(b, channels, outChannels, batch * outHeight * outWidth)) {
    const window = { height, width, kernel, stride, top, left, outHeight, outWidth };
    // One shift for the whole batch is part of the bias, and costs nothing.
    const inBias = shift?.shape[0] === 1 ? shift : undefined;
    const own = bias ? b.weight('bias', [outChannels]) : undefined;
    const sum = inBias ? sumOf(b, own, reshape(b, inBias, [outChannels])) : own;
    const out = integerConvolution(b, input, outChannels, window, sum);
    return shift && !inBias ? add(b, out, perChannel(b, shift)) : out;
  }
  const x = resizeNearest(b, input, height, width);
  const shape = [outChannels, channels, kernel, kernel];
  const weight = b.bulkWeight('weight', shape, batch * height * width);
  const inputs = [...withUsableChannels(b, x, weight)];
  if (bias) inputs.push(b.weight('bias', [outChannels]));
  const out = b.node('Conv', inputs, [batch, outChannels, outHeight, outWidth], {
    kernel_shape: { ints: [kernel, kernel] },
    pads: { ints: [top, left, bottom, right] },
    strides: { ints: [stride, stride] },
  });
  return shift ? add(b, out, perChannel(b, shift)) : out;
}

/** As `padding_mode='circular'` along some axes, and zeros along the others. */
function seamlessConvolution(
  b: Builder,
  input: Value,
  outChannels: number,
  { resize, padding, ...options }: ConvolutionOptions & { readonly padding: number },
  axes: SeamlessAxes,
): Value {
  const [, , inHeight, inWidth] = image(input);
  const { height, width } = resize ?? { height: inHeight, width: inWidth };
  const isDoubled = height === inHeight * 2 && width === inWidth * 2 && padding === 1;
  if (isDoubled && options.stride === undefined) {
    // What is wrapped around before doubling is cut off after it, so that bytes need not be doubled.
    const wide = wrapAround(b, input, 1, axes);
    const [, , wideHeight, wideWidth] = image(wide);
    const doubled = { height: wideHeight * 2, width: wideWidth * 2 };
    const zeros = { resize: doubled, padding: [1, 1, 1, 1] as const };
    return withoutEdges(b, convolution(b, wide, outChannels, { ...options, ...zeros }), 2, axes);
  }
  const wide = wrapAround(b, resizeNearest(b, input, height, width), padding, axes);
  const across = axes.includes('x') ? 0 : padding;
  const down = axes.includes('y') ? 0 : padding;
  const zeros = { padding: [down, across, down, across] as const };
  return convolution(b, wide, outChannels, { ...options, ...zeros });
}

function sumOf(b: Builder, x: Value | undefined, y: Value): Value {
  return x ? add(b, x, y) : y;
}

/** Fills up numbers of input channels that the device computes wrongly, such as the 9 of inpainting models. */
function withUsableChannels(b: Builder, x: Value, weight: Value): readonly [Value, Value] {
  const channels = x.shape[1]!;
  const broken = channels > 3 && channels % 3 === 0 && channels % 4 !== 0;
  if (!b.device.quirks.needsPaddedChannels || !broken) return [x, weight];
  const missing = 4 - (channels % 4);
  const pad = (value: Value): Value => {
    const [first, , ...rest] = value.shape;
    const shape = [first!, channels + missing, ...rest];
    return b.node('Pad', [value, b.integers([0, 0, 0, 0, 0, missing, 0, 0])], shape);
  };
  return [pad(x), pad(weight)];
}
