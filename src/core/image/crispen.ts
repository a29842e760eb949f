import type { RgbImage } from './pixels';

/** Contrast within a window, in 8-bit levels of luma, up to which nothing changes and from which all does. */
const FLAT = 14;
const EDGE = 56;

/**
 * Makes the edges of flat art steep, as they are in a drawing that was enlarged with it: each pixel moves
 * towards the darker or the lighter side of its window, whichever is nearer, and keeps a share between them
 * where it is in the middle. Flat areas and soft shades stay.
 * @param radius of the window in pixels: a little more than half of an edge's width
 * @param gain how many times as steep an edge gets
 */
export function crispen({ width, height, data }: RgbImage, radius: number, gain: number): RgbImage {
  const luma = new Float32Array(width * height);
  for (let i = 0; i < luma.length; i++) {
    luma[i] = 0.299 * data[i * 3]! + 0.587 * data[i * 3 + 1]! + 0.114 * data[i * 3 + 2]!;
  }
  const { darkest, lightest } = extremes(luma, width, height, radius);
  const out = data.slice();
  for (let i = 0; i < luma.length; i++) {
    const dark = darkest[i]!;
    const light = lightest[i]!;
    const span = luma[light]! - luma[dark]!;
    if (span <= FLAT) continue;
    const share = (luma[i]! - luma[dark]!) / span;
    const steep = smooth((share - 0.5) * gain + 0.5);
    const amount = Math.min(1, (span - FLAT) / (EDGE - FLAT));
    for (let c = 0; c < 3; c++) {
      const own = data[i * 3 + c]!;
      const between = data[dark * 3 + c]! * (1 - steep) + data[light * 3 + c]! * steep;
      out[i * 3 + c] = Math.round(own + (between - own) * amount);
    }
  }
  return { width, height, data: out };
}

function smooth(share: number): number {
  const t = Math.max(0, Math.min(1, share));
  return t * t * (3 - 2 * t);
}

/** For each pixel the place of the darkest and of the lightest pixel in its square window. */
function extremes(
  luma: Float32Array,
  width: number,
  height: number,
  radius: number,
): { readonly darkest: Int32Array; readonly lightest: Int32Array } {
  const darkest = new Int32Array(luma.length);
  const lightest = new Int32Array(luma.length);
  // Rows first, then columns of what the rows gave.
  const rowDark = new Int32Array(luma.length);
  const rowLight = new Int32Array(luma.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let dark = y * width + x;
      let light = dark;
      const last = Math.min(width - 1, x + radius);
      for (let near = Math.max(0, x - radius); near <= last; near++) {
        const at = y * width + near;
        if (luma[at]! < luma[dark]!) dark = at;
        if (luma[at]! > luma[light]!) light = at;
      }
      rowDark[y * width + x] = dark;
      rowLight[y * width + x] = light;
    }
  }
  for (let y = 0; y < height; y++) {
    const first = Math.max(0, y - radius);
    const last = Math.min(height - 1, y + radius);
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      let dark = rowDark[at]!;
      let light = rowLight[at]!;
      for (let near = first; near <= last; near++) {
        const a = rowDark[near * width + x]!;
        const b = rowLight[near * width + x]!;
        if (luma[a]! < luma[dark]!) dark = a;
        if (luma[b]! > luma[light]!) light = b;
      }
      darkest[at] = dark;
      lightest[at] = light;
    }
  }
  return { darkest, lightest };
}
