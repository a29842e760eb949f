import { FORMS, type Form, type Formed, type FormOf } from '../composition';
import type { Random } from '../random';
import type { Canvas } from './drawing/canvas';
import type { SurfacePalette } from './drawing/surface-palette';

/** What a surface is drawn on and with. */
export interface SurfaceContext {
  readonly canvas: Canvas;
  readonly width: number;
  readonly height: number;
  /** The size in pixels that motifs are measured by: grows with the image, and fits into its short side. */
  readonly unit: number;
  readonly random: Random;
  readonly palette: SurfacePalette;
  /** What was asked for; absent or another surface's: chance decides. */
  readonly form?: Form | undefined;
  /** Something stands on it: it must not be louder than that. */
  readonly quiet: boolean;
}

/** The form that a surface is drawn in: the one that is asked for, or one of the usual ones by chance. */
export function chosenForm<Name extends Formed>(
  name: Name,
  usual: readonly FormOf<Name>[],
  { form, random }: SurfaceContext,
): FormOf<Name> {
  const byChance = random.pick(usual);
  const own: readonly Form[] = FORMS[name];
  return form !== undefined && own.includes(form) ? form : byChance;
}

/** @returns the mean colour of the middle, as hex */
export type SurfaceDrawer = (context: SurfaceContext) => string;
