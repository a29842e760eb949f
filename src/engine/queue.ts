import { cancelled } from '../core/errors';

interface Waiting {
  start(): void;
  readonly position: (ahead: number) => void;
}

/** Runs jobs one at a time, or a few, in order of arrival. A waiting job that is cancelled leaves the queue at once. */
export class JobQueue {
  private readonly waiting: Waiting[] = [];
  private running = 0;

  /** @param parallel jobs that run at a time */
  constructor(private readonly parallel = 1) {}

  /**
   * @param onQueued called with the number of jobs ahead, whenever it changes; not called for a job that
   *   starts at once
   * @throws EaselError `cancelled`; and the errors of the job
   */
  async run<T>(
    job: () => Promise<T>,
    signal: AbortSignal,
    onQueued: (ahead: number) => void = () => undefined,
  ): Promise<T> {
    refuseAborted(signal);
    if (this.running >= this.parallel) await this.waitTurn(signal, onQueued);
    else this.running += 1;
    try {
      // The job may have been cancelled between its turn and its start.
      refuseAborted(signal);
      return await job();
    } finally {
      this.next();
    }
  }

  private waitTurn(signal: AbortSignal, onQueued: (ahead: number) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.waiting.splice(this.waiting.indexOf(entry), 1);
        this.report();
        reject(cancelled());
      };
      const entry: Waiting = {
        start: () => {
          signal.removeEventListener('abort', leave);
          resolve();
        },
        position: onQueued,
      };
      signal.addEventListener('abort', leave, { once: true });
      this.waiting.push(entry);
      onQueued(this.waiting.length);
    });
  }

  private next(): void {
    const entry = this.waiting.shift();
    if (!entry) {
      this.running -= 1;
      return;
    }
    // It takes the place of the one that has ended, so that no other job can start in between.
    entry.start();
    this.report();
  }

  private report(): void {
    for (const [index, entry] of this.waiting.entries()) entry.position(index + 1);
  }
}

function refuseAborted(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled();
}
