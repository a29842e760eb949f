// `npm run bench:families [-- MODEL ...]`: draws one image with each family of models at its published size,
// from random float16 weights, through the command line; and compares one call of its UNet with diffusers.
// bench/README.md says what is measured. Needs Python 3.10 or later, 8 GB of disk and, for SDXL beside
// diffusers, 16 GB of memory. A family's weights go when it is done, unless EASEL_BENCH_KEEP is set.
import { spawn } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { build, root, runMain } from '../steps';
import { bundleEasel } from './bundle';
import { easelSide, measure, pytorchSide, type Side } from './sides';
import { cache, difference, models, preparePython, tinyCache, writeModels } from './tools';

const GUIDED = ['--negative-prompt', 'blurry', '--scheduler', 'euler'];
const UNGUIDED = ['--guidance-scale', '0'];
const TINY = ['--vae', 'tiny'];

interface Family {
  readonly model: string;
  readonly title: string;
  readonly steps: number;
  readonly options: readonly string[];
  /** Whether its UNet is compared; one that several share is compared once. */
  readonly compared?: boolean;
}

const FAMILIES: readonly Family[] = [
  {
    ...{ model: 'sd14', title: 'SD 1.4, 512 × 512, guided', steps: 2, options: GUIDED },
    compared: true,
  },
  { model: 'sd14', title: 'the same with TAESD', steps: 1, options: [...GUIDED, ...TINY] },
  {
    ...{ model: 'lcm', title: 'LCM_Dreamshaper_v7, 768 × 768', steps: 2, options: [] },
    compared: true,
  },
  {
    ...{ model: 'sd21', title: 'SD 2.1, 768 × 768, guided', steps: 2, options: GUIDED },
    compared: true,
  },
  { model: 'sd-turbo', title: 'SD-Turbo, 512 × 512', steps: 1, options: UNGUIDED },
  {
    ...{ model: 'sdxl', title: 'SDXL base, 1024 × 1024, guided', steps: 2, options: GUIDED },
    compared: true,
  },
  { model: 'sdxl', title: 'the same with TAESDXL', steps: 1, options: [...GUIDED, ...TINY] },
  { model: 'sdxl-turbo', title: 'SDXL-Turbo, 512 × 512', steps: 1, options: UNGUIDED },
];

/** Families whose UNet's weights are those of another. */
const UNET_SHARED = new Set(['sd-turbo', 'sdxl-turbo']);

/** The fields of the command line's JSON events that are read here. */
interface CliEvent {
  readonly event: string;
  readonly message?: string;
  readonly neededBytes?: number;
  /** Of a step: its duration; of the last event: the durations of the stages. */
  readonly seconds: number | { readonly decode?: number };
  readonly peakRssBytes?: number;
}

interface Drawn {
  /** From the start of the process to the first step, in seconds. */
  readonly start?: number;
  /** In seconds. */
  readonly steps: readonly number[];
  readonly decode?: number;
  /** The estimate before the job, and what it took, in bytes. */
  readonly estimatedBytes?: number;
  readonly peakBytes?: number;
}

/** Draws with the command line. */
async function draw({ model, steps, options }: Family, hub: string): Promise<Drawn> {
  const started = performance.now();
  const args = ['dist/cli.js', 'generate', 'a red apple', '--model', path.join(models, model)];
  args.push('--steps', String(steps), '--seed', '1', '--device', 'cpu', ...options);
  args.push('--output', path.join(cache, 'pictures'), '--json');
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, HF_HUB_CACHE: hub },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let start: number | undefined;
  let estimatedBytes: number | undefined;
  let done: CliEvent | undefined;
  const times: number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as CliEvent;
    estimatedBytes ??= event.neededBytes;
    if (event.event === 'done') done = event;
    if (event.event === 'error') throw new Error(`${model}: ${event.message}`);
    if (event.event !== 'step' || typeof event.seconds !== 'number') continue;
    start ??= (performance.now() - started) / 1000;
    times.push(event.seconds);
  }
  const decode = typeof done?.seconds === 'object' ? done.seconds.decode : undefined;
  return { start, steps: times, decode, estimatedBytes, peakBytes: done?.peakRssBytes };
}

/** One call of the UNet by either side: how long the second one took, and how far the outputs are apart. */
function compare(model: string, sides: readonly [Side, Side]): [ratio: string, apart: string] {
  const unet = {
    component: 'unet',
    folder: `${model}/unet`,
    batch: 1,
    plannedRuns: 2,
    runs: 2,
  };
  const file = path.join(models, model, 'unet', 'diffusion_pytorch_model.fp16.safetensors');
  // Weights in float32, and half as much again to compute in.
  if (process.availableMemory() < statSync(file).size * 3) return ['too little memory', ''];
  const outputs = sides.map(({ name }) => path.join(cache, `families-${name}.f32`));
  const [ours, theirs] = sides.map((side, index) => measure(side, unet, outputs[index]!));
  const { largest, largestRelative } = difference(outputs[0]!, outputs[1]!);
  const ratio = Math.min(...ours!.runSeconds) / Math.min(...theirs!.runSeconds);
  return [ratio.toFixed(2), `${largest.toExponential(1)} (${largestRelative.toExponential(1)} σ)`];
}

function seconds(value: number | undefined): string {
  return value === undefined ? '' : `${value.toFixed(1)} s`;
}

function gigabytes(bytes: number | undefined): string {
  return bytes === undefined ? '' : `${(bytes / 1e9).toFixed(1)} GB`;
}

async function main(): Promise<void> {
  build();
  const python = preparePython();
  const sides = [easelSide(await bundleEasel(), 'full'), pytorchSide(python, 'float32')] as const;
  const wanted = process.argv.slice(2);
  const chosen = FAMILIES.filter(({ model }) => wanted.length === 0 || wanted.includes(model));
  writeModels(python, ['taesd']);
  const hub = tinyCache();
  const heads = ['', 'start', 'a step', 'decode', 'peak memory', 'said before'];
  heads.push('UNet, of diffusers', 'differs by');
  console.log(`| ${heads.join(' | ')} |\n|${heads.map(() => '---').join('|')}|`);
  for (const [index, family] of chosen.entries()) {
    const { model, title, compared } = family;
    writeModels(python, [model]);
    const drawn = await draw(family, hub);
    const later = drawn.steps.length > 1 ? Math.min(...drawn.steps.slice(1)) : drawn.steps[0];
    const checks = compared ? compare(model, sides) : ['', ''];
    const cells = [title, seconds(drawn.start), seconds(later), seconds(drawn.decode)];
    cells.push(gigabytes(drawn.peakBytes), gigabytes(drawn.estimatedBytes), ...checks);
    console.log(`| ${cells.join(' | ')} |`);
    const again = chosen
      .slice(index + 1)
      .some((next) => next.model === model || UNET_SHARED.has(next.model));
    if (!process.env.EASEL_BENCH_KEEP && !again) {
      rmSync(path.join(models, model), { recursive: true, force: true });
    }
  }
}

runMain(main);
