/** What can be made of a control image without a model. */
export const CONTROL_PREPROCESSORS = [
  'none',
  'canny',
  'scribble',
  'lineart',
  'softedge',
  'tile',
  'inpaint',
  'color',
  'qr',
  'invert',
] as const;
export type ControlPreprocessor = (typeof CONTROL_PREPROCESSORS)[number];

/** What can be changed in how some of them work. Absent: as usual. */
export interface ControlTuning {
  /** `canny`: gradients above `low` continue an edge, those above `high` begin one; 0 to 1530. */
  readonly canny?: { readonly low: number; readonly high: number };
  /** `scribble`: how much darker than its surroundings a stroke is, of 255. */
  readonly stroke?: number;
  /** `tile`: how many pixels in a row become one. */
  readonly tile?: number;
}
