import type { Builder } from '../builder';
import type { Graph, Value } from '../graph';
import type { RowRange } from '../weights';
import { QUARTERS, type ByteMatrix } from '../byte-matrices';
import { add } from './arithmetic';
import { channelsLast, fromChannelsLast } from './layout';
import { patches, type Bytes, type Window } from './patches';
import { concat, image, reshape } from './shape';

/** Narrower layers stay in floating point: they take little time, and lose the most. */
const FEWEST_FEATURES = 48;
/** Layers at fewer positions stay in floating point: reading their weights takes longer than the arithmetic. */
const FEWEST_POSITIONS = 16;

/** Whether a layer of these sizes multiplies bytes by bytes, where the graph's target asks for it. */
export function usesIntegers(
  b: Builder,
  inFeatures: number,
  outFeatures: number,
  positions: number,
): boolean {
  const narrowest = Math.min(inFeatures, outFeatures);
  return b.multipliesBytes && narrowest >= FEWEST_FEATURES && positions >= FEWEST_POSITIONS;
}

/** torch.nn.Linear on x [..., K] in bytes: [..., rows.count]. */
export function integerLinear(
  b: Builder,
  x: Value,
  outFeatures: number,
  rows: RowRange,
  bias: boolean,
): Value {
  const inFeatures = x.shape[x.shape.length - 1]!;
  const part = rows.count === outFeatures ? undefined : rows;
  const weight = b.byteMatrix([outFeatures, inFeatures], { rows: part });
  const shape = [...x.shape.slice(0, -1), rows.count];
  const added = bias ? b.weight('bias', [outFeatures], part) : undefined;
  const whole = product(b, quantized(b, x), weight, shape, added);
  if (!b.twoByteActivations) return whole;
  return add(b, whole, product(b, quantized(b, remainder(b, x)), weight, shape, undefined));
}

/** What a tensor's bytes leave of it. */
function remainder(b: Builder, x: Value): Value {
  return b.shared(`${x.name}|remainder`, () => {
    const { bytes, scale, zero } = quantized(b, x);
    const kept = b.node('DequantizeLinear', [bytes, scale, zero], x.shape, {}, x.type);
    return b.node('Sub', [x, kept], x.shape);
  });
}

/**
 * torch.nn.Conv2d on x [B, C, H, W] in bytes: the values under the kernel at each position, a row of C · k · k
 * bytes, times the kernels as a matrix. Where x is to be resized first, its bytes are read several times instead.
 */
export function integerConvolution(
  b: Builder,
  x: Value,
  outChannels: number,
  window: Window,
  bias: Value | undefined,
): Value {
  if (isDoubled(x, window)) return doubledConvolution(b, x, outChannels, bias);
  const [batch, channels] = image(x);
  const { kernel, outHeight, outWidth } = window;
  const source = lastInBytes(b, x);
  const weight = b.byteMatrix([outChannels, channels, kernel, kernel]);
  const strips = products(b, source, window, weight, bias);
  const out = reshape(b, concat(b, strips, 1), [batch, outHeight, outWidth, outChannels]);
  return fromChannelsLast(b, out);
}

/**
 * A convolution of 3 × 3 on x [B, C, H, W] after F.interpolate(scale_factor=2, mode='nearest'). Each output sees
 * 2 × 2 pixels of x alone, with the sums of weights as their weights: 4 of 9 products, and the same result.
 */
function doubledConvolution(
  b: Builder,
  x: Value,
  outChannels: number,
  bias: Value | undefined,
): Value {
  const [batch, channels, height, width] = image(x);
  const source = lastInBytes(b, x);
  const quarters = QUARTERS.map((quarter) => {
    const weight = b.byteMatrix([outChannels, channels, 3, 3], { quarter });
    const [down, across] = quarter;
    const window = {
      ...{ height, width, kernel: 2, stride: 1, outHeight: height, outWidth: width },
      ...{ top: 1, left: 1, down, across },
    };
    return products(b, source, window, weight, bias);
  });
  const strips = quarters[0]!.map((first, strip) => {
    const rows = first.shape[1]! / width;
    const [even, odd] = [0, 2].map((from) => {
      const pair = quarters.slice(from, from + 2).map((quarter) => quarter[strip]!);
      return reshape(b, concat(b, pair, -1), [batch, rows, width * 2 * outChannels]);
    });
    return reshape(b, concat(b, [even!, odd!], -1), [batch, rows * 4 * width, outChannels]);
  });
  const shape = [batch, height * 2, width * 2, outChannels];
  return fromChannelsLast(b, reshape(b, concat(b, strips, 1), shape));
}

/** Whether a kernel of 3 × 3 goes over x at twice its size, one step at a time, with one zero on each side. */
function isDoubled(x: Value, window: Window): boolean {
  const [, , height, width] = image(x);
  const { kernel, stride, top, left, outHeight, outWidth } = window;
  const doubles = window.height === height * 2 && window.width === width * 2;
  const keeps = outHeight === window.height && outWidth === window.width;
  return doubles && keeps && kernel === 3 && stride === 1 && top === 1 && left === 1;
}

/** An image as bytes, channels last. */
function lastInBytes(b: Builder, x: Value): Bytes {
  const { bytes, scale, zero } = quantized(b, x.last ?? x);
  return { bytes: x.last ? bytes : channelsLast(b, bytes), scale, zero };
}

/** The products of patches and kernels, [B, positions, outputs], in strips of whole rows. */
function products(
  b: Builder,
  source: Bytes,
  window: Window,
  weight: ByteMatrix,
  bias: Value | undefined,
): readonly Value[] {
  const outputs = weight.scales.shape[0]!;
  return patches(b, source, window).map((bytes) =>
    product(b, { ...source, bytes }, weight, [...bytes.shape.slice(0, 2), outputs], bias),
  );
}

/** ONNX's DynamicQuantizeLinear: the bytes of a tensor, their scale and their zero. */
export function quantize(graph: Graph, x: Value): readonly Value[] {
  return graph.nodeOf(
    'DynamicQuantizeLinear',
    [x],
    [
      { type: 'uint8', shape: x.shape },
      { type: 'float32', shape: [] },
      { type: 'uint8', shape: [] },
    ],
  );
}

/** The same, once for all layers that read the tensor. */
function quantized(b: Builder, x: Value): Bytes {
  const parts = b.sharedAll(`${x.name}|bytes`, () => quantize(b.graph, x));
  const [bytes, scale, zero] = parts as [Value, Value, Value];
  return { bytes, scale, zero };
}

function product(
  b: Builder,
  x: Bytes,
  weight: ByteMatrix,
  shape: readonly number[],
  bias: Value | undefined,
): Value {
  const inputs = [x.bytes, weight.values, x.scale, weight.scales, x.zero, undefined, bias];
  return b.node(
    'MatMulIntegerToFloat',
    bias === undefined ? inputs.slice(0, 5) : inputs,
    shape,
    {},
    'float32',
  );
}
