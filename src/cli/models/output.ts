import type { DownloadEvent, DownloadPlan, VerifyEvent, VerifyReport } from '../../protocol/store';
import { describeBytes, describeSeconds } from '../../core/quantities';
import { oneLine } from '../../core/shown-text';
import { shownMessage } from '../output';
import { printJson, stderr, stdout, type TextStream } from '../streams';

/** Milliseconds between lines of progress in a file. */
const FILE_INTERVAL_MS = 10_000;

/** A line of progress: on a terminal it is replaced, in a file it is repeated from time to time. */
class ProgressLine {
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

/** Prints a download: text on standard error, and with `--json` also JSON lines on standard output. */
export class DownloadOutput {
  private readonly line = new ProgressLine();

  constructor(private readonly json: boolean) {}

  event(event: DownloadEvent): void {
    if (this.json) printJson(event);
    switch (event.event) {
      case 'plan':
        this.line.print(describePlan(event.plan));
        for (const warning of event.plan.warnings) this.line.print(`Note: ${warning}`);
        return;
      case 'progress': {
        const { bytes, totalBytes, bytesPerSecond, secondsLeft, filesDone, files } = event;
        const speed = bytesPerSecond === undefined ? '' : `, ${describeBytes(bytesPerSecond)}/s`;
        const left = secondsLeft === undefined ? '' : `, ${describeSeconds(secondsLeft)} left`;
        const percent = totalBytes > 0 ? Math.floor((100 * bytes) / totalBytes) : 100;
        this.line.show(
          `${percent} %, ${describeBytes(bytes)} of ${describeBytes(totalBytes)}, ` +
            `${filesDone} of ${files} files${speed}${left}`,
        );
        return;
      }
      case 'waiting':
        this.line.print(`${event.reason} Continuing in ${describeSeconds(event.seconds)}.`);
        return;
      case 'file':
        return;
    }
  }

  end(): void {
    this.line.end();
  }
}

function describePlan(plan: DownloadPlan): string {
  const { id, files, totalBytes, presentBytes, licence } = plan;
  const missing = describeBytes(totalBytes - presentBytes);
  const present =
    presentBytes > 0 ? `, ${describeBytes(presentBytes)} are already on this machine` : '';
  const terms = licence ? `; licence ${oneLine(licence, 100)}` : '';
  return `${id}: ${files.length} files, ${missing} to download${present}${terms}`;
}

/** Prints the results of `models verify`. */
export class VerifyOutput {
  private readonly line = new ProgressLine();

  constructor(private readonly json: boolean) {}

  progress({ id, bytes, totalBytes }: VerifyEvent): void {
    this.line.show(`${id}: ${describeBytes(bytes)} of ${describeBytes(totalBytes)} read`);
  }

  report(report: VerifyReport): void {
    this.line.end();
    if (this.json) {
      printJson({ event: 'verified', ...report });
      return;
    }
    const count = (state: string) => report.files.filter((file) => file.state === state).length;
    const unchecked = count('unchecked');
    const note = unchecked > 0 ? `, ${unchecked} without a checksum` : '';
    stdout.write(
      `${report.id}: ${report.ok ? 'ok' : 'not ok'} (${count('ok')} files are correct${note})\n`,
    );
    for (const { path, state, detail } of report.files) {
      if (state === 'damaged' || state === 'missing') {
        stdout.write(`  ${state}: ${oneLine(path)}, ${oneLine(detail)}\n`);
      }
    }
    if (report.reason) stdout.write(`  ${oneLine(report.reason)}\n`);
  }
}
