/** A grid of cells that fits into an image a whole number of times, so that copies of it join without a seam. */
export interface Cells {
  readonly columns: number;
  readonly rows: number;
  readonly stepX: number;
  readonly stepY: number;
}

/**
 * @param target the wished size of a cell in pixels
 * @param most the most cells; larger ones where there would be more
 * @param even whether rows and columns are even numbers, as shifted rows need
 */
export function cells(
  width: number,
  height: number,
  target: number,
  most: number,
  even = false,
): Cells {
  const wished = Math.max(target, 2.5, Math.sqrt((width * height) / most));
  const fit = (length: number): number => {
    const count = Math.max(1, Math.round(length / wished));
    return even ? Math.max(2, Math.round(count / 2) * 2) : count;
  };
  const [columns, rows] = [fit(width), fit(height)];
  return { columns, rows, stepX: width / columns, stepY: height / rows };
}
