import { describeBytes } from '../../core/quantities';
import { oneLine } from '../../core/shown-text';
import type { VerifyEvent, VerifyReport } from '../../protocol/store';
import { ProgressLine } from '../progress-line';
import { printJson, stdout } from '../streams';

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
