import { getStroke } from 'perfect-freehand';
import type { Point, ShapeMark, Stroke } from './marks';

/**
 * The outline of a stroke as a closed polygon, in sketch units.
 * @param live whether the stroke is still being drawn
 */
export function strokeOutline(stroke: Stroke, live = false): Point[] {
  const outline = getStroke(
    stroke.points.map(([x, y, pressure]) => [x, y, pressure]),
    {
      size: stroke.size,
      // A mouse has no pressure, so its lines have one width.
      thinning: stroke.pressed ? 0.6 : 0,
      simulatePressure: false,
      smoothing: 0.5,
      streamline: 0.35,
      last: !live,
    },
  );
  return outline.map(([x, y]) => [x, y]);
}

/** The corners of a shape, in sketch units; an ellipse has none. */
export function shapeCorners({ shape, from, to }: ShapeMark): Point[] {
  const [left, right] = [Math.min(from[0], to[0]), Math.max(from[0], to[0])];
  const [top, bottom] = [Math.min(from[1], to[1]), Math.max(from[1], to[1])];
  switch (shape) {
    case 'line':
      return [from, to];
    case 'rectangle':
      return [
        [left, top],
        [right, top],
        [right, bottom],
        [left, bottom],
      ];
    case 'triangle':
      return [
        [(left + right) / 2, top],
        [right, bottom],
        [left, bottom],
      ];
    case 'star':
      return starCorners(left, top, right - left, bottom - top);
    case 'ellipse':
      return [];
  }
}

/** The inner radius of a pentagram, relative to its outer radius: (3 - √5) / 2. */
const INNER = 0.382;

/** A five-pointed star (pentagram) that fills a box. */
function starCorners(left: number, top: number, width: number, height: number): Point[] {
  return Array.from({ length: 10 }, (_, i) => {
    const radius = i % 2 === 0 ? 0.5 : 0.5 * INNER;
    const angle = (i * Math.PI) / 5;
    const x = 0.5 + radius * Math.sin(angle);
    const y = 0.5 - radius * Math.cos(angle);
    return [left + x * width, top + y * height] as const;
  });
}
