import * as v from 'valibot';

export const SHAPES = ['line', 'rectangle', 'ellipse', 'triangle', 'star'] as const;
export type Shape = (typeof SHAPES)[number];

const coordinate = v.pipe(v.number(), v.finite());
const point = v.tuple([coordinate, coordinate]);
const colour = v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/));
const size = v.pipe(v.number(), v.minValue(1), v.maxValue(1000));
const layer = v.picklist(['paint', 'mask']);

/**
 * One step of a sketch. Coordinates are in sketch units: 1000 units are the canvas's shorter side, and the
 * origin is its centre, x to the right and y down. So a sketch keeps its shapes when the image size changes.
 */
export const MarkSchema = v.variant('kind', [
  v.object({
    kind: v.literal('stroke'),
    layer,
    erase: v.boolean(),
    colour,
    size,
    /** The points' pressures come from a pen. */
    pressed: v.boolean(),
    /** x, y, and pressure from 0 to 1. */
    points: v.array(v.tuple([coordinate, coordinate, v.number()])),
  }),
  v.object({
    kind: v.literal('shape'),
    shape: v.picklist(SHAPES),
    colour,
    size,
    filled: v.boolean(),
    from: point,
    to: point,
  }),
  /** Fills the area of one colour around a point. */
  v.object({ kind: v.literal('fill'), colour, at: point }),
  /** Fills the whole layer. */
  v.object({ kind: v.literal('wash'), layer, colour }),
  /** An imported image. It covers the canvas. */
  v.object({
    kind: v.literal('picture'),
    src: v.pipe(v.string(), v.startsWith('data:image/')),
  }),
  /** Hides all marks before it. */
  v.object({ kind: v.literal('clear') }),
]);

export type Mark = v.InferOutput<typeof MarkSchema>;
export type Stroke = Extract<Mark, { kind: 'stroke' }>;
export type ShapeMark = Extract<Mark, { kind: 'shape' }>;
/** In sketch units. */
export type Point = readonly [x: number, y: number];
/** `#rrggbb`. */
export type Colour = string;
