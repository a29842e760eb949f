import { shownMessage } from './output';
import { stderr, type TextStream } from './streams';

/** Milliseconds between lines of progress in a file. */
const FILE_INTERVAL_MS = 10_000;

/** A line of progress: on a terminal it is replaced, in a file it is repeated from time to time. */
export class ProgressLine {
  private shown = 0;
  private lastAt = -Infinity;

  constructor(private readonly stream: TextStream = stderr) {}

  show(text: string): void {
    const now = performance.now();
    if (this.stream.isTTY) {
      this.stream.write(`\r${text.padEnd(this.shown)}`);
      this.shown = text.length;
    } else if (now - this.lastAt > FILE_INTERVAL_MS) {
      this.stream.write(`${text}\n`);
      this.lastAt = now;
    }
  }

  /** Ends the line, before other text. */
  end(): void {
    if (this.shown > 0) this.stream.write('\n');
    this.shown = 0;
  }

  /** Writes a text on its own line. */
  print(text: string): void {
    this.end();
    this.stream.write(`${shownMessage(text)}\n`);
  }
}
