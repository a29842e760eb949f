// What `npm run bench:gpu` measures, and the table that it prints. bench/README.md says what the rows mean.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { openEngine } from '../../../src/client/open';
import { root } from '../../steps';
import { describeMachine } from '../machine';
import { measure, type Measured } from '../sides';
import { cache, difference, preparePython, writeModels } from '../tools';
import { describeCard, withCardMemory } from './card';
import { easelSides, pytorchDevice, pytorchGpuSide, type GpuSide } from './sides';

export interface GpuBenchOptions {
  /** The bundle of bench/easel.ts. */
  readonly program: string;
  /** Small models, to try the benchmark where computing is slow. */
  readonly isToy: boolean;
  /** What is not measured by then is left out. */
  readonly minutes: number;
}

const NONE = '–';
/** What one measurement may take: a side that hangs must not take the time of all. */
const MOST_MS = 90_000;
/** The same for small models, which are for machines where computing is slow. */
const MOST_TOY_MS = 240_000;
const LEAST_MS = 10_000;
const TURBO = 'sd-turbo';

const GUIDED = { component: 'unet', batch: 2, plannedRuns: 20, runs: 5 };

interface Case extends Measured {
  readonly label: string;
}

/** In this order: the models of the last take the longest to write. */
const CASES: readonly Case[] = [
  { ...GUIDED, folder: 'sd15/unet', label: 'SD 1.5, 512 × 512, a guided step' },
  {
    ...{ component: 'vae', folder: 'sd15/vae', batch: 1, plannedRuns: 4, runs: 4 },
    label: 'SD 1.5, decode 512 × 512',
  },
  { ...GUIDED, folder: 'sdxl/unet', label: 'SDXL, 1024 × 1024, a guided step' },
];

/** Measures every side, and prints the table as it grows. */
export async function benchGpu({ program, isToy, minutes }: GpuBenchOptions): Promise<void> {
  const deadline = performance.now() + minutes * 60_000;
  const python = preparePython();
  const onTorch = pytorchDevice(python);
  const reference = pytorchGpuSide(python, onTorch, 'float32');
  const sides = [...easelSides(program), pytorchGpuSide(python, onTorch, 'float16'), reference];
  mkdirSync(cache, { recursive: true });
  console.log((await describeMachine(python)).join('\n'));
  console.log(`Card: ${describeCard() ?? 'none of NVIDIA'}. PyTorch computes on: ${onTorch}.`);
  for (const line of await describeDevices()) console.log(line);
  console.log(`\n| | | ${sides.map(({ title }) => title).join(' | ')} |`);
  console.log(`|${'---|'.repeat(sides.length + 2)}`);
  const table = new Table(sides, isToy ? MOST_TOY_MS : MOST_MS);
  const bench = { sides, reference, table, deadline };
  const nameOf = (model: string) => (isToy ? `toy-${model}` : model);
  for (const each of CASES) {
    const folder = nameOf(each.folder);
    if (!isTimeLeft(deadline)) table.leaveOut(each.label, 'there was no time left');
    else {
      writeModels(python, [folder.split('/')[0]!]);
      await benchNetwork({ ...each, folder }, bench);
    }
    if (each === CASES[1]) {
      writeModels(python, ['taesd', nameOf(TURBO)]);
      await benchTurbo(nameOf(TURBO), bench);
    }
  }
  table.printRemarks();
}

interface Bench {
  readonly sides: readonly GpuSide[];
  /** PyTorch in float32. */
  readonly reference: GpuSide;
  readonly table: Table;
  readonly deadline: number;
}

