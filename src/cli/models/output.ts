import type { DownloadEvent, DownloadPlan, VerifyEvent, VerifyReport } from '../../protocol/store';
import { describeBytes, describeSeconds } from '../../core/quantities';

/** A line that is written again and again on a terminal, and now and then to a file. */
export class ProgressLine {
  private shown = 0;
  private lastAt = -Infinity;

  constructor(private readonly stream: NodeJS.WriteStream = process.stderr) {}

  show(text: string): void {
    const now = performance.now();
    if (this.stream.isTTY) {
      this.stream.write(`\r${text.padEnd(this.shown)}`);
      this.shown = text.length;
    } else if (now - this.lastAt > 10_000) {
      this.stream.write(`${text}\n`);
      this.lastAt = now;
    }
  }

  /** Ends the line, so that other text has its own. */
  end(): void {
    if (this.shown > 0) this.stream.write('\n');
    this.shown = 0;
  }

  say(text: string): void {
    this.end();
    this.stream.write(`${text}\n`);
  }
}

/** Tells of a download: words on standard error, and JSON lines on standard output if asked for. */
export class DownloadOutput {
  private readonly line = new ProgressLine();

  constructor(private readonly json: boolean) {}

  event(event: DownloadEvent): void {
    if (this.json) writeJson(event);
    switch (event.event) {
      case 'plan':
        this.line.say(describePlan(event.plan));
        for (const warning of event.plan.warnings) this.line.say(`Note: ${warning}`);
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
        this.line.say(`${event.reason} Going on in ${describeSeconds(event.seconds)}.`);
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
  const present = presentBytes > 0 ? `, ${describeBytes(presentBytes)} are here already` : '';
  const terms = licence ? `; licence ${licence}` : '';
  return `${id}: ${files.length} files, ${missing} to fetch${present}${terms}`;
}

/** Tells what a verification found. */
export class VerifyOutput {
  private readonly line = new ProgressLine();

  constructor(private readonly json: boolean) {}

  progress({ id, bytes, totalBytes }: VerifyEvent): void {
    this.line.show(`${id}: ${describeBytes(bytes)} of ${describeBytes(totalBytes)} read`);
  }

  report(report: VerifyReport): void {
    this.line.end();
    if (this.json) {
      writeJson({ event: 'verified', ...report });
      return;
    }
    const count = (state: string) => report.files.filter((file) => file.state === state).length;
    const unchecked = count('unchecked');
    const note = unchecked > 0 ? `, ${unchecked} without a checksum` : '';
    process.stdout.write(
      `${report.id}: ${report.ok ? 'whole' : 'not whole'} (${count('ok')} files right${note})\n`,
    );
    for (const { path, state, detail } of report.files) {
      if (state === 'damaged' || state === 'missing') {
        process.stdout.write(`  ${state}: ${path}, ${detail}\n`);
      }
    }
    if (report.reason) process.stdout.write(`  ${report.reason}\n`);
  }
}

export function writeJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
