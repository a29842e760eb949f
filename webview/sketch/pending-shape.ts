import { t } from '../l10n';
import type { Shape, ShapeMark } from './marks';
import type { ToolState } from './tools';

/** Sketch units that an arrow key moves or resizes by; with Alt a tenth. */
const STEP = 25;

/** Half the side of a new shape in sketch units. */
const HALF = 200;

/** A shape that was added by keyboard and is not placed yet. Arrow keys move it; with Shift, they resize it. */
export class PendingShape {
  mark: ShapeMark | undefined;

  constructor(
    private readonly changed: () => void,
    private readonly announce: (text: string) => void,
  ) {}

  /** @param name the translated name of the shape */
  add(shape: Shape, name: string, { colour, size, filled }: ToolState): void {
    this.mark = {
      kind: 'shape',
      shape,
      colour,
      size,
      filled,
      from: [-HALF, shape === 'line' ? 0 : -HALF],
      to: [HALF, shape === 'line' ? 0 : HALF],
    };
    this.announce(t('shapeAdded', name));
    this.changed();
  }

  /** Returns the shape, and is empty afterwards. */
  take(): ShapeMark | undefined {
    const { mark } = this;
    this.mark = undefined;
    if (mark) this.changed();
    return mark;
  }

  handleKey(event: KeyboardEvent): void {
    if (!this.mark) return;
    if (event.key === 'Escape') {
      this.take();
      this.announce(t('shapeDropped'));
    } else {
      const direction = DIRECTIONS[event.key];
      if (!direction) return;
      const step = event.altKey ? STEP / 10 : STEP;
      const [dx, dy] = [direction[0] * step, direction[1] * step];
      this.mark = event.shiftKey ? resized(this.mark, dx, dy) : moved(this.mark, dx, dy);
      this.changed();
    }
    // Escape removes the shape only: it must not cancel a job, too.
    event.stopPropagation();
    event.preventDefault();
  }
}

const DIRECTIONS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** @param dx sketch units, as `dy` */
function moved(mark: ShapeMark, dx: number, dy: number): ShapeMark {
  return {
    ...mark,
    from: [mark.from[0] + dx, mark.from[1] + dy],
    to: [mark.to[0] + dx, mark.to[1] + dy],
  };
}

/** Resizes a shape around its centre: `dx` wider on both sides, and higher for a negative `dy` (Up). */
function resized(mark: ShapeMark, dx: number, dy: number): ShapeMark {
  const grow = (low: number, high: number, by: number) =>
    high - low + 2 * by < STEP ? ([low, high] as const) : ([low - by, high + by] as const);
  const [left, right] = grow(mark.from[0], mark.to[0], dx);
  const [top, bottom] =
    mark.shape === 'line'
      ? [mark.from[1] + dy, mark.to[1] - dy]
      : grow(mark.from[1], mark.to[1], -dy);
  return { ...mark, from: [left, top], to: [right, bottom] };
}
