import type { GenerationEvent } from '../../protocol/engine';

/** What a job needs of memory, told before anything is loaded. */
export type MemoryNeed = Omit<Extract<GenerationEvent, { event: 'memory' }>, 'event'>;

/** Where a job stands, told from its events. Knows nothing of the editor. */
export class JobProgress {
  /** Jobs that come first; 0 once it runs. */
  ahead = 0;
  /** The component that is being loaded, until the first step. */
  loading: string | undefined;
  /** What it needs, once that is known. */
  memory: MemoryNeed | undefined;
  /** Steps done and to do, over all images of the job. */
  done = 0;
  total = 0;
  /** Milliseconds left for the steps, from the steps so far; undefined before the second. */
  millisecondsLeft: number | undefined;
  /** Pictures that are finished. */
  drawn = 0;
  private firstStepAt = 0;

  constructor(private readonly images: number) {}

  /** @param now milliseconds of a steady clock */
  receive(event: GenerationEvent, now: number): void {
    switch (event.event) {
      case 'queued':
        this.ahead = event.ahead;
        break;
      case 'memory':
        this.memory = event;
        break;
      case 'loading':
        this.ahead = 0;
        this.loading = event.component;
        break;
      case 'step':
        this.step(event.image * event.total + event.index, event.total * this.images, now);
        break;
      case 'image':
        this.drawn += 1;
        break;
      case 'warning':
        break;
    }
  }

  /** 0 to 1. */
  get fraction(): number {
    return this.total === 0 ? 0 : this.done / this.total;
  }

  private step(done: number, total: number, now: number): void {
    this.ahead = 0;
    this.loading = undefined;
    this.done = done;
    this.total = total;
    // The first step also pays for warming up, so only those after it tell what the rest will take.
    if (done === 1 || this.firstStepAt === 0) {
      this.firstStepAt = now;
      return;
    }
    this.millisecondsLeft = ((now - this.firstStepAt) / (done - 1)) * (total - done);
  }
}
