import type { RgbaImage } from '../pixels';
import type { EffectOptions } from './effect';
import {
  blurLab,
  colourAt,
  labOfHex,
  paint,
  planesOf,
  toLab,
  type Lab,
  type LabImage,
} from './lab-image';
import { noisePlane } from './noise';
import { blur, clamp01, mapPlane, sample, smoothStep, type Plane } from './planes';
import { flattened, unitOf } from './regions';
import { fitInside } from './place';

/** In units: how far the brush strays from an edge, and the width of the dark edge of dried paint. */
const WOBBLE = 3.2;
const DRIED = 2.2;
/** Colours are this much thinner than the paint of the subject. */
const THIN = 0.86;

/**
 * Watercolour, after Bousseau and others, Interactive watercolor rendering with temporal coherence and
 * abstraction (2006): flat areas with wandering edges, and a density of pigment that is higher at the edges and
 * varies with the water and the grain of the paper.
 */
export function watercolour(
  image: RgbaImage,
  { seed, background, fixed }: EffectOptions,
): RgbaImage {
  const unit = unitOf(image);
  const given = toLab(image);
  const isCutOut = given.opacity.some((value) => value < 0.5);
  const source = isCutOut && !fixed ? fitInside(given, 8 * unit) : given;
  const wash = washOf(source, image, { seed, unit });
  const pigment = densityOf(wash, image, { seed, unit });
  const grain = paperGrain(image, seed, unit);
  const ground = background === undefined ? undefined : labOfHex(background);
  return paint(image, (i) => {
    const paint = wash.opacity[i]!;
    const density =
      pigment.values[i]! + grain.values[i]! * (0.1 + 0.2 * clamp01(wash.lightness[i]!));
    const colour = dilute(colourAt(wash, i), density);
    if (!ground) return [colour, paint];
    const paper: Lab = [
      ground[0] * (0.985 + grain.values[i]! * 0.02),
      ground[1],
      ground[2] + 0.006,
    ];
    return [mixPaper(paper, colour, paint), 1];
  });
}

interface Making {
  readonly seed: number;
  readonly unit: number;
}

/** The flat areas, with edges that wander as a wet brush does. */
function washOf(source: LabImage, size: RgbaImage, { seed, unit }: Making): LabImage {
  const flat = blurLab(
    flattened(source),
    1.1 * unitOf(source) * Math.min(1, 288 / Math.min(source.width, source.height)),
  );
  const scale = flat.width / size.width;
  const wander = (offset: number) => ({
    far: noisePlane(size, { seed: seed + offset, cell: 26 * unit, octaves: 2 }).values,
    near: noisePlane(size, { seed: seed + offset + 5, cell: 6 * unit, octaves: 2 }).values,
  });
  const across = wander(11);
  const down = wander(23);
  const from = planesOf(flat);
  const edge = blur(from.opacity, 0.8 * unitOf(flat));
  const out = {
    lightness: new Float32Array(size.width * size.height),
    a: new Float32Array(size.width * size.height),
    b: new Float32Array(size.width * size.height),
    opacity: new Float32Array(size.width * size.height),
  };
  for (let y = 0, i = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++, i++) {
      const dx = (across.far[i]! * WOBBLE + across.near[i]! * 1.1) * unit;
      const dy = (down.far[i]! * WOBBLE + down.near[i]! * 1.1) * unit;
      const sx = (x + dx + 0.5) * scale - 0.5;
      const sy = (y + dy + 0.5) * scale - 0.5;
      out.lightness[i] = sample(from.lightness, sx, sy);
      out.a[i] = sample(from.a, sx, sy);
      out.b[i] = sample(from.b, sx, sy);
      out.opacity[i] = smoothStep(0.25, 0.62, sample(edge, sx, sy));
    }
  }
  return { width: size.width, height: size.height, ...out };
}

/** How much pigment lies on each pixel: 1 is the wash's own colour. */
function densityOf(wash: LabImage, size: RgbaImage, { seed, unit }: Making): Plane {
  const pools = noisePlane(size, { seed: seed + 41, cell: 48 * unit, octaves: 3 }).values;
  const fine = noisePlane(size, { seed: seed + 43, cell: 9 * unit, octaves: 3 }).values;
  const edges = driedEdges(wash, unit).values;
  return mapPlane(size, (i) => {
    // Dark paint is thick, and varies less.
    const thin = 0.35 + 0.65 * smoothStep(0.15, 0.6, wash.lightness[i]!);
    return THIN + (pools[i]! * 0.4 + fine[i]! * 0.16) * thin + edges[i]!;
  });
}

/** Pigment that the water carried to the edges of each area, and away from just inside. */
function driedEdges(wash: LabImage, unit: number): Plane {
  const { width, height, opacity } = wash;
  const plane = (values: Float32Array): Plane => ({ width, height, values });
  const bands = (values: Float32Array, gain: number) => {
    const sharp = blur(plane(values), 0.5 * unit).values;
    const wide = blur(plane(values), DRIED * unit).values;
    return (i: number) => Math.abs(sharp[i]! - wide[i]!) * gain;
  };
  const outer = bands(opacity, 1.5);
  const inner = [bands(wash.lightness, 3), bands(wash.a, 3), bands(wash.b, 3)];
  return mapPlane(wash, (i) => {
    const between = inner.reduce((sum, band) => sum + band(i), 0);
    return Math.min(0.75, outer(i) * opacity[i]! + Math.min(0.45, between));
  });
}

/** The grain of cold-pressed paper: -1 in its valleys to 1 on its hills. */
function paperGrain(size: RgbaImage, seed: number, unit: number): Plane {
  const cell = Math.max(1.5, 1.9 * unit);
  const fine = noisePlane(size, { seed: seed + 61, cell, octaves: 1 }).values;
  const rough = noisePlane(size, { seed: seed + 67, cell: cell * 2.4, octaves: 2 }).values;
  return mapPlane(size, (i) => fine[i]! * 0.55 + rough[i]! * 0.6);
}

/** A colour with more or less pigment: none is the white of the paper. */
function dilute([lightness, a, b]: Lab, density: number): Lab {
  const absorbed = (1.01 - lightness) * Math.max(0.12, density);
  // Thick pigment is darker and more colourful; thin pigment shows the paper.
  const colourful = Math.max(0.15, Math.min(1.15, 0.35 + density * 0.68));
  return [clamp01(1.01 - absorbed), a * colourful, b * colourful];
}

/** Paint is transparent: it darkens what lies below. */
function mixPaper(paper: Lab, colour: Lab, share: number): Lab {
  return [
    paper[0] * (1 - share + share * colour[0]),
    paper[1] + colour[1] * share,
    paper[2] + colour[2] * share,
  ];
}
