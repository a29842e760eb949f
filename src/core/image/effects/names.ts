/** The effects that a style can name. */
export const EFFECT_NAMES = [
  'flat-icon',
  'isometric',
  'watercolour',
  'line-art',
  'pixel-art',
  'oil-painting',
  'pencil-sketch',
  'sticker',
  'duotone',
  'blueprint',
] as const;
export type EffectName = (typeof EFFECT_NAMES)[number];
