import type { Timings } from '../../protocol/engine';

type Part = Exclude<keyof Timings, 'total'>;

/** Measures the parts of a job, in seconds. Loading inside another part counts as loading only. */
export class JobClock {
  private readonly started = performance.now();
  private readonly seconds: Record<Part, number> = { load: 0, encode: 0, denoise: 0, decode: 0 };

  async measure<T>(part: Part, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const loadedBefore = this.seconds.load;
    try {
      return await work();
    } finally {
      const loading = part === 'load' ? 0 : this.seconds.load - loadedBefore;
      this.seconds[part] += (performance.now() - start) / 1000 - loading;
    }
  }

  timings(): Timings {
    return { ...this.seconds, total: (performance.now() - this.started) / 1000 };
  }
}
