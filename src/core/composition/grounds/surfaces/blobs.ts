import { mix } from '../../colours';
import type { FormOf } from '../../composition';
import { blob, wobble } from '../drawing/blob';
import { layers } from '../drawing/surface-palette';
import { chosenForm, type SurfaceContext } from '../surface';
import { eased, stopsOf } from './gradients';
import { drawCamouflage, drawMemphis, drawTerrazzo } from './motifs';

const FORM_DRAWERS: Readonly<Record<FormOf<'blobs'>, (context: SurfaceContext) => void>> = {
  corners: drawCorners,
  single: drawOne,
  scattered: drawScattered,
  memphis: drawMemphis,
  terrazzo: drawTerrazzo,
  camouflage: drawCamouflage,
};

/** Organic shapes: layered in two corners, one large in the middle, scattered, or small ones everywhere. */
export function drawBlobs(context: SurfaceContext): string {
  const { canvas, palette } = context;
  const { base } = palette;
  canvas.fill(
    palette.asked || palette.accents.length > 0
      ? base
      : canvas.linear(
          stopsOf([base, mix(base, palette.flow[1]!, 0.4)], 3),
          [0, 0],
          [context.width, context.height],
        ),
  );
  FORM_DRAWERS[chosenForm('blobs', ['corners', 'corners', 'single', 'scattered'], context)](
    context,
  );
  return base;
}

function drawCorners(context: SurfaceContext): void {
  const { canvas, width, height, unit, random, palette } = context;
  const corners = random.pick([
    [
      [0, 0],
      [1, 1],
    ],
    [
      [1, 0],
      [0, 1],
    ],
  ] as const);
  const count = random.int(3, 4);
  const colours = layers(palette, count);
  const size = Math.min(unit * 0.62, Math.max(width, height) * 0.4) * (palette.asked ? 0.92 : 1);
  for (const [x, y] of corners) {
    const shape = wobble(context.random, 9);
    const stretch = random.range(1.05, 1.35);
    for (const [index, colour] of colours.entries()) {
      const radius = size * (1 - index / (count + 0.4));
      canvas.path(
        blob(width * x, height * y, radius * stretch, radius, shape, index * 0.12),
        colour,
      );
    }
  }
}

function drawOne(context: SurfaceContext): void {
  const { canvas, width, height, unit, random, palette } = context;
  const x = width * random.pick([0.5, 0.62, 0.38]);
  const y = height * random.range(0.46, 0.54);
  const radius = Math.min(unit * 0.4, width * 0.42, height * 0.42);
  const [first, second] = layers(palette, 2, 0.75);
  canvas.path(
    blob(
      x - radius * 0.16,
      y + radius * 0.1,
      radius * 1.12,
      radius * 1.04,
      wobble(context.random, 8),
      0.5,
    ),
    first!,
    'opacity="0.6"',
  );
  canvas.path(
    blob(x, y, radius * 1.1, radius * 0.95, wobble(context.random, 7), 0),
    canvas.inBox(
      [
        [0, first!],
        [1, second!],
      ],
      [0, 0, 1, 1],
    ),
  );
}

function drawScattered(context: SurfaceContext): void {
  const { canvas, width, height, unit, random, palette } = context;
  const colours = layers(palette, 4, 0.7);
  const places = [
    [0.08, 0.2],
    [0.9, 0.15],
    [0.16, 0.92],
    [0.86, 0.85],
    [0.5, 1.02],
    [0.52, -0.04],
  ];
  for (const [index, [x, y]] of random.shuffle(places).slice(0, 5).entries()) {
    const radius = unit * random.range(0.14, 0.3);
    const colour = colours[index % 4]!;
    const at = [
      width * x! + radius * random.range(-0.3, 0.3),
      height * y! + radius * random.range(-0.3, 0.3),
    ] as const;
    if (index === 0) {
      canvas.circle(
        at[0],
        at[1],
        radius * 1.9,
        canvas.radial(eased(colour, 0.9), at[0], at[1], radius * 1.9),
      );
    } else {
      canvas.path(
        blob(at[0], at[1], radius * 1.15, radius, wobble(context.random, 7), index),
        colour,
        'opacity="0.85"',
      );
    }
  }
}
