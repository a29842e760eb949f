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
}

/** @returns the mean colour of the middle, as hex */
export type SurfaceDrawer = (context: SurfaceContext) => string;
