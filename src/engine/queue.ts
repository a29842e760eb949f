import { cancelled } from '../core/errors';

interface Waiting {
  start(): void;
  readonly position: (ahead: number) => void;
}

/** Runs jobs one at a time, in the order they came. A waiting job leaves at once when cancelled. */
export class JobQueue {
  private readonly waiting: Waiting[] = [];
  private busy = false;

  /**
   * @param onQueued told how many jobs are ahead, whenever that changes; not called for a job that
   *   starts at once
   */
  async run<T>(
    job: () => Promise<T>,
    signal: AbortSignal,
    onQueued: (ahead: number) => void = () => undefined,
  ): Promise<T> {
    refuseAborted(signal);
    if (this.busy) await this.waitTurn(signal, onQueued);
    this.busy = true;
    try {
      // Cancelled between its turn and its start.
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
      this.busy = false;
      return;
    }
    // `busy` stays set: the turn passes on without a gap another job could take.
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
