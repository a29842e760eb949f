import * as v from 'valibot';

/**
 * A sketch is a list of marks. Coordinates are in thousandths of the paper's shorter side, from its
 * centre, so that a sketch keeps its shapes when the size of the picture changes.
 */
export const SHAPES = ['line', 'rectangle', 'ellipse', 'triangle', 'star'] as const;
export type Shape = (typeof SHAPES)[number];

const coordinate = v.pipe(v.number(), v.finite());
const place = v.tuple([coordinate, coordinate]);
const colour = v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/));
const size = v.pipe(v.number(), v.minValue(1), v.maxValue(1000));
const layer = v.picklist(['paint', 'mask']);

export const MarkSchema = v.variant('kind', [
  v.object({
    kind: v.literal('stroke'),
    layer,
    erase: v.boolean(),
    colour,
    size,
    /** Whether the points' pressures come from a pen. */
    pressed: v.boolean(),
    /** x, y and pressure from 0 to 1. */
    points: v.array(v.tuple([coordinate, coordinate, v.number()])),
  }),
  v.object({
    kind: v.literal('shape'),
    shape: v.picklist(SHAPES),
    colour,
    size,
    filled: v.boolean(),
    from: place,
    to: place,
  }),
  /** Floods the area of one colour around a place. */
  v.object({ kind: v.literal('fill'), colour, at: place }),
  /** Covers the whole paper, or the whole mask. */
  v.object({ kind: v.literal('wash'), layer, colour }),
  /** An imported picture, covering the paper. */
  v.object({
    kind: v.literal('picture'),
    src: v.pipe(v.string(), v.startsWith('data:image/')),
  }),
  v.object({ kind: v.literal('clear') }),
]);

export type Mark = v.InferOutput<typeof MarkSchema>;
export type Stroke = Extract<Mark, { kind: 'stroke' }>;
export type ShapeMark = Extract<Mark, { kind: 'shape' }>;
export type Place = readonly [x: number, y: number];
export type Colour = string;

/** Half the paper's width and height in sketch units. */
export function paperExtent(width: number, height: number): Place {
  const shorter = Math.min(width, height);
  return [(500 * width) / shorter, (500 * height) / shorter];
}
