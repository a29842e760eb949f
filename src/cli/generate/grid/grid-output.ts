import { describeSeconds } from '../../../core/quantities';
import { oneLine } from '../../../core/shown-text';
import type { GenerationEvent } from '../../../protocol/engine';
import type { Output, SavedImage } from '../../output';
import { printJson, stderr } from '../../streams';
import type { GridPlan } from './plan';

/** The sheet of a grid as a file. */
export interface SavedSheet {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  /** How many images are on it. */
  readonly images: number;
}

/** Tells how a grid is drawn: lines of text, or of JSON. */
export class GridOutput {
  /** Warnings of requests that were told: most are of every image. */
  private readonly warned = new Set<string>();
  /** Warnings are of the image that is drawn, not of its request. */
  private isDrawing = false;

  constructor(
    private readonly output: Output,
    private readonly json: boolean,
  ) {}

  /** Comes first. @param seconds that it takes, as far as that can be known before */
  planned({ axes, cells }: GridPlan, seconds: number | undefined): void {
    const shown = axes.map(({ name, values }) => ({ name, values }));
    if (this.json) {
      const event = { event: 'grid', images: cells.length, axes: shown };
      printJson({ ...event, ...(seconds !== undefined && { seconds: Math.ceil(seconds) }) });
    }
    const product = axes.map(({ name, values }) => `${values.length} ${name}`).join(' × ');
    const time =
      seconds === undefined
        ? 'After the first, Easel tells how long it takes.'
        : `That takes about ${describeSeconds(seconds)}.`;
    stderr.write(`Draws ${imagesOf(cells.length)} (${product}) and their sheet. ${time}\n`);
  }

  /** An event of one image. @param index of the image in the grid */
  event(event: GenerationEvent, index: number): void {
    if (event.event === 'warning' && !this.isDrawing) {
      if (this.warned.has(event.message)) return;
      this.warned.add(event.message);
    }
    if (event.event === 'step') this.isDrawing = true;
    if (event.event === 'image') this.isDrawing = false;
    const own = event.event === 'step' || event.event === 'tile' || event.event === 'image';
    this.output.event(own ? { ...event, image: index } : event);
  }

  image(image: SavedImage, values: Readonly<Record<string, string>>): void {
    // The usual lines, where JSON tells the place in the grid too.
    if (this.json) printJson({ event: 'image', ...image, grid: values });
    else this.output.image(image);
  }

  /** After each image but the last. */
  left(drawn: number, all: number, seconds: number): void {
    stderr.write(`${drawn} of ${all} images, about ${describeSeconds(seconds)} left.\n`);
  }

  sheet(sheet: SavedSheet): void {
    if (this.json) printJson({ event: 'sheet', ...sheet });
    else this.output.image({ ...sheet });
  }

  done({ path, images }: SavedSheet, seconds: number): void {
    if (this.json) {
      printJson({ event: 'done', images, sheet: path, seconds: { total: seconds } });
      return;
    }
    const time = describeSeconds(seconds);
    stderr.write(`Drew ${imagesOf(images)} in ${time}. Their sheet is ${oneLine(path)}\n`);
  }
}

const imagesOf = (count: number) => (count === 1 ? '1 image' : `${count} images`);
