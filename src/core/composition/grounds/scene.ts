import type { Random } from '../random';
import type { Canvas } from './drawing/canvas';
import type { Light } from './drawing/light';

/** What a scene is drawn on and with. */
export interface SceneContext {
  readonly canvas: Canvas;
  readonly width: number;
  readonly height: number;
  /** The size in pixels that motifs are measured by: the height, or less in narrow images. */
  readonly unit: number;
  readonly random: Random;
  readonly light: Light;
  /** Colours that were asked for: the first is the colour of what the scene is named after. */
  readonly asked: readonly string[];
}

/** Where things stand in a scene. */
export interface Placement {
  /** The bottom edge of a thing, as a share of the height. */
  readonly floor?: number;
  readonly horizon?: number;
  /** Things here float or sail. */
  readonly water?: boolean;
  /** Mean colour behind a thing in the middle, as hex. */
  readonly behind: string;
}

export type SceneDrawer = (context: SceneContext) => Placement;
