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
] as const;
export type ControlPreprocessor = (typeof CONTROL_PREPROCESSORS)[number];
