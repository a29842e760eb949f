import type { RgbaImage } from '../pixels';
import type { EffectOptions } from './effect';
import { labOfHex, mixLab, over, paint, type Lab } from './lab-image';
import { findLines } from './line-art';
import { noisePlane } from './noise';
import { byLightness, shade } from './palette';
import { clamp01 } from './planes';
import { unitOf } from './regions';

const PAPER = labOfHex('#1f4e9c');
const LINE: Lab = [0.98, -0.005, -0.01];
/** Between the lines of the grid, in units. Each fifth is stronger. */
const GRID = 12.8;
const STRONG = 5;
/** How much lighter the subject's area is than the paper. */
const FILL = 0.1;

/** A blueprint: white lines on blue paper with a grid. Transparent: the lines, and the subject's area in blue. */
export function blueprint(image: RgbaImage, options: EffectOptions): RgbaImage {
  const { seed, palette, background } = options;
  const unit = unitOf(image);
  const lines = findLines(image, 0.8);
  const paper = darkest(palette) ?? PAPER;
  const worn = noisePlane(image, { seed, cell: 40 * unit, octaves: 3 }).values;
  const whole = background !== undefined;
  return paint(image, (i, x, y) => {
    const grid = Math.max(gridLine(x, unit), gridLine(y, unit));
    const ground = mixLab(shade(paper, worn[i]! * 0.07), LINE, grid * 0.16);
    const inside = lines.inside.values[i]!;
    const drawn = over(shade(ground, FILL), inside, ground, whole ? 1 : 0);
    const line = Math.max(lines.outer.values[i]!, lines.inner.values[i]! * 0.85);
    return over(LINE, line * 0.96, ...drawn);
  });
}

/** A brand's darkest colour, where it is dark enough for white lines. */
function darkest(palette: readonly string[] | undefined): Lab | undefined {
  const [colour] = byLightness(palette);
  return colour && colour[0] < 0.65 ? colour : undefined;
}

/** How strong the grid is at a place along one side, 0 to 1. */
function gridLine(at: number, unit: number): number {
  const step = Math.max(4, GRID * unit);
  const nth = Math.round((at + 0.5) / step);
  const off = Math.abs(at + 0.5 - nth * step);
  const covered = clamp01(Math.max(0.5, 0.45 * unit) - off + 0.5);
  return covered * (nth % STRONG === 0 ? 1 : 0.45);
}
