import { describeBytes, describeSeconds } from '../core/quantities';
import { oneLine } from '../core/shown-text';
import type { DownloadEvent, DownloadPlan } from '../protocol/store';
import { ProgressLine } from './progress-line';
import { printJson } from './streams';

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
