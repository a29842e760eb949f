/** Grounds: backgrounds that formulas draw as vectors, the same for the same seed on every machine. */
import { isDark } from '../colours';
import { isScene, type Ground, type GroundName, type SceneName } from '../composition';
import { createRandom, hash } from '../random';
import type { VectorImage } from '../vector-image';
import { Canvas } from './drawing/canvas';
import { createLight } from './drawing/light';
import { surfacePalette } from './drawing/surface-palette';
import type { Placement, SceneContext, SceneDrawer } from './scene';
import { drawCity } from './scenes/city';
import { drawDesert } from './scenes/desert';
import { drawForest } from './scenes/forest';
import { drawFields, drawHills } from './scenes/hills';
import { drawMountains } from './scenes/mountains';
import { drawRoom } from './scenes/room';
import { drawBeach, drawSea } from './scenes/sea';
import { drawSkyScene } from './scenes/sky';
import { drawSnow } from './scenes/snow';
import type { SurfaceDrawer } from './surface';
import { drawBlobs } from './surfaces/blobs';
import { drawDots } from './surfaces/dots';
import {
  drawLinearGradient,
  drawMeshGradient,
  drawPlain,
  drawRadialGradient,
} from './surfaces/gradients';
import { drawGrid } from './surfaces/grid';
import { drawNoise } from './surfaces/noise';
import { drawStripes } from './surfaces/stripes';
import { drawTiles } from './surfaces/tiles';
import { drawWaves } from './surfaces/waves';

export interface GroundOptions {
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  readonly seed: number;
  /** Colours of a brand, as hex. */
  readonly palette?: readonly string[];
  /** Something stands on it: patterns are soft then. */
  readonly quiet?: boolean;
  /** The mean colour of what stands on it, hex: colours that nobody asked for are chosen so that it is seen. */
  readonly subject?: string | undefined;
}

export interface GroundDrawing extends Placement {
  readonly image: VectorImage;
  /** Whether what stands in the middle stands on something dark. */
  readonly dark: boolean;
}

const SURFACE_DRAWERS: Readonly<Record<Exclude<GroundName, SceneName>, SurfaceDrawer>> = {
  plain: drawPlain,
  'linear-gradient': drawLinearGradient,
  'radial-gradient': drawRadialGradient,
  'mesh-gradient': drawMeshGradient,
  waves: drawWaves,
  blobs: drawBlobs,
  dots: drawDots,
  stripes: drawStripes,
  grid: drawGrid,
  tiles: drawTiles,
  noise: drawNoise,
};

const SCENE_DRAWERS: Readonly<Record<SceneName, SceneDrawer>> = {
  sky: drawSkyScene,
  mountains: drawMountains,
  hills: drawHills,
  fields: drawFields,
  sea: drawSea,
  beach: drawBeach,
  desert: drawDesert,
  forest: drawForest,
  snow: drawSnow,
  city: drawCity,
  room: drawRoom,
};

/**
 * Draws a ground at a size in pixels. The drawing of a seed has the same parts at every size.
 * @throws RangeError where width or height is not a number above 0
 */
export function drawGround(ground: Ground, options: GroundOptions): GroundDrawing {
  const { width, height, seed, palette = [] } = options;
  if (!(width > 0 && height > 0 && Number.isFinite(width) && Number.isFinite(height))) {
    throw new RangeError('A ground needs a width and a height above 0.');
  }
  const key = JSON.stringify([ground, width, height, seed, palette]);
  const canvas = new Canvas(width, height, `g${hash(key).toString(36).slice(0, 5)}`);
  const colourChance = createRandom(seed, `${ground.name} colours`);
  const random = createRandom(seed, `${ground.name} shapes`);
  const placement = isScene(ground.name)
    ? drawScene(ground, palette, { canvas, width, height, random })
    : drawSurface(ground, ground.name, palette, { canvas, width, height, random });
  return { ...placement, image: canvas.toImage(), dark: isDark(placement.behind) };

  function drawScene(
    { name, time = 'day', colours = [], dark }: Ground,
    brand: readonly string[],
    frame: Pick<SceneContext, 'canvas' | 'width' | 'height' | 'random'>,
  ): Placement {
    const when = dark === true && time === 'day' ? 'night' : time;
    const skyColour = name === 'sky' ? colours[0] : undefined;
    const light = createLight(when, colourChance, brand, skyColour);
    // In narrow images things get smaller, or two of them would fill the width.
    const unit = Math.min(height, width * 1.3);
    return SCENE_DRAWERS[name as SceneName]({ ...frame, unit, light, asked: colours });
  }

  function drawSurface(
    { colours, dark, form }: Ground,
    name: Exclude<GroundName, SceneName>,
    brand: readonly string[],
    frame: Pick<SceneContext, 'canvas' | 'width' | 'height' | 'random'>,
  ): Placement {
    const unit = Math.min(Math.sqrt(width * height), Math.min(width, height) * 2);
    const chosen = surfacePalette({ name, colours, dark }, brand, colourChance, options.subject);
    const quiet = options.quiet === true;
    return { behind: SURFACE_DRAWERS[name]({ ...frame, unit, palette: chosen, form, quiet }) };
  }
}
