import type { CatalogueEntry } from '../core/catalogue/catalogue';
import { triggerWords, type LoraFacts } from '../core/catalogue/lora-facts';
import type { Recommendation } from '../core/catalogue/recommendations';
import { describeFinding, deviceLabel, deviceProfile, FALLBACK_DEVICE } from '../core/devices';
import { describeBytes } from '../core/quantities';
import { precisionByHalf, type HalfTrial, type IntegerTrial } from '../core/request/precision';
import { oneLine } from '../core/shown-text';
import type { DeviceReport, ModelEntry } from '../protocol/engine';
import type { PreparedList } from '../protocol/store';
import { printJson, stdout } from './streams';

/** Prints the models on this machine and what is prepared of them: tables, or one JSON array. */
export function printModels(
  models: readonly ModelEntry[],
  prepared: PreparedList,
  json: boolean,
): void {
  const { folder, weights } = prepared;
  if (json) {
    const entries = weights.map(({ model, ...rest }) => ({
      ...{ kind: 'prepared', id: model, path: folder, ...rest, runnable: false },
    }));
    printJson([...models, ...entries]);
    return;
  }
  const rows = models.map(
    ({ id, family, pipeline, precision, sizeBytes, runnable, kind, reason, lora }) => [
      id,
      family || pipeline,
      precision,
      describeBytes(sizeBytes),
      runnable
        ? ['runs', reason].filter(Boolean).join(': ')
        : kind === 'pipeline'
          ? `does not run: ${reason}`
          : [reason, lora && loraWords(lora)].filter(Boolean).join(' '),
    ],
  );
  printTable(rows);
  if (weights.length === 0) return;
  stdout.write(`\nWeights prepared for int8, in ${oneLine(folder)}:\n`);
  printTable(
    weights.map(({ model, components, sizeBytes, isOutdated }) => [
      model || '(damaged)',
      components.join(', '),
      describeBytes(sizeBytes),
      isOutdated ? 'no model needs them: easel models clean deletes them' : '',
    ]),
  );
}

function loraWords(facts: LoraFacts): string {
  const words = triggerWords(facts);
  return [
    facts.title === undefined ? '' : `Its name: ${facts.title}.`,
    words === ''
      ? ''
      : `${facts.trigger === undefined ? 'Trained with' : 'Trigger words'}: ${words}.`,
  ]
    .filter(Boolean)
    .join(' ');
}

/** Prints the catalogue: a table, or one JSON array. The best model for this machine comes first. */
export function printCatalogue(
  recommended: readonly Recommendation[],
  all: readonly CatalogueEntry[],
  json: boolean,
): void {
  const parts = all.filter(({ kind }) => kind !== 'pipeline');
  if (json) {
    const models = recommended.map(({ entry, ...rest }) => ({ ...entry, ...rest }));
    printJson([...models, ...parts]);
    return;
  }
  const row = (entry: CatalogueEntry, note: string) => [
    entry.id,
    entry.family,
    describeBytes(entry.downloadBytes),
    entry.licence,
    note,
  ];
  printTable([
    ...recommended.map(({ entry, companions, reason }) =>
      row(entry, companions.length > 0 ? `${reason} (with ${companions.join(', ')})` : reason),
    ),
    ...parts.map((entry) => row(entry, entry.summary)),
  ]);
}

/** Prints the devices: a table, or one JSON object. */
export function printDevices(report: DeviceReport, json: boolean): void {
  if (json) {
    printJson(report);
    return;
  }
  printTable(
    report.devices.map((probe) => [
      probe.device === report.chosen ? `* ${probe.device}` : `  ${probe.device}`,
      probe.works ? 'works' : 'no',
      describeFinding(probe),
    ]),
  );
  for (const { device, advice } of report.devices) {
    if (advice !== undefined) stdout.write(`To use ${deviceLabel(device)}: ${oneLine(advice)}\n`);
  }
  stdout.write(`auto chooses ${report.chosen}: ${oneLine(report.reason)}\n`);
  for (const { device, works, ...trial } of report.devices) {
    if (!works || !deviceProfile(device).precisions.includes('half')) continue;
    stdout.write(`half on ${deviceLabel(device)}: ${oneLine(describeHalf(trial))}\n`);
  }
  stdout.write(`int8 on the ${deviceLabel(FALLBACK_DEVICE)}: ${describeTrial(report.integers)}\n`);
}

/** What float16 is worth on a device, in words. */
function describeHalf(trial: HalfTrial): string {
  const { half, halfSpeed, halfFault } = trial;
  if (!half) return `${halfFault}, so it is not used`;
  const speed = `${halfSpeed.toFixed(1)} times as fast as float32`;
  return precisionByHalf(trial).precision === 'half'
    ? `right and ${speed}, so large models take it`
    : `right but only ${speed}, so only --precision half takes it`;
}

/** What the processor's products of bytes are worth, in words. */
function describeTrial({ exact, fast }: IntegerTrial): string {
  if (!exact) return 'not exact, so it is not used';
  return fast ? 'fast, so large models take it' : 'not fast, so only --precision int8 takes it';
}

/** Prints rows with aligned columns, a line each, whatever the files of a model say. */
export function printTable(texts: readonly (readonly string[])[]): void {
  const rows = texts.map((row) => row.map((cell, i) => (i === 0 ? indented(cell) : oneLine(cell))));
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  }
  for (const row of rows) {
    const line = row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ');
    stdout.write(`${line.trimEnd()}\n`);
  }
}

/** The first cell, which may begin with spaces. */
function indented(cell: string): string {
  return (/^ */.exec(cell)?.[0] ?? '') + oneLine(cell);
}
