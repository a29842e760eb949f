import type { DrawnImage } from '../../core/image/pixels';
import type { JobPlan } from './plan';

/** Which image of a job a drawing of the model is for. */
export interface DrawingPlace {
  /** 0-based within the job. */
  readonly image: number;
  /** 0-based within the image. */
  readonly nth: number;
  /** How many drawings the image has. */
  readonly count: number;
}

/** Gathers the drawings of each image of a job, and finishes the images in order. */
export class Assembler {
  private readonly counts: readonly number[];
  private drawings: DrawnImage[] = [];

  /**
   * @param next the first image that is not finished yet
   * @param finish receives each image's drawings; none where no drawing of the model is in it
   */
  constructor(
    { images, composed }: Pick<JobPlan, 'images' | 'composed'>,
    private next: number,
    private readonly finish: (image: number, drawings: readonly DrawnImage[]) => Promise<void>,
  ) {
    this.counts = composed ? composed.images.map(({ draws }) => draws.length) : images.map(() => 1);
  }

  /** How many drawings the finished images have. */
  get drawnBefore(): number {
    return this.counts.slice(0, this.next).reduce((sum, count) => sum + count, 0);
  }

  /** @param drawing 0-based within the job */
  placeOf(drawing: number): DrawingPlace {
    let first = 0;
    for (const [image, count] of this.counts.entries()) {
      if (drawing < first + count) return { image, nth: drawing - first, count };
      first += count;
    }
    throw new RangeError(`The job has no drawing ${drawing}.`);
  }

  /** Finishes the images that need no drawing, up to the next one that does. */
  async begin(): Promise<void> {
    while (this.counts[this.next] === 0) await this.end();
  }

  /** Adds the next drawing. */
  async add(drawing: DrawnImage): Promise<void> {
    this.drawings.push(drawing);
    if (this.drawings.length < this.counts[this.next]!) return;
    await this.end();
    await this.begin();
  }

  private async end(): Promise<void> {
    const { drawings } = this;
    this.drawings = [];
    await this.finish(this.next, drawings);
    this.next += 1;
  }
}
