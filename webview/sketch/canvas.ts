import { h } from '../controls/dom';
import type { StateStore } from '../state/store';
import { t } from '../l10n';
import type { SketchDocument } from './document';
import type { Point, ShapeMark, Stroke } from './marks';
import type { ImageStore } from './images';
import { PendingShape } from './pending-shape';
import { SketchRenderer } from './renderer';
import { ERASER_FACTOR, MASK_COLOUR, MASK_FACTOR, shapeOf, type ToolState } from './tools';

/** Shapes smaller than this, in sketch units, are ignored: they are accidental clicks. */
const MIN_SHAPE = 4;

/** The canvas: shows the sketch, and turns pointer and keyboard input into marks. */
export class SketchCanvas {
  readonly element: HTMLCanvasElement;
  readonly pending: PendingShape;
  private renderer: SketchRenderer;
  /** Called with the paint after each change. */
  private drawn: ((paint: SketchRenderer['paint']) => void) | undefined;
  /** The mark that the pointer is drawing. */
  private live: Stroke | ShapeMark | undefined;
  /** The id of the requested animation frame; 0 for none. */
  private frame = 0;

  constructor(
    private readonly document: SketchDocument,
    private readonly tools: StateStore<ToolState>,
    private readonly images: ImageStore,
    private readonly announce: (text: string) => void,
  ) {
    this.element = h('canvas', { class: 'paper', tabindex: 0, role: 'application' });
    this.renderer = new SketchRenderer(1, 1, images.bitmaps);
    this.pending = new PendingShape(() => this.redraw(), announce);
    document.watch(() => this.redraw());
    tools.watch(({ tool }) => (this.element.dataset.tool = tool));
    this.listen();
  }

  /** Sets the size of the image in pixels. The sketch keeps its shapes. */
  resize(width: number, height: number): void {
    this.renderer = new SketchRenderer(width, height, this.images.bitmaps);
    this.element.width = this.renderer.paint.width;
    this.element.height = this.renderer.paint.height;
    this.element.style.aspectRatio = `${width} / ${height}`;
    this.element.style.setProperty('--ratio', String(width / height));
    this.element.setAttribute('aria-label', t('sketchCanvas', width, height));
    this.element.setAttribute('aria-description', t('sketchHelp'));
    this.redraw();
  }

  /** Decodes the images of restored marks, then shows them. */
  async refresh(): Promise<void> {
    const sources = this.document.all.flatMap((mark) =>
      mark.kind === 'picture' ? [mark.src] : [],
    );
    await this.images.load(sources);
    this.renderer.render([]);
    this.redraw();
  }

  /**
   * The sketch as PNG files of a size in pixels: the paint, and the mask if there is one. The mask is white
   * (drawn anew) on black.
   */
  async export(width: number, height: number): Promise<{ image: Uint8Array; mask?: Uint8Array }> {
    this.placePending();
    this.renderer.render(this.document.visible);
    const image = await toPng(width, height, (context) => {
      context.drawImage(this.renderer.paint, 0, 0, width, height);
    });
    if (!this.document.hasMask) return { image };
    const mask = await toPng(width, height, (context) => {
      context.drawImage(this.renderer.mask, 0, 0, width, height);
      context.globalCompositeOperation = 'source-in';
      context.fillStyle = '#ffffff';
      context.fillRect(0, 0, width, height);
      context.globalCompositeOperation = 'destination-over';
      context.fillStyle = '#000000';
      context.fillRect(0, 0, width, height);
    });
    return { image, mask };
  }

  /** Adds the pending shape to the sketch. */
  placePending(): void {
    const mark = this.pending.take();
    if (mark) this.document.add(mark);
  }

  /** Calls the listener with the painted layer whenever the sketch has changed. */
  onDraw(listener: (paint: SketchRenderer['paint']) => void): void {
    this.drawn = listener;
  }

