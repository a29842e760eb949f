/** How far back the speed is measured. */
const WINDOW_MS = 8000;

/** Bytes of several files that come in at once, and how fast. Times are in milliseconds of one clock. */
export class Progress {
  private readonly byFile = new Map<string, number>();
  private readonly samples: { time: number; fetched: number }[] = [];
  private fetched = 0;
  bytes = 0;

  constructor(readonly totalBytes: number) {}

  /** Bytes of one file that are here. */
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

  /** Speed of the last seconds, and how long the rest takes at that speed. */
  rate(now: number): { readonly bytesPerSecond?: number; readonly secondsLeft?: number } {
    this.samples.push({ time: now, fetched: this.fetched });
    while ((this.samples[1]?.time ?? now) < now - WINDOW_MS) this.samples.shift();
    const first = this.samples[0];
    const seconds = first ? (now - first.time) / 1000 : 0;
    const came = this.fetched - (first?.fetched ?? 0);
    if (seconds < 0.2 || came === 0) return {};
    const bytesPerSecond = came / seconds;
    return { bytesPerSecond, secondsLeft: (this.totalBytes - this.bytes) / bytesPerSecond };
  }
}
