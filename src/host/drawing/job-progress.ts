import type { DeviceName } from '../../core/devices';
import type { GenerationEvent } from '../../protocol/engine';

/** The memory that a job needs; known before anything is loaded. */
export type MemoryNeed = Omit<Extract<GenerationEvent, { event: 'memory' }>, 'event'>;

/** Weights that become bytes. */
export type Preparing = Omit<Extract<GenerationEvent, { event: 'preparing' }>, 'event'>;

/** The state of a running job, folded from its events. Knows nothing of the editor. */
export class JobProgress {
  /** Jobs before this one in the engine's queue; 0 once it runs. */
  ahead = 0;
  /** The component that is being loaded, until the next step or image. */
  loading: string | undefined;
  /** The weights that become bytes now, before they are loaded. */
  preparing: Preparing | undefined;
  /** The machine that an endpoint draws on, once it has the job. Absent: this one. */
  host: string | undefined;
  /** The device that runs it, once known. */
  device: DeviceName | undefined;
  memory: MemoryNeed | undefined;
  warnings: readonly string[] = [];
  /** Steps done, and steps in all, over all images of the job. `total` is 0 before the first step. */
  done = 0;
  total = 0;
  /** Estimated seconds that the remaining steps take; undefined before the second step. */
  secondsLeft: number | undefined;
  /** The image that is made larger, in parts. Absent: none is. */
  enlarging: { readonly index: number; readonly total: number } | undefined;
  /** Images that are finished. */
  drawn = 0;
  private started = false;
  private firstStepAt: number | undefined;

  /** @param images how many images the job draws */
  constructor(private readonly images: number) {}

  /** @param now milliseconds of a steady clock */
  receive(event: GenerationEvent, now: number): void {
    switch (event.event) {
      case 'queued':
        this.ahead = event.ahead;
        break;
      case 'sent':
        this.start();
        this.host = event.host;
        break;
      case 'memory':
        this.memory = event;
        break;
      case 'warning':
        this.warnings = [...this.warnings, event.message];
        break;
      case 'loading':
        this.start();
        this.loading = event.component;
        this.device = event.device;
        break;
      case 'preparing':
        this.start();
        this.loading = event.component;
        this.preparing = event;
        break;
      case 'step':
        this.start();
        this.step(event.image * event.total + event.index, event.total * this.images, now);
        break;
      case 'tile':
        this.start();
        this.enlarging = event;
        break;
      case 'image':
        this.start();
        this.drawn += 1;
        break;
    }
  }

  get stage(): 'queued' | 'loading' | 'drawing' {
    // A server elsewhere can have a queue of its own.
    if (!this.started || this.ahead > 0) return 'queued';
    return this.loading === undefined ? 'drawing' : 'loading';
  }

  /** 0 to 1. */
  get fraction(): number {
    return this.total === 0 ? 0 : this.done / this.total;
  }

  private start(): void {
    this.started = true;
    this.ahead = 0;
    this.loading = undefined;
    this.preparing = undefined;
    this.enlarging = undefined;
  }

  private step(done: number, total: number, now: number): void {
    this.done = done;
    this.total = total;
    // The first step includes warming up the device, so the pace is measured from its end.
    if (done === 1 || this.firstStepAt === undefined) {
      this.firstStepAt = now;
      return;
    }
    this.secondsLeft = ((now - this.firstStepAt) / 1000 / (done - 1)) * (total - done);
  }
}
