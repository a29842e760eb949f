/** Along which axes the opposite edges of an image meet without a seam: columns (x), rows (y) or both. */
export const SEAMLESS_AXES = ['x', 'y', 'xy'] as const;

export type SeamlessAxes = (typeof SEAMLESS_AXES)[number];

/** The axes of a tool that has a switch for each; undefined where both are off. */
export function seamlessAxes(x: boolean, y: boolean): SeamlessAxes | undefined {
  if (x) return y ? 'xy' : 'x';
  return y ? 'y' : undefined;
}