  private listen(): void {
    const { element } = this;
    element.addEventListener('pointerdown', (event) => this.begin(event));
    element.addEventListener('pointermove', (event) => this.extend(event));
    element.addEventListener('pointerup', () => this.finish());
    element.addEventListener('pointercancel', () => this.finish());
    element.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && this.pending.mark) {
        event.preventDefault();
        this.placePending();
        this.announce(t('shapePlaced'));
      } else this.pending.handleKey(event);
    });
  }

  private begin(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.placePending();
    this.element.setPointerCapture(event.pointerId);
    const { tool, colour, size, filled } = this.tools.value;
    const at = this.pointOf(event);
    const shape = shapeOf(tool);
    if (tool === 'fill') this.document.add({ kind: 'fill', colour, at: [...at] });
    else if (shape) {
      this.live = { kind: 'shape', shape, colour, size, filled, from: [...at], to: [...at] };
    } else {
      const masking = tool === 'mask' || tool === 'unmask';
      const erase = tool === 'eraser' || tool === 'unmask';
      this.live = {
        kind: 'stroke',
        layer: masking ? 'mask' : 'paint',
        erase,
        colour: masking ? MASK_COLOUR : colour,
        size: Math.min(1000, size * (masking ? MASK_FACTOR : erase ? ERASER_FACTOR : 1)),
        pressed: event.pointerType === 'pen',
        points: [[...at, pressureOf(event)]],
      };
    }
    this.redraw();
  }

  private extend(event: PointerEvent): void {
    const { live } = this;
    if (!live) return;
    if (live.kind === 'shape') {
      const to = this.pointOf(event);
      live.to = [...(event.shiftKey && live.shape !== 'line' ? square(live.from, to) : to)];
    } else {
      const events = event.getCoalescedEvents();
      for (const one of events.length > 0 ? events : [event]) {
        live.points.push([...this.pointOf(one), pressureOf(one)]);
      }
    }
    this.redraw();
  }

  private finish(): void {
    const { live } = this;
    this.live = undefined;
    if (!live) return;
    if (live.kind === 'shape') {
      const size = Math.hypot(live.to[0] - live.from[0], live.to[1] - live.from[1]);
      if (size < MIN_SHAPE) {
        this.redraw();
        return;
      }
    }
    this.document.add(live);
  }

  /** The position of an event. */
  private pointOf(event: PointerEvent): Point {
    const box = this.element.getBoundingClientRect();
    const { width, height } = this.element;
    const x = ((event.clientX - box.left) / box.width - 0.5) * width;
    const y = ((event.clientY - box.top) / box.height - 0.5) * height;
    return [round(x / this.renderer.scale), round(y / this.renderer.scale)];
  }

  private redraw(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private draw(): void {
    const context = this.element.getContext('2d');
    if (!context) return;
    const { renderer, live, element } = this;
    renderer.render(this.document.visible);
    context.drawImage(renderer.paint, 0, 0);
    const onMask = live?.kind === 'stroke' && live.layer === 'mask';
    if (live && !onMask) renderer.preview(context, live);
    if (this.pending.mark) renderer.preview(context, this.pending.mark);
    context.save();
    context.globalAlpha = 0.5;
    context.drawImage(renderer.mask, 0, 0);
    if (live && onMask) renderer.preview(context, live);
    context.restore();
    if (!live) this.drawn?.(renderer.paint);
    element.dataset.marks = String(this.document.visible.length);
  }
}

function pressureOf(event: PointerEvent): number {
  return event.pointerType === 'pen' ? round(event.pressure, 100) : 0.5;
}

/** Rounds to a fraction of 1, which keeps the saved state small. */
function round(value: number, parts = 10): number {
  return Math.round(value * parts) / parts;
}

/** The opposite corner of a square that starts at `from` and reaches as far as `to`. */
function square(from: Point, to: Point): Point {
  const side = Math.max(Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1]));
  return [
    from[0] + side * Math.sign(to[0] - from[0] || 1),
    from[1] + side * Math.sign(to[1] - from[1] || 1),
  ];
}

async function toPng(
  width: number,
  height: number,
  draw: (context: OffscreenCanvasRenderingContext2D) => void,
): Promise<Uint8Array> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This page has no canvas to draw on.');
  context.imageSmoothingQuality = 'high';
  draw(context);
  const blob = await canvas.convertToBlob({ type: 'image/png' });
  return new Uint8Array(await blob.arrayBuffer());
}
