import { t } from '../words';
import type { Shape, ShapeMark } from './marks';
import type { ToolState } from './tools';

/** Sketch units an arrow key moves or resizes by; with Alt one tenth of it. */
const STEP = 25;

/** A shape added by keyboard, until it is placed: arrow keys move it, with Shift they resize it. */
export class PendingShape {
  mark: ShapeMark | undefined;

  constructor(
    private readonly changed: () => void,
    private readonly announce: (text: string) => void,
  ) {}

  add(shape: Shape, name: string, { colour, size, filled }: ToolState): void {
    const half = 200;
    this.mark = {
      kind: 'shape',
      shape,
      colour,
      size,
      filled,
      from: [-half, shape === 'line' ? 0 : -half],
      to: [half, shape === 'line' ? 0 : half],
    };
    this.announce(t('shapeAdded', name));
    this.changed();
  }

  /** Hands the shape over for good. */
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
    // Escape here drops the shape only; it must not cancel a drawing too.
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

export function moved(mark: ShapeMark, dx: number, dy: number): ShapeMark {
  return {
    ...mark,
    from: [mark.from[0] + dx, mark.from[1] + dy],
    to: [mark.to[0] + dx, mark.to[1] + dy],
  };
}

/** Grows to both sides, so that the shape stays where it is; Up makes it higher. */
export function resized(mark: ShapeMark, dx: number, dy: number): ShapeMark {
  const grow = (low: number, high: number, by: number) =>
    high - low + 2 * by < STEP ? ([low, high] as const) : ([low - by, high + by] as const);
  const [left, right] = grow(mark.from[0], mark.to[0], dx);
  const [top, bottom] = mark.shape === 'line' ? [mark.from[1] + dy, mark.to[1] - dy] : grow(mark.from[1], mark.to[1], -dy); // prettier-ignore
  return { ...mark, from: [left, top], to: [right, bottom] };
}
