/** The speed is measured over this time. */
const WINDOW_MS = 8000;

/** Bytes and speed of parallel downloads. Times are in milliseconds of one clock. */
export class Progress {
  private readonly byFile = new Map<string, number>();
  private readonly samples: { time: number; fetched: number }[] = [];
  private fetched = 0;
  bytes = 0;

  constructor(readonly totalBytes: number) {}

  /** Sets the bytes of one file that have arrived. */
  set(path: string, bytes: number): void {
    this.bytes += bytes - (this.byFile.get(path) ?? 0);
    this.byFile.set(path, bytes);
  }

  /** Counts bytes that came over the network. */
  addFetched(bytes: number): void {
    this.fetched += bytes;
  }

  get fetchedBytes(): number {
    return this.fetched;
  }

  /** The speed of the last seconds, and the time left at that speed. */
  rate(now: number): { readonly bytesPerSecond?: number; readonly secondsLeft?: number } {
    this.samples.push({ time: now, fetched: this.fetched });
    while ((this.samples[1]?.time ?? now) < now - WINDOW_MS) this.samples.shift();
    const first = this.samples[0];
    const seconds = first ? (now - first.time) / 1000 : 0;
    const received = this.fetched - (first?.fetched ?? 0);
    if (seconds < 0.2 || received === 0) return {};
    const bytesPerSecond = received / seconds;
    return { bytesPerSecond, secondsLeft: (this.totalBytes - this.bytes) / bytesPerSecond };
  }
}
