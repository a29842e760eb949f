import type { DeviceReport, ModelEntry } from '../protocol/engine';

/** Prints what `easel models` found: a table for people, or one JSON array. */
export function printModels(models: readonly ModelEntry[], json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(models)}\n`);
    return;
  }
  const rows = models.map(({ id, pipeline, sizeBytes, runnable, reason }) => [
    id,
    pipeline,
    `${(sizeBytes / 1e6).toFixed(0)} MB`,
    runnable ? 'runs' : `does not run: ${reason}`,
  ]);
  printTable(rows);
}

/** Prints what `easel devices` found. */
export function printDevices(report: DeviceReport, json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(report)}\n`);
    return;
  }
  printTable(
    report.devices.map(({ device, works, detail }) => [
      device === report.chosen ? `* ${device}` : `  ${device}`,
      works ? 'works' : 'no',
      detail,
    ]),
  );
  process.stdout.write(`auto takes ${report.chosen}: ${report.reason}\n`);
}

function printTable(rows: readonly (readonly string[])[]): void {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  }
  for (const row of rows) {
    const line = row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ');
    process.stdout.write(`${line.trimEnd()}\n`);
  }
}
