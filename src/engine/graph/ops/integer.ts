import type { Builder } from '../builder';
import type { Value } from '../graph';
import type { RowRange } from '../weights';
import type { ByteMatrix } from '../byte-matrices';
import { image, reshape, transpose } from './shape';

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

interface Window {
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
 * bytes, times the kernels as a matrix.
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
  const { bytes, scale, zero } = quantized(b, x);
  const last = b.shared(`${bytes.name}|last`, () => transpose(b, bytes, [0, 2, 3, 1]));
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
  return transpose(b, out, [0, 3, 1, 2]);
}

function concatRows(b: Builder, strips: readonly Value[]): Value {
  const [first] = strips;
  const rows = strips.reduce((sum, strip) => sum + strip.shape[1]!, 0);
  return b.node('Concat', strips, [first!.shape[0]!, rows, first!.shape[2]!], { axis: { int: 1 } });
}

/** For each output position the bytes under the kernel, [B, positions, k · k · C], in strips of whole rows. */
function patches(b: Builder, { bytes, zero }: Bytes, window: Window): readonly Value[] {
  const [batch, height, width, channels] = image(bytes);
  const { kernel, stride, top, left, outHeight, outWidth } = window;
  if (kernel === 1 && stride === 1) {
    return [reshape(b, bytes, [batch, height * width, channels])];
  }
  const tall = (outHeight - 1) * stride + kernel;
  const wide = (outWidth - 1) * stride + kernel;
  const after = {
    bottom: Math.max(tall - top - height, 0),
    right: Math.max(wide - left - width, 0),
  };
  const padded = pad(b, bytes, zero, [top, left, after.bottom, after.right]);
  const [, paddedHeight, paddedWidth] = image(padded);
  const patchBytes = batch * outHeight * outWidth * kernel * kernel * channels;
  const wanted = patchBytes <= MOST_PATCH_BYTES ? 1 : Math.ceil(patchBytes / STRIP_BYTES);
  const rows = Math.ceil(outHeight / wanted);
  const strips: Value[] = [];
  for (let first = 0; first < outHeight; first += rows) {
    const count = Math.min(rows, outHeight - first);
    const from = first * stride;
    const to = from + (count - 1) * stride + kernel;
    const part = count === outHeight && to === paddedHeight ? padded : slice(b, padded, from, to);
    const flat = reshape(b, part, [batch, (to - from) * paddedWidth, channels]);
    const places = gatherPlaces({ kernel, stride, outWidth }, count, paddedWidth);
    const indices = b.integers(places);
    const found = b.node('Gather', [flat, indices], [batch, places.length, channels], {
      axis: { int: 1 },
    });
    strips.push(reshape(b, found, [batch, count * outWidth, kernel * kernel * channels]));
  }
  return strips;
}

function gatherPlaces(
  { kernel, stride, outWidth }: Pick<Window, 'kernel' | 'stride' | 'outWidth'>,
  rows: number,
  width: number,
): number[] {
  const places: number[] = [];
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < outWidth; x++)
      for (let down = 0; down < kernel; down++)
        for (let right = 0; right < kernel; right++)
          places.push((y * stride + down) * width + x * stride + right);
  return places;
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
