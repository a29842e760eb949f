/** A grid of cells that fits into an image a whole number of times, so that copies of it join without a seam. */
export interface Cells {
  readonly columns: number;
  readonly rows: number;
  readonly stepX: number;
  readonly stepY: number;
}

/** Rounding may give this many times the most cells. */
const STRIP = 1.3;

/** The most cells along the longer side: fewer in a strip, whose few rows cost as many bytes as more rows do. */
const LONGEST = { usual: 140, ofStrip: 100 };
/** A side of so many times the other makes a strip. */
const STRIP_ASPECT = 8;

/**
 * @param target the wished size of a cell in pixels
 * @param most the most cells; larger ones where there would be more
 * @param even whether rows and columns are even numbers, as shifted rows need
 * @param aspect the wished height of a cell as a share of its width
 */
export function cells(
  width: number,
  height: number,
  target: number,
  most: number,
  even = false,
  aspect = 1,
): Cells {
  const [shorter, longer] = width < height ? [width, height] : [height, width];
  const wished = Math.max(
    target,
    2.5,
    longer / (longer > shorter * STRIP_ASPECT ? LONGEST.ofStrip : LONGEST.usual),
    Math.sqrt((width * height) / (most * aspect)),
  );
  const fit = (length: number, size: number): number => {
    const count = Math.max(1, Math.round(length / size));
    return even ? Math.max(2, Math.round(count / 2) * 2) : count;
  };
  let [columns, rows] = [fit(width, wished), fit(height, wished * aspect)];
  // A strip has no more room for the rows that it needs: its cells become longer.
  const longest = (other: number): number => {
    const count = Math.floor((most * STRIP) / other);
    return Math.max(2, even ? count - (count % 2) : count);
  };
  if (columns * rows > most * STRIP) {
    if (columns > rows) columns = longest(rows);
    else rows = longest(columns);
  }
  return { columns, rows, stepX: width / columns, stepY: height / rows };
}

/**
 * Where a motif is drawn so that copies of the image join: at its place, and on the other side of each edge
 * that it crosses.
 * @param reach the furthest that it goes from its middle, in pixels
 */
export function acrossEdges(
  x: number,
  y: number,
  reach: number,
  { width, height }: { readonly width: number; readonly height: number },
): { x: number; y: number }[] {
  const shifts = (at: number, side: number): number[] => [
    0,
    ...(at < reach ? [side] : []),
    ...(at > side - reach ? [-side] : []),
  ];
  return shifts(x, width).flatMap((dx) =>
    shifts(y, height).map((dy) => ({ x: x + dx, y: y + dy })),
  );
}
