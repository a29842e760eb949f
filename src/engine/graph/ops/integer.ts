import type { Builder } from '../builder';
import type { Value } from '../graph';
import type { RowRange } from '../weights';
import type { ByteMatrix } from '../byte-matrices';
import { channelsLast, fromChannelsLast } from './layout';
import { nearestIndices } from './resampling';
import { image, reshape } from './shape';

/** Narrower layers stay in floating point: they take little time, and lose the most. */
const FEWEST_FEATURES = 48;
/** Layers at fewer positions stay in floating point: reading their weights takes longer than the arithmetic. */
const FEWEST_POSITIONS = 16;
/** Patches of up to this many bytes are gathered at once: a product of all positions is the fastest. */
const MOST_PATCH_BYTES = 12 * 2 ** 20;
/** More patches are gathered in strips of rows of about this many bytes, to stay in the cache. */
const STRIP_BYTES = 6 * 2 ** 20;

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

/** A tensor as bytes: its values are (bytes − zero) · scale, with one scale for the whole tensor. */
interface Bytes {
  readonly bytes: Value;
  readonly scale: Value;
  readonly zero: Value;
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
  const weight = b.byteMatrix([outFeatures, inFeatures], part);
  const shape = [...x.shape.slice(0, -1), rows.count];
  return product(
    b,
    quantized(b, x),
    weight,
    shape,
    bias ? b.weight('bias', [outFeatures], part) : undefined,
  );
}

/** The places of a kernel on an image of `height` × `width`, which is `x` or F.interpolate(x, mode='nearest'). */
interface Window {
  readonly height: number;
  readonly width: number;
  readonly kernel: number;
  readonly stride: number;
  /** Zeros at the top and at the left. */
  readonly top: number;
  readonly left: number;
  readonly outHeight: number;
  readonly outWidth: number;
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
  const [batch, channels] = image(x);
  const { kernel, outHeight, outWidth } = window;
  const { bytes, scale, zero } = quantized(b, x.last ?? x);
  const last = x.last ? bytes : channelsLast(b, bytes);
  const weight = b.byteMatrix([outChannels, channels, kernel, kernel]);
  const strips = patches(b, { bytes: last, scale, zero }, window).map((strip) =>
    product(
      b,
      { bytes: strip, scale, zero },
      weight,
      [strip.shape[0]!, strip.shape[1]!, outChannels],
      bias,
    ),
  );
  const whole = strips.length === 1 ? strips[0]! : concatRows(b, strips);
  const out = reshape(b, whole, [batch, outHeight, outWidth, outChannels]);
  return fromChannelsLast(b, out);
}

function concatRows(b: Builder, strips: readonly Value[]): Value {
  const [first] = strips;
  const rows = strips.reduce((sum, strip) => sum + strip.shape[1]!, 0);
  return b.node('Concat', strips, [first!.shape[0]!, rows, first!.shape[2]!], { axis: { int: 1 } });
}

/** For each output position the bytes under the kernel, [B, positions, k · k · C], in strips of whole rows. */
function patches(b: Builder, { bytes, zero }: Bytes, window: Window): readonly Value[] {
  const [batch, height, width, channels] = image(bytes);
  const { kernel, stride, outHeight, outWidth } = window;
  const same = window.height === height && window.width === width;
  if (kernel === 1 && stride === 1 && same) {
    return [reshape(b, bytes, [batch, height * width, channels])];
  }
  const rows = placesAlong(height, window.height, window.top, { kernel, stride, count: outHeight });
  const columns = placesAlong(width, window.width, window.left, {
    kernel,
    stride,
    count: outWidth,
  });
  const { top, left } = window;
  const bottom = Math.max(lastOf(rows) + 1 - top - height, 0);
  const right = Math.max(lastOf(columns) + 1 - left - width, 0);
  const padded = pad(b, bytes, zero, [top, left, bottom, right]);
  const [, paddedHeight, paddedWidth] = image(padded);
  const patchBytes = batch * outHeight * outWidth * kernel * kernel * channels;
  const wanted = patchBytes <= MOST_PATCH_BYTES ? 1 : Math.ceil(patchBytes / STRIP_BYTES);
  const most = Math.ceil(outHeight / wanted);
  const strips: Value[] = [];
  for (let first = 0; first < outHeight; first += most) {
    const own = rows.slice(first, first + most);
    const [from, to] = [own[0]![0]!, lastOf(own) + 1];
    const part = from === 0 && to === paddedHeight ? padded : slice(b, padded, from, to);
    const flat = reshape(b, part, [batch, (to - from) * paddedWidth, channels]);
    const places = own.flatMap((down) =>
      columns.flatMap((across) =>
        down.flatMap((row) => across.map((column) => (row - from) * paddedWidth + column)),
      ),
    );
    const found = b.node('Gather', [flat, b.integers(places)], [batch, places.length, channels], {
      axis: { int: 1 },
    });
    strips.push(reshape(b, found, [batch, own.length * outWidth, kernel * kernel * channels]));
  }
  return strips;
}

/** For each of `count` outputs along an axis, the places under the kernel in `size` values after `zeros` zeros. */
function placesAlong(
  size: number,
  resized: number,
  zeros: number,
  {
    kernel,
    stride,
    count,
  }: { readonly kernel: number; readonly stride: number; readonly count: number },
): readonly (readonly number[])[] {
  const sources = nearestIndices(size, resized);
  const place = (at: number): number => {
    if (at < 0) return at + zeros;
    return zeros + (sources[at] ?? size + at - resized);
  };
  return Array.from({ length: count }, (_, output) =>
    Array.from({ length: kernel }, (_, cell) => place(output * stride + cell - zeros)),
  );
}

function lastOf(places: readonly (readonly number[])[]): number {
  return places.at(-1)?.at(-1) ?? 0;
}

function pad(
  b: Builder,
  x: Value,
  value: Value,
  sides: readonly [number, number, number, number],
): Value {
  const [top, left, bottom, right] = sides;
  if (top + left + bottom + right === 0) return x;
  const [batch, height, width, channels] = image(x);
  const shape = [batch, height + top + bottom, width + left + right, channels];
  const amounts = b.integers([0, top, left, 0, 0, bottom, right, 0]);
  return b.shared(`${x.name}|${sides.join()}`, () => b.node('Pad', [x, amounts, value], shape));
}

function slice(b: Builder, x: Value, from: number, to: number): Value {
  const [batch, , width, channels] = image(x);
  const range = [[from], [to], [1]].map((number) => b.integers(number));
  return b.node('Slice', [x, ...range], [batch, to - from, width, channels]);
}

/** ONNX's DynamicQuantizeLinear, once for all layers that read the tensor. */
function quantized(b: Builder, x: Value): Bytes {
  const results = [
    { type: 'uint8', shape: x.shape },
    { type: 'float32', shape: [] },
    { type: 'uint8', shape: [] },
  ] as const;
  const parts: Value[] = [];
  for (const [index, part] of ['bytes', 'scale', 'zero'].entries()) {
    parts.push(
      b.shared(`${x.name}|${part}`, () => {
        const values = b.graph.nodeOf('DynamicQuantizeLinear', [x], results, {}, '');
        values.forEach((value, i) =>
          b.shared(`${x.name}|${['bytes', 'scale', 'zero'][i]}`, () => value),
        );
        return values[index]!;
      }),
    );
  }
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
