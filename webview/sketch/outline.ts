import { getStroke } from 'perfect-freehand';
import type { Place, ShapeMark, Stroke } from './marks';

/** The outline of a stroke as a closed polygon, in sketch units. */
export function strokeOutline(stroke: Stroke, live = false): Place[] {
  const outline = getStroke(
    stroke.points.map(([x, y, pressure]) => [x, y, pressure]),
    {
      size: stroke.size,
      // A mouse has one pressure: its lines keep their width, as in any paint program.
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
export function shapeCorners({ shape, from, to }: ShapeMark): Place[] {
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

/** A five-pointed star in a box; its inner corners lie where the long lines of a pentagram cross. */
function starCorners(left: number, top: number, width: number, height: number): Place[] {
  const INNER = 0.382;
  return Array.from({ length: 10 }, (_, i) => {
    const radius = i % 2 === 0 ? 0.5 : 0.5 * INNER;
    const angle = (i * Math.PI) / 5;
    const x = 0.5 + radius * Math.sin(angle);
    const y = 0.5 - radius * Math.cos(angle);
    return [left + x * width, top + y * height] as const;
  });
}
