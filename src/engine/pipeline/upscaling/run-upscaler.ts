import { crop } from '../../../core/image/layers';
import type { RgbImage } from '../../../core/image/pixels';
import type { Size } from '../../../core/image/resize';
import type { ComputePlace, Upscaler } from '../../model/components/upscaler/upscaler';
import type { Networks } from '../../model/network';
import type { NetworkSession } from '../../runtime/session';
import { FADE, spansOf, TileCanvas, type TileGrid } from './tiles';

/** Pixels of a tile's side once it is enlarged, where the network makes it larger. */
const TILE = 1024;
/**
 * Pixels that a tile sees of its neighbours, at most. Compact networks see no further, so that their tiles have the
 * values of the whole image. An RRDBNet of 23 blocks could see 348 pixels far; what is further than this hardly counts.
 */
const MOST_CONTEXT = 40;

/** What a tile's side is a multiple of: of every network's `multiple`. */
const TILE_MULTIPLE = 8;

/** @param tile pixels of a tile's side before it is enlarged; default: what suits the network */
export function tileGrid(upscaler: Upscaler, { width, height }: Size, tile?: number): TileGrid {
  const { scale, multiple, reach } = upscaler;
  const side = tile ?? Math.max(128, Math.floor(TILE / scale / TILE_MULTIPLE) * TILE_MULTIPLE);
  const margin = Math.min(Math.min(reach, MOST_CONTEXT) + FADE, Math.floor(side / 4));
  const cut = (length: number) =>
    spansOf(roundUp(length, multiple), { tile: side, margin: roundUp(margin, multiple), multiple });
  return { rows: cut(height), columns: cut(width) };
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}

/** Bytes that a run takes: of the network on a tile, and of the images. */
export function runMemory(upscaler: Upscaler, size: Size, where: ComputePlace): number {
  const { rows, columns } = tileGrid(upscaler, size);
  const tile = { width: columns[0]!.length, height: rows[0]!.length };
  const pixels = size.width * size.height * (1 + upscaler.scale ** 2);
  return upscaler.memory(tile, where) + 2 * 3 * pixels;
}

export interface RunOptions {
  readonly networks: Networks;
  /** Called after each tile, which is where a job can be cancelled. */
  readonly onTile: () => Promise<void>;
  /** As in `tileGrid`. */
  readonly tile?: number | undefined;
  /** Whether another run with the same network follows. */
  readonly keep?: boolean;
}

/**
 * Enlarges an image by the network's own scale, in tiles where it is larger than one. Where the tiles share as much
 * as the network sees, which holds for compact ones, the result is that of the whole image; else neighbours differ
 * a little where they meet, and fade into each other.
 * @throws the errors of the networks, and of `onTile`
 */
export async function runUpscaler(
  upscaler: Upscaler,
  image: RgbImage,
  { networks, onTile, tile, keep = false }: RunOptions,
): Promise<RgbImage> {
  const { scale, multiple } = upscaler;
  const grid = tileGrid(upscaler, image, tile);
  const padded = padTo(image, roundUp(image.width, multiple), roundUp(image.height, multiple));
  const canvas = new TileCanvas(padded, grid, scale);
  const { rows, columns } = grid;
  const size = { width: columns[0]!.length, height: rows[0]!.length };
  const use = { runs: rows.length * columns.length, after: keep ? 'keep' : 'done' } as const;
  await networks.use(upscaler.network(size), use, async (session) => {
    for (const [row, { start: top }] of rows.entries()) {
      for (const [column, { start: left }] of columns.entries()) {
        const part = crop(padded, { left, top, ...size });
        canvas.put(row, column, await runTile(session, part, scale));
        await onTile();
      }
    }
  });
  const whole = { left: 0, top: 0, width: image.width * scale, height: image.height * scale };
  return padded === image ? canvas.image : crop(canvas.image, whole);
}

async function runTile(session: NetworkSession, tile: RgbImage, scale: number): Promise<RgbImage> {
  const { width, height, data } = tile;
  const cells = width * height;
  const planes = new Float32Array(3 * cells);
  for (let i = 0; i < cells; i++) {
    for (let c = 0; c < 3; c++) planes[c * cells + i] = data[i * 3 + c]! / 255;
  }
  const feed = { type: 'float32', data: planes, dims: [1, 3, height, width] } as const;
  const { enlarged } = await session.run({ image: feed });
  return fromUnitPlanes(enlarged!, width * scale, height * scale);
}

/** Planes of 0..1 as bytes, rounded. */
function fromUnitPlanes(planes: Float32Array, width: number, height: number): RgbImage {
  const cells = width * height;
  const data = new Uint8Array(cells * 3);
  for (let c = 0; c < 3; c++) {
    for (let i = 0; i < cells; i++) {
      data[i * 3 + c] = Math.round(Math.min(1, Math.max(0, planes[c * cells + i]!)) * 255);
    }
  }
  return { width, height, data };
}

/** Fills up the right and the bottom by mirroring, as torch's `pad(mode="reflect")`; a side of one pixel is repeated. */
function padTo(image: RgbImage, width: number, height: number): RgbImage {
  if (width === image.width && height === image.height) return image;
  const mirrored = (at: number, side: number) => (at < side ? at : Math.max(0, 2 * side - 2 - at));
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (mirrored(y, image.height) * image.width + mirrored(x, image.width)) * 3;
      data.set(image.data.subarray(from, from + 3), (y * width + x) * 3);
    }
  }
  return { width, height, data };
}
