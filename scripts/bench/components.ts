// `npm run bench -- [ROUNDS]`: Easel and diffusers (PyTorch, CPU) on models of published sizes with random
// weights, alternately and in processes of their own, as a table of ratios. bench/README.md says what is
// measured. Needs Python 3.10 or later; everything it makes goes into .cache/bench (about 4 GB).
import path from 'node:path';
import { runMain } from '../steps';
import {
  bundle,
  cache,
  largestDifference,
  measure,
  preparePython,
  writeModels,
  type Measured,
  type Measurement,
} from './tools';

/** What can be printed of a case: its name, its value and the unit. */
const VALUES = {
  first: ['start to the end of the first run', (of) => of.firstSeconds, 's'],
  step: ['a later run', (of) => Math.min(...of.runSeconds.slice(1)), 's'],
  run: ['the run alone', (of) => of.runSeconds[0]!, 's'],
  peak: ['peak memory', (of) => of.peakBytes / 1e9, 'GB'],
} satisfies Record<string, [what: string, value: (of: Measurement) => number, unit: string]>;

interface Case extends Measured {
  readonly label: string;
  readonly values: readonly (keyof typeof VALUES)[];
}

const UNET = { component: 'unet', folder: 'sd15/unet' };

const CASES: readonly Case[] = [
  {
    ...UNET,
    ...{ batch: 1, plannedRuns: 1, runs: 1 },
    label: 'SD 1.5 UNet, 512 × 512, one step',
    values: ['first', 'peak'],
  },
  {
    ...UNET,
    ...{ batch: 1, plannedRuns: 4, runs: 4 },
    label: 'the same, four steps',
    values: ['first', 'step', 'peak'],
  },
  {
    ...UNET,
    ...{ batch: 2, plannedRuns: 20, runs: 3 },
    label: 'the same, twenty steps, guided',
    values: ['first', 'step', 'peak'],
  },
  {
    ...{ component: 'text_encoder', folder: 'sd15/text_encoder' },
    ...{ batch: 2, plannedRuns: 1, runs: 1 },
    label: 'SD 1.5 text encoder, two prompts',
    values: ['first', 'peak'],
  },
  {
    ...{ component: 'vae', folder: 'sd15/vae' },
    ...{ batch: 1, plannedRuns: 1, runs: 1 },
    label: 'SD 1.5 VAE, decode 512 × 512',
    values: ['run', 'peak'],
  },
  {
    ...{ component: 'taesd', folder: 'taesd/vae' },
    ...{ batch: 1, plannedRuns: 1, runs: 1 },
    label: 'TAESD, decode 512 × 512',
    values: ['run', 'peak'],
  },
];

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

async function main(): Promise<void> {
  const rounds = Number(process.argv[2] ?? 3);
  const python = preparePython();
  writeModels(python, ['sd15', 'taesd']);
  const easel = await bundle();
  const outputs = {
    easel: path.join(cache, 'easel.f32'),
    diffusers: path.join(cache, 'diffusers.f32'),
  };
  console.log('| | | Easel | diffusers | ratio |\n|---|---|---|---|---|');
  for (const settings of CASES) {
    const results = { easel: [] as Measurement[], diffusers: [] as Measurement[] };
    for (let round = 0; round < rounds; round++) {
      results.easel.push(measure(process.execPath, [easel], settings, outputs.easel));
      results.diffusers.push(measure(python, ['bench/pytorch.py'], settings, outputs.diffusers));
    }
    for (const [index, name] of settings.values.entries()) {
      const [what, value, unit] = VALUES[name];
      const ours = median(results.easel.map(value));
      const theirs = median(results.diffusers.map(value));
      const numbers = [ours, theirs].map((number) => `${number.toFixed(2)} ${unit}`).join(' | ');
      const label = index === 0 ? settings.label : '';
      console.log(`| ${label} | ${what} | ${numbers} | ${(ours / theirs).toFixed(2)} |`);
    }
    const { largest } = largestDifference(outputs.easel, outputs.diffusers);
    console.log(`| | largest difference of a value | ${largest.toExponential(1)} | | |`);
  }
}

runMain(main);
