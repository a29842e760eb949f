import type { RgbImage } from '../../../core/image/pixels';

/** A tile along one side of an image, in pixels of the image that is enlarged. */
export interface Span {
  readonly start: number;
  /** Of the tile, and so of the part of it that is read. */
  readonly length: number;
}

export interface TileGrid {
  readonly rows: readonly Span[];
  readonly columns: readonly Span[];
}

/**
 * Cuts a side into tiles of one length, of which neighbours share at least twice the margin. A side that is not
 * longer than a tile is one.
 * @param multiple what the starts are multiples of, as `side` and `tile` are
 */
export function spansOf(
  side: number,
  { tile, margin, multiple }: { readonly tile: number; readonly margin: number; readonly multiple: number }, // prettier-ignore
): readonly Span[] {
  if (side <= tile) return [{ start: 0, length: side }];
  const stride = Math.max(multiple, tile - 2 * margin);
  const count = Math.ceil((side - tile) / stride) + 1;
  return Array.from({ length: count }, (_, index) => {
    const even = (index * (side - tile)) / (count - 1);
    return { start: Math.floor(even / multiple) * multiple, length: tile };
  });
}

/** Pixels to each side of the middle of what two tiles share, in which one fades into the other. */
export const FADE = 8;

/** The share of a tile at each of its pixels along one side, where it follows another one. */
function shares(before: Span | undefined, span: Span, scale: number): Float32Array {
  const out = new Float32Array(span.length * scale).fill(1);
  if (!before) return out;
  const shared = before.start + before.length - span.start;
  const middle = (shared / 2) * scale;
  const fade = Math.min(FADE, shared / 2) * scale;
  for (let at = 0; at < shared * scale; at++) {
    out[at] = Math.min(1, Math.max(0, (at + 0.5 - (middle - fade)) / (2 * fade)));
  }
  return out;
}

/** Puts enlarged tiles together: a row of them at a time, so that only a row is in memory beside the image. */
export class TileCanvas {
  readonly image: RgbImage;
  private row: RgbImage | undefined;

  /**
   * @param size of the image before it is enlarged
   */
  constructor(
    { width, height }: Pick<RgbImage, 'width' | 'height'>,
    private readonly grid: TileGrid,
    private readonly scale: number,
  ) {
    this.image = blank(width * scale, height * scale);
  }

  /** Tiles come row by row, from left to right. @param tile enlarged */
  put(row: number, column: number, tile: RgbImage): void {
    const { rows, columns } = this.grid;
    const { scale, image } = this;
    const own = (this.row ??= blank(image.width, tile.height));
    const across = shares(columns[column - 1], columns[column]!, scale);
    mix(own, tile, { left: columns[column]!.start * scale, top: 0, across });
    if (column < columns.length - 1) return;
    const down = shares(rows[row - 1], rows[row]!, scale);
    mix(image, own, { left: 0, top: rows[row]!.start * scale, down });
    this.row = undefined;
  }
}

interface MixPlace {
  readonly left: number;
  readonly top: number;
  /** The share of each column of what is put there; absent: all of it. */
  readonly across?: Float32Array;
  /** The share of each row. */
  readonly down?: Float32Array;
}

function mix(canvas: RgbImage, part: RgbImage, { left, top, across, down }: MixPlace): void {
  for (let y = 0; y < part.height; y++) {
    const rowShare = down?.[y] ?? 1;
    const from = y * part.width * 3;
    const to = ((top + y) * canvas.width + left) * 3;
    if (!across && rowShare === 1) {
      canvas.data.set(part.data.subarray(from, from + part.width * 3), to);
      continue;
    }
    for (let at = 0; at < part.width * 3; at++) {
      const share = rowShare * (across?.[Math.floor(at / 3)] ?? 1);
      const there = canvas.data[to + at]!;
      canvas.data[to + at] = Math.round(there + (part.data[from + at]! - there) * share);
    }
  }
}

function blank(width: number, height: number): RgbImage {
  return { width, height, data: new Uint8Array(width * height * 3) };
}
