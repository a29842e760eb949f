import { floodFill, parseColour } from './flood-fill';
import type { Mark, ShapeMark, Stroke } from './marks';
import { shapeCorners, strokeOutline } from './outline';

/** The longer side of the canvases in pixels: sharp enough on screen, and fast to flood fill. */
const RESOLUTION = 1024;
const BACKGROUND = '#ffffff';

/** Renders marks into two canvases: the paint on white, and the mask. */
export class SketchRenderer {
  readonly paint: OffscreenCanvas;
  readonly mask: OffscreenCanvas;
  private readonly paintContext: OffscreenCanvasRenderingContext2D;
  private readonly maskContext: OffscreenCanvasRenderingContext2D;
  private readonly bitmaps: Map<string, ImageBitmap>;
  /** The marks on the canvases. */
  private drawn: readonly Mark[] = [];
  /** Pixels per sketch unit. */
  readonly scale: number;

  /**
   * @param width of the image in pixels, as `height`; only the ratio matters
   * @param bitmaps decoded imported images, by the source in their mark
   */
  constructor(width: number, height: number, bitmaps: Map<string, ImageBitmap>) {
    const factor = RESOLUTION / Math.max(width, height);
    const size = [Math.round(width * factor), Math.round(height * factor)] as const;
    this.paint = new OffscreenCanvas(...size);
    this.mask = new OffscreenCanvas(...size);
    this.paintContext = context(this.paint);
    this.maskContext = context(this.mask);
    this.scale = Math.min(...size) / 1000;
    this.bitmaps = bitmaps;
    this.reset();
  }

  /** Renders the marks. Where they only grew since the last call, only the new ones are drawn. */
  render(marks: readonly Mark[]): void {
    const grown = this.drawn.every((mark, index) => mark === marks[index]);
    if (!grown) this.reset();
    for (const mark of marks.slice(grown ? this.drawn.length : 0)) this.draw(mark);
    this.drawn = [...marks];
  }

  /** Draws an unfinished stroke or shape onto another canvas of the same size. */
  preview(target: CanvasRenderingContext2D, mark: Stroke | ShapeMark): void {
    this.inUnits(target, () => {
      if (mark.kind === 'stroke') drawStroke(target, mark, BACKGROUND, true);
      else drawShape(target, mark);
    });
  }

  private draw(mark: Mark): void {
    const onMask = 'layer' in mark && mark.layer === 'mask';
    const target = onMask ? this.maskContext : this.paintContext;
    switch (mark.kind) {
      case 'clear':
        this.reset();
        break;
      case 'wash':
        target.fillStyle = mark.colour;
        target.fillRect(0, 0, this.paint.width, this.paint.height);
        break;
      case 'picture':
        this.drawImage(mark.src);
        break;
      case 'fill':
        this.fill(mark.at, mark.colour);
        break;
      case 'stroke':
        this.inUnits(target, () => {
          if (onMask)
            target.globalCompositeOperation = mark.erase ? 'destination-out' : 'source-over';
          drawStroke(target, mark, BACKGROUND, false);
        });
        break;
      case 'shape':
        this.inUnits(target, () => drawShape(target, mark));
        break;
    }
  }

  /** Draws an imported image over the whole canvas, cropped to the canvas's ratio. */
  private drawImage(src: string): void {
    const bitmap = this.bitmaps.get(src);
    if (!bitmap) return;
    const { width, height } = this.paint;
    const factor = Math.max(width / bitmap.width, height / bitmap.height);
    const w = bitmap.width * factor;
    const h = bitmap.height * factor;
    this.paintContext.imageSmoothingQuality = 'high';
    this.paintContext.drawImage(bitmap, (width - w) / 2, (height - h) / 2, w, h);
  }

  private fill([x, y]: readonly [number, number], colour: string): void {
    const { width, height } = this.paint;
    const pixels = this.paintContext.getImageData(0, 0, width, height);
    const column = Math.floor(x * this.scale + width / 2);
    const row = Math.floor(y * this.scale + height / 2);
    floodFill(pixels, column, row, parseColour(colour));
    this.paintContext.putImageData(pixels, 0, 0);
  }

  /** Draws in sketch units. */
  private inUnits(
    target: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
    draw: () => void,
  ): void {
    target.save();
    target.translate(this.paint.width / 2, this.paint.height / 2);
    target.scale(this.scale, this.scale);
    draw();
    target.restore();
  }

  private reset(): void {
    const { width, height } = this.paint;
    this.paintContext.fillStyle = BACKGROUND;
    this.paintContext.fillRect(0, 0, width, height);
    this.maskContext.clearRect(0, 0, width, height);
    this.drawn = [];
  }
}

type AnyContext = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

function drawStroke(target: AnyContext, stroke: Stroke, background: string, live: boolean): void {
  target.fillStyle = stroke.erase && stroke.layer === 'paint' ? background : stroke.colour;
  target.beginPath();
  for (const [x, y] of strokeOutline(stroke, live)) target.lineTo(x, y);
  target.closePath();
  target.fill();
}

function drawShape(target: AnyContext, mark: ShapeMark): void {
  const { from, to } = mark;
  target.fillStyle = mark.colour;
  target.strokeStyle = mark.colour;
  target.lineWidth = mark.size;
  target.lineCap = 'round';
  target.lineJoin = 'round';
  target.beginPath();
  if (mark.shape === 'ellipse') {
    const centre = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2] as const;
    const radius = [Math.abs(to[0] - from[0]) / 2, Math.abs(to[1] - from[1]) / 2] as const;
    target.ellipse(...centre, ...radius, 0, 0, 2 * Math.PI);
  } else {
    for (const [x, y] of shapeCorners(mark)) target.lineTo(x, y);
    if (mark.shape !== 'line') target.closePath();
  }
  if (mark.filled && mark.shape !== 'line') target.fill();
  else target.stroke();
}

function context(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const made = canvas.getContext('2d', { willReadFrequently: true });
  if (!made) throw new Error('This page has no canvas to draw on.');
  return made;
}
