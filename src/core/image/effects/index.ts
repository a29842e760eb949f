// Effects: ways of drawing an image anew, as styles that do what they say with a model that knows no styles.
import type { RgbaImage } from '../pixels';
import { blueprint } from './blueprint';
import { duotone } from './duotone';
import type { DrawEffect, EffectOptions } from './effect';
import { flatIcon } from './flat-icon';
import { isometric } from './isometric';
import { lineArt } from './line-art';
import type { EffectName } from './names';
import { oil } from './oil';
import { pencil } from './pencil';
import { pixelArt } from './pixel-art';
import { sticker } from './sticker';
import { watercolour } from './watercolour';

export type { EffectName, EffectOptions };

interface Effect {
  /**
   * What it is drawn on in a composed image: `subject`, each thing with its opacity before it is placed on the
   * ground; `layers`, the ground and what stands on it, one over the other; `image`, all as one.
   */
  readonly on: 'subject' | 'layers' | 'image';
  readonly draw: DrawEffect;
}

/** All effects, by the names that a style says. */
export const EFFECTS = {
  'flat-icon': { on: 'subject', draw: flatIcon },
  isometric: { on: 'subject', draw: isometric },
  watercolour: { on: 'layers', draw: watercolour },
  'line-art': { on: 'layers', draw: lineArt },
  'pixel-art': { on: 'layers', draw: pixelArt },
  'oil-painting': { on: 'image', draw: oil },
  'pencil-sketch': { on: 'layers', draw: pencil },
  sticker: { on: 'subject', draw: sticker },
  duotone: { on: 'layers', draw: duotone },
  blueprint: { on: 'layers', draw: blueprint },
} as const satisfies Readonly<Record<EffectName, Effect>>;

/**
 * Draws an image anew in the manner of an effect. The same image, effect and options give the same pixels; the
 * result has the same size, and looks alike at every size.
 */
export function applyEffect(name: EffectName, image: RgbaImage, options: EffectOptions): RgbaImage {
  return EFFECTS[name].draw(image, options);
}
