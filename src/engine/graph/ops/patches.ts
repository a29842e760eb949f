import type { Builder } from '../builder';
import type { Value } from '../graph';
import { nearestIndices } from './resampling';
import { image, reshape, slice } from './shape';

/** Patches of up to this many bytes are gathered at once: a product of all positions is the fastest. */
const MOST_PATCH_BYTES = 12 * 2 ** 20;
/** More patches are gathered in strips of rows of about this many bytes, to stay in the cache. */
const STRIP_BYTES = 6 * 2 ** 20;

/** A tensor as bytes: its values are (bytes − zero) · scale, with one scale for the whole tensor. */
export interface Bytes {
  readonly bytes: Value;
  readonly scale: Value;
  readonly zero: Value;
}

/** The places of a kernel on an image of `height` × `width`, which is `x` or F.interpolate(x, mode='nearest'). */
export interface Window {
  readonly height: number;
  readonly width: number;
  readonly kernel: number;
  readonly stride: number;
  /** Zeros at the top and at the left. */
  readonly top: number;
  readonly left: number;
  /** Where the first output's kernel begins, in rows and columns of the image and its zeros. Default: 0. */
  readonly down?: number;
  readonly across?: number;
  readonly outHeight: number;
  readonly outWidth: number;
}

/** For each output position the bytes under the kernel, [B, positions, k · k · C], in strips of whole rows. */
export function patches(b: Builder, { bytes, zero }: Bytes, window: Window): readonly Value[] {
  const [batch, height, width, channels] = image(bytes);
  const { kernel, stride, outHeight, outWidth } = window;
  const same = window.height === height && window.width === width;
  if (kernel === 1 && stride === 1 && same) {
    return [reshape(b, bytes, [batch, height * width, channels])];
  }
  const { top, left, down = 0, across = 0 } = window;
  const cells = { kernel, stride };
  const rows = placesAlong(height, window.height, top, { ...cells, from: down, count: outHeight });
  const columns = placesAlong(width, window.width, left, {
    ...cells,
    from: across,
    count: outWidth,
  });
  // Kernels that begin at different places share one image with zeros around.
  const bottom = window.down === undefined ? Math.max(lastOf(rows) + 1 - top - height, 0) : top;
  const right =
    window.across === undefined ? Math.max(lastOf(columns) + 1 - left - width, 0) : left;
  const padded = pad(b, bytes, zero, [top, left, bottom, right]);
  const [, paddedHeight, paddedWidth] = image(padded);
  const patchBytes = batch * outHeight * outWidth * kernel * kernel * channels;
  const wanted = patchBytes <= MOST_PATCH_BYTES ? 1 : Math.ceil(patchBytes / STRIP_BYTES);
  const most = Math.ceil(outHeight / wanted);
  const columnsKey = `${paddedWidth}|${columns.join()}`;
  const strips: Value[] = [];
  for (let first = 0; first < outHeight; first += most) {
    const own = rows.slice(first, first + most);
    const [from, to] = [own[0]![0]!, lastOf(own) + 1];
    const part = from === 0 && to === paddedHeight ? padded : slice(b, padded, 1, from, to);
    const flat = reshape(b, part, [batch, (to - from) * paddedWidth, channels]);
    const lines = own.map((under) => under.map((row) => row - from));
    // Most strips of an image are alike, and each has 100,000 places.
    const key = `places|${columnsKey}|${lines.join()}`;
    const places = b.shared(key, () => {
      const all = placesOf(lines, columns, paddedWidth);
      return b.graph.constant('int32', all, [all.length]);
    });
    const found = b.node('Gather', [flat, places], [batch, places.shape[0]!, channels], {
      axis: { int: 1 },
    });
    strips.push(reshape(b, found, [batch, own.length * outWidth, kernel * kernel * channels]));
  }
  return strips;
}

/** The places under the kernel at each position of some rows, in an image of this width. */
function placesOf(
  rows: readonly (readonly number[])[],
  columns: readonly (readonly number[])[],
  width: number,
): Int32Array {
  const cells = (rows[0]?.length ?? 0) * (columns[0]?.length ?? 0);
  const places = new Int32Array(rows.length * columns.length * cells);
  let next = 0;
  for (const under of rows) {
    for (const beside of columns) {
      for (const row of under) {
        for (const column of beside) places[next++] = row * width + column;
      }
    }
  }
  return places;
}

/** For each of `count` outputs along an axis, the places under the kernel in `size` values after `zeros` zeros. */
function placesAlong(
  size: number,
  resized: number,
  zeros: number,
  cells: {
    readonly kernel: number;
    readonly stride: number;
    readonly from: number;
    readonly count: number;
  },
): readonly (readonly number[])[] {
  const sources = nearestIndices(size, resized);
  const place = (at: number): number => {
    if (at < 0) return at + zeros;
    return zeros + (sources[at] ?? size + at - resized);
  };
  const { kernel, stride, from, count } = cells;
  return Array.from({ length: count }, (_, output) =>
    Array.from({ length: kernel }, (_, cell) => place(from + output * stride + cell - zeros)),
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
