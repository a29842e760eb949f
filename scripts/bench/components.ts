// `npm run bench [-- OPTIONS]`: Easel beside PyTorch and OpenVINO on models of published sizes with random
// weights, in turns and in processes of their own, as a table. bench/README.md says what is measured and has the
// options. Needs Python 3.11 or later; everything it makes goes into .cache/bench (24 GB with every case).
import { rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build, runMain } from '../steps';
import { CASES, VALUES, type Case } from './cases';
import { bundleEasel } from './bundle';
import { describeMachine } from './machine';
import { drawWithTurbo } from './turbo';
import {
  easelSide,
  hasMemory,
  measure,
  openvinoSide,
  prepare,
  pytorchSide,
  sdCppSide,
  type Measurement,
  type Side,
} from './sides';
import { cache, difference, preparePython, writeModels } from './tools';

/** What the others are compared with. */
const REFERENCE = 'pytorch';
const TURBO = 'turbo';
const NONE = '–';

type Row = readonly [label: string, what: string, cells: ReadonlyMap<Side, string>];

function options() {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '3' },
      case: { type: 'string', multiple: true, default: [] },
      side: { type: 'string', multiple: true, default: [] },
      'sd-cpp': { type: 'boolean', default: false },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds: a number from 1');
  return { rounds, cases: values.case, sides: values.side, sdCpp: values['sd-cpp'] };
}

/** Those of a list that were asked for by name, or all. */
function chosen<T extends { readonly name: string }>(all: readonly T[], names: readonly string[]) {
  const unknown = names.find((name) => !all.some((one) => one.name === name));
  if (unknown !== undefined) {
    throw new Error(`${unknown} is none of ${all.map(({ name }) => name).join(', ')}`);
  }
  return names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
}

async function main(): Promise<void> {
  const { rounds, cases: caseNames, sides: sideNames, sdCpp } = options();
  const isTurboOnly = caseNames.length > 0 && caseNames.every((name) => name === TURBO);
  const cases = isTurboOnly
    ? []
    : chosen(
        CASES,
        caseNames.filter((name) => name !== TURBO),
      );
  const python = preparePython();
  const program = await bundleEasel();
  const all = [
    ...[easelSide(program, 'full'), easelSide(program, 'int8')],
    ...[pytorchSide(python, 'float32'), pytorchSide(python, 'bfloat16')],
    ...[openvinoSide(python, 'default'), openvinoSide(python, 'float32')],
    ...(sdCpp ? [sdCppSide(python)] : []),
  ];
  const sides = chosen(all, sideNames);
  writeModels(python, [...new Set(['taesd', ...cases.map(({ folder }) => folder.split('/')[0]!)])]);
  console.log(`${(await describeMachine(python)).join('\n')}\n`);
  console.log(`| | | ${sides.map(({ title }) => title).join(' | ')} |`);
  console.log(`|${'---|'.repeat(sides.length + 2)}`);
  const print = ([label, what, cells]: Row) => {
    console.log(
      `| ${[label, what, ...sides.map((side) => cells.get(side) ?? NONE)].join(' | ')} |`,
    );
  };
  let defaultType: string | undefined;
  // Preparing the weights is a part of what is measured.
  rmSync(path.join(cache, 'int8'), { recursive: true, force: true });
  for (const settings of cases) {
    const { results, prepared } = measureInTurns(settings, sides, rounds);
    if (prepared.size > 0) {
      print([settings.label, 'preparation, once', mapValues(prepared, seconds)]);
    }
    for (const row of rowsOf(settings, results, prepared.size > 0)) print(row);
    const openvino = [...results].find(([{ name }]) => name === 'openvino');
    defaultType ??= openvino?.[1][0]?.computesIn;
  }
  if (caseNames.length === 0 || caseNames.includes(TURBO)) {
    build();
    writeModels(python, ['sd-turbo']);
    for (const { label, what, values } of await drawWithTurbo(rounds)) {
      const cells = sides.flatMap((side) => {
        const value = values.get(side.precision);
        return side.name.startsWith('easel') && value !== undefined
          ? ([[side, seconds(value)]] as const)
          : [];
      });
      print([label, what, new Map(cells)]);
    }
  }
  if (defaultType !== undefined)
    console.log(`\nOpenVINO's default precision is ${defaultType} here.`);
}

/** The measurements of a case by every side that has the memory, and what preparing took those that did, in s. */
function measureInTurns(settings: Case, sides: readonly Side[], rounds: number) {
  const results = new Map<Side, Measurement[]>();
  const prepared = new Map<Side, number>();
  for (const side of sides) {
    if (side.measures?.(settings) === false || !hasMemory(side, settings)) continue;
    try {
      if (side.kept && !side.isPrepared?.(settings)) {
        const took = prepare(side, settings);
        if (side.name.startsWith('easel')) {
          prepared.set(side, took);
          // The next start reads what was written to its end, once.
          prepare(side, settings);
        }
      }
      results.set(side, []);
    } catch (thrown) {
      // Such as a conversion that needs more memory than there is.
      console.error(`Left out: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (const [side, found] of results) {
      const measured = measure(side, settings, outputOf(side));
      found.push(measured);
      // A case takes minutes. These lines are not part of the table.
      const runs = measured.runSeconds.map((value) => value.toFixed(2)).join(', ');
      const first = `first output after ${seconds(measured.firstSeconds)}`;
      const memory = VALUES.peak.format(measured.peakBytes);
      console.error(`${settings.name}, ${side.title}: ${first}, runs of ${runs} s, ${memory}`);
    }
  }
  return { results, prepared };
}

function outputOf({ name }: Side): string {
  return path.join(cache, `output-${name}.f32`);
}

function* rowsOf(
  settings: Case,
  results: ReadonlyMap<Side, readonly Measurement[]>,
  isLabelled: boolean,
): Generator<Row> {
  const reference = [...results.keys()].find(({ name }) => name === REFERENCE);
  for (const [index, name] of settings.values.entries()) {
    const { what, best, format } = VALUES[name];
    const found = mapValues(results, best);
    const label = index === 0 && !isLabelled ? settings.label : '';
    yield [label, what, mapValues(found, format)];
    const of = reference && found.get(reference);
    if (of === undefined) continue;
    yield ['', 'of PyTorch float32', mapValues(found, (value) => (value / of).toFixed(2))];
  }
  if (!reference) return;
  const apart = new Map<Side, string>();
  for (const side of results.keys()) {
    if (side === reference || side.hasOutput === false) continue;
    const { relative } = difference(outputOf(side), outputOf(reference));
    apart.set(side, relative.toExponential(1));
  }
  yield ['', 'differs by (rms, σ)', apart];
}

function mapValues<K, V, W>(map: ReadonlyMap<K, V>, change: (value: V) => W): Map<K, W> {
  return new Map([...map].map(([key, value]) => [key, change(value)]));
}

function seconds(value: number): string {
  return VALUES.run.format(value);
}

runMain(main);
