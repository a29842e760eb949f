import type { SeamlessAxes } from '../../../../core/request/seamless';
import type { LatentSize } from '../../latent-space';
import type { AfterUse } from '../../network';

/** A stack of planes: float32 [channels, height, width]. */
export interface Planes {
  readonly channels: number;
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** Tile sizes for one direction, encoding or decoding. */
export interface Tiling {
  /** Side of a tile before and after the network: in latent cells and pixels, or the other way round. */
  readonly inputTile: number;
  readonly outputTile: number;
}

/** The part of a tile's side that overlaps the next tile (diffusers, AutoencoderKL.tile_overlap_factor). */
const OVERLAP = 0.25;

export interface VaeTiling {
  readonly decode: Tiling;
  readonly encode: Tiling;
}

/**
 * Tile sizes as in diffusers' AutoencoderKL: the size that the autoencoder was trained on.
 * @param sampleSize the config's `sample_size`, in pixels
 */
export function vaeTiling(sampleSize: number, factor: number): VaeTiling {
  const latent = Math.floor(sampleSize / factor);
  return {
    decode: { inputTile: latent, outputTile: sampleSize },
    encode: { inputTile: sampleSize, outputTile: latent },
  };
}

/** Whether an input of this size is larger than one tile. */
export function needsTiles({ width, height }: LatentSize, { inputTile }: Tiling): boolean {
  return width > inputTile || height > inputTile;
}

/** Runs the network on one tile; `after` says what to do with its session. */
type RunTile = (tile: Planes, after: AfterUse) => Promise<Planes>;

/**
 * Runs a network on overlapping tiles and blends their borders: AutoencoderKL.tiled_decode and
 * `_tiled_encode` (diffusers, models/autoencoders/autoencoder_kl.py). Tiles of equal size run one after
 * another, so that only one graph is loaded at a time.
 * @param input planes [channels, height, width], sides in the unit of `inputTile`
 * @param tiling with the axes along which the edges of the image meet: there, the first tiles overlap the last ones too
 * @param run of a network whose own edges do not meet
 * @param afterLast the `after` of the last tile
 * @returns planes [channels, height, width], sides in the unit of `outputTile`
 */
export async function runTiled(
  input: Planes,
  { seamless, ...tiling }: Tiling & { readonly seamless?: SeamlessAxes | undefined },
  run: RunTile,
  afterLast: AfterUse,
): Promise<Planes> {
  if (seamless === undefined) return runTiles(input, tiling, run, afterLast);
  // Whole latent cells, on both sides of the network.
  const cell = Math.max(1, tiling.inputTile / tiling.outputTile);
  const overlap = Math.max(1, Math.trunc((tiling.inputTile * OVERLAP) / cell)) * cell;
  const { width, height } = input;
  const more = {
    width: seamless.includes('x') ? Math.min(overlap, width) : 0,
    height: seamless.includes('y') ? Math.min(overlap, height) : 0,
  };
  const made = await runTiles(continued(input, more), tiling, run, afterLast);
  const outSide = (side: number) => (side * tiling.outputTile) / tiling.inputTile;
  return meeting(made, { width: outSide(width), height: outSide(height) });
}

/** The planes with their first columns and rows again after the last ones. */
function continued(
  input: Planes,
  more: { readonly width: number; readonly height: number },
): Planes {
  const first = { x: 0, y: 0 };
  const columns = crop(input, first, more.width, input.height);
  const wide = more.width === 0 ? input : join([[input, columns]]);
  const rows = crop(wide, first, wide.width, more.height);
  return more.height === 0 ? wide : join([[wide], [rows]]);
}

/** Blends what is beyond a size into the first columns and rows, and cuts it off. */
function meeting(
  made: Planes,
  { width, height }: { readonly width: number; readonly height: number },
): Planes {
  let own = crop(made, { x: 0, y: 0 }, width, made.height);
  if (made.width > width) {
    const beyond = crop(made, { x: width, y: 0 }, made.width, made.height);
    blendColumns(beyond, own, beyond.width);
  }
  const below = crop(own, { x: 0, y: height }, width, made.height);
  own = crop(own, { x: 0, y: 0 }, width, height);
  if (below.height > 0) blendRows(below, own, below.height);
  return own;
}

async function runTiles(
  input: Planes,
  { inputTile, outputTile }: Tiling,
  run: RunTile,
  afterLast: AfterUse,
): Promise<Planes> {
  const stride = Math.trunc(inputTile * (1 - OVERLAP));
  const blend = Math.trunc(outputTile * OVERLAP);
  const limit = outputTile - blend;
  const starts = (side: number) =>
    Array.from({ length: Math.ceil(side / stride) }, (_, index) => index * stride);
  const positions = starts(input.height).flatMap((y, row) =>
    starts(input.width).map((x, column) => ({ x, y, row, column })),
  );
  const cut = positions.map((position) => ({
    ...position,
    tile: crop(input, position, inputTile, inputTile),
  }));
  const key = ({ tile }: { tile: Planes }) => `${tile.width}x${tile.height}`;
  const rows: Planes[][] = starts(input.height).map(() => []);
  const ordered = [...new Set(cut.map(key))].flatMap((size) =>
    cut.filter((one) => key(one) === size),
  );
  for (const [i, one] of ordered.entries()) {
    const next = ordered[i + 1];
    const after = next === undefined ? afterLast : key(next) === key(one) ? 'keep' : 'free';
    rows[one.row]![one.column] = await run(one.tile, after);
  }
  for (const [row, tiles] of rows.entries()) {
    for (const [column, tile] of tiles.entries()) {
      if (row > 0) blendRows(rows[row - 1]![column]!, tile, blend);
      if (column > 0) blendColumns(tiles[column - 1]!, tile, blend);
    }
  }
  return join(rows.map((tiles) => tiles.map((tile) => crop(tile, { x: 0, y: 0 }, limit, limit))));
}

function crop(
  { channels, width, height, data }: Planes,
  { x, y }: { readonly x: number; readonly y: number },
  maxWidth: number,
  maxHeight: number,
): Planes {
  const [w, h] = [Math.min(maxWidth, width - x), Math.min(maxHeight, height - y)];
  const out = new Float32Array(channels * w * h);
  for (let c = 0; c < channels; c++) {
    for (let row = 0; row < h; row++) {
      const from = (c * height + y + row) * width + x;
      out.set(data.subarray(from, from + w), (c * h + row) * w);
    }
  }
  return { channels, width: w, height: h, data: out };
}

/** Blends the last rows of `above` into the first rows of `tile`. Changes `tile`. */
function blendRows(above: Planes, tile: Planes, blend: number): void {
  const extent = Math.min(above.height, tile.height, blend);
  for (let c = 0; c < tile.channels; c++) {
    for (let y = 0; y < extent; y++) {
      const from = (c * above.height + above.height - extent + y) * above.width;
      const to = (c * tile.height + y) * tile.width;
      for (let x = 0; x < tile.width; x++) {
        tile.data[to + x] = fade(above.data[from + x]!, tile.data[to + x]!, y / extent);
      }
    }
  }
}

/** Blends the last columns of `left` into the first columns of `tile`. Changes `tile`. */
function blendColumns(left: Planes, tile: Planes, blend: number): void {
  const extent = Math.min(left.width, tile.width, blend);
  for (let row = 0; row < tile.channels * tile.height; row++) {
    const from = (row + 1) * left.width - extent;
    const to = row * tile.width;
    for (let x = 0; x < extent; x++) {
      tile.data[to + x] = fade(left.data[from + x]!, tile.data[to + x]!, x / extent);
    }
  }
}

function fade(before: number, after: number, share: number): number {
  return before * (1 - share) + after * share;
}

/** Joins tiles without overlap. @param rows from top to bottom, each with its tiles from left to right */
function join(rows: readonly (readonly Planes[])[]): Planes {
  const width = rows[0]!.reduce((sum, tile) => sum + tile.width, 0);
  const height = rows.reduce((sum, tiles) => sum + tiles[0]!.height, 0);
  const { channels } = rows[0]![0]!;
  const data = new Float32Array(channels * width * height);
  let top = 0;
  for (const tiles of rows) {
    let left = 0;
    for (const tile of tiles) {
      for (let c = 0; c < channels; c++) {
        for (let y = 0; y < tile.height; y++) {
          const from = (c * tile.height + y) * tile.width;
          const to = (c * height + top + y) * width + left;
          data.set(tile.data.subarray(from, from + tile.width), to);
        }
      }
      left += tile.width;
    }
    top += tiles[0]!.height;
  }
  return { channels, width, height, data };
}