async function benchNetwork(
  { label, ...measured }: Case,
  { sides, reference, table, deadline }: Bench,
): Promise<void> {
  const rows = { first: cells(), step: cells(), memory: cells(), psnr: cells() };
  const outputOf = ({ name }: GpuSide) => path.join(cache, `output-${name}.f32`);
  // The others are compared with it.
  let hasReference = false;
  for (const side of [reference, ...sides.filter((one) => one !== reference)]) {
    await table.attempt(label, side, deadline, async (limitMs) => {
      const { result, cardBytes } = await withCardMemory(() =>
        measure(side, measured, outputOf(side), limitMs),
      );
      rows.first.set(side, seconds(result.firstSeconds));
      rows.step.set(side, seconds(Math.min(...result.runSeconds.slice(1))));
      if (cardBytes !== undefined) rows.memory.set(side, gigabytes(cardBytes));
      if (side === reference) hasReference = true;
      else if (hasReference) {
        const { psnr } = difference(outputOf(side), outputOf(reference));
        rows.psnr.set(side, `${psnr.toFixed(1)} dB`);
      }
    });
  }
  table.print(label, 'start to the end of the first run', rows.first);
  table.print('', 'a later run', rows.step);
  table.print('', 'memory of the card', rows.memory);
  table.print('', 'PSNR against PyTorch float32', rows.psnr);
}

async function benchTurbo(model: string, { sides, table, deadline }: Bench): Promise<void> {
  const label = 'SD-Turbo with TAESD, an image of one step';
  const rows = { seconds: cells(), memory: cells() };
  for (const side of sides) {
    const { drawTurbo } = side;
    if (!drawTurbo) continue;
    await table.attempt(label, side, deadline, async (limitMs) => {
      const { result, cardBytes } = await withCardMemory(() => drawTurbo(model, limitMs));
      rows.seconds.set(side, seconds(result));
      if (cardBytes !== undefined) rows.memory.set(side, gigabytes(cardBytes));
    });
  }
  table.print(label, 'by a warm engine', rows.seconds);
  table.print('', 'memory of the card', rows.memory);
}

/** What a row of the table has of each side. */
function cells(): Map<GpuSide, string> {
  return new Map();
}

/** Lines about what Easel finds on this machine. */
async function describeDevices(): Promise<readonly string[]> {
  const engine = openEngine({ module: path.join(root, 'dist', 'engine.js') });
  try {
    const { devices } = await engine.call('devices', null);
    return devices.map(
      ({ device, works, detail }) => `${device}: ${works ? 'works' : 'does not work'}, ${detail}`,
    );
  } finally {
    engine.dispose();
  }
}

/** The cells of the sides, and why some are empty. */
class Table {
  private readonly remarks: string[] = [];

  /** @param mostMs what one measurement may take */
  constructor(
    private readonly sides: readonly GpuSide[],
    private readonly mostMs: number,
  ) {}

  /** Measures one side. Where it cannot, the table goes on without it. */
  async attempt(
    label: string,
    side: GpuSide,
    deadline: number,
    work: (limitMs: number) => Promise<void>,
  ): Promise<void> {
    const left = deadline - performance.now();
    if (left < LEAST_MS) {
      this.leaveOut(`${label}, ${side.title}`, 'there was no time left');
      return;
    }
    const started = performance.now();
    try {
      await work(Math.floor(Math.min(left, this.mostMs)));
      const took = (performance.now() - started) / 1000;
      console.error(`${label}, ${side.title}: measured in ${seconds(took)}`);
    } catch (thrown) {
      this.leaveOut(`${label}, ${side.title}`, reasonOf(thrown));
    }
  }

  leaveOut(what: string, why: string): void {
    const remark = `Left out: ${what}: ${why}`;
    console.error(remark);
    this.remarks.push(remark);
  }

  print(label: string, what: string, cells: ReadonlyMap<GpuSide, string>): void {
    const values = this.sides.map((side) => cells.get(side) ?? NONE);
    console.log(`| ${[label, what, ...values].join(' | ')} |`);
  }

  printRemarks(): void {
    if (this.remarks.length > 0) console.log(`\n${this.remarks.join('\n')}`);
  }
}

/** The last lines of what a program wrote, which say what failed. */
function reasonOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const lines = stripVTControlCharacters(text).trim().split('\n');
  return lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? '';
}

function isTimeLeft(deadline: number): boolean {
  return performance.now() < deadline - LEAST_MS;
}

function seconds(value: number): string {
  return `${value.toFixed(value < 1 ? 3 : 2)} s`;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}
