import { IDLE, type JobState } from '../../core/serve/a1111-answers';
import type { GenerationEvent } from '../../protocol/engine';
import type { Drawing } from '../jobs';

/** The task of images that are only made larger. */
export const EXTRAS = 'extras';

interface TrackedJob {
  readonly drawing: Drawing;
  readonly task: string;
  readonly images: number;
  readonly arrivedMs: number;
  /** On a steady clock; undefined while it waits. */
  begunAt?: number;
  image: number;
  step: number;
  steps: number;
  preview?: Uint8Array;
}

/** The jobs of AUTOMATIC1111's API, for its routes `progress` and `interrupt`, which name none. */
export class JobTracker {
  private readonly jobs = new Set<TrackedJob>();
  /** Of the last job that was interrupted. */
  private wasInterrupted = false;

  /** @returns what receives the events of the job */
  begin(drawing: Drawing, task: string, images: number): (event: GenerationEvent) => void {
    const job: TrackedJob = {
      ...{ drawing, task, images, arrivedMs: Date.now(), image: 0, step: 0, steps: 0 },
    };
    this.jobs.add(job);
    this.wasInterrupted = false;
    return (event) => {
      if (event.event !== 'queued') job.begunAt ??= performance.now();
      if (event.event === 'image') {
        Object.assign(job, { image: event.image + 1, step: 0 });
      } else if (event.event === 'step') {
        Object.assign(job, { image: event.image, step: event.index, steps: event.total });
        if (event.preview) job.preview = event.preview.png;
      } else if (event.event === 'tile' && task === EXTRAS) {
        Object.assign(job, { image: event.image, step: event.index, steps: event.total });
      }
    };
  }

  end(drawing: Drawing): void {
    for (const job of this.jobs) if (job.drawing === drawing) this.jobs.delete(job);
  }

  /** Cancels the job that draws; where none of this API's draws, the first that waits. */
  interrupt(): void {
    const job = this.current();
    if (!job) return;
    this.wasInterrupted = true;
    job.drawing.cancel('interrupted');
  }

  get preview(): Uint8Array | undefined {
    return this.current()?.preview;
  }

  get state(): JobState {
    const job = this.current();
    if (!job) return { ...IDLE, interrupted: this.wasInterrupted };
    const { task, images, image, step, steps, begunAt, arrivedMs, drawing } = job;
    const shown = Math.min(image, images - 1);
    const done = image > shown ? 1 : steps === 0 ? 0 : step / steps;
    const progress = Math.min(1, (shown + done) / images);
    const seconds = begunAt === undefined ? 0 : (performance.now() - begunAt) / 1000;
    return {
      ...{ progress, task, images, image: shown, step, steps },
      secondsLeft: progress > 0 ? (seconds * (1 - progress)) / progress : 0,
      interrupted: drawing.cancelledBy === 'interrupted',
      startedMs: arrivedMs,
    };
  }

  private current(): TrackedJob | undefined {
    const all = [...this.jobs];
    return all.find(({ begunAt }) => begunAt !== undefined) ?? all[0];
  }
}
