// What `npm run bench` measures, and what it prints of a measurement.
import type { Measured, Measurement } from './sides';

interface PrintedValue {
  readonly what: string;
  /** Of the rounds: other programs can only make a run slower. */
  readonly best: (rounds: readonly Measurement[]) => number;
  readonly format: (value: number) => string;
}

function fastest(value: (of: Measurement) => number): PrintedValue['best'] {
  return (rounds) => Math.min(...rounds.map(value));
}

const inSeconds = (value: number) => `${value.toFixed(2)} s`;

export const VALUES = {
  first: {
    what: 'start to the end of the first run',
    best: fastest(({ firstSeconds }) => firstSeconds),
    format: inSeconds,
  },
  step: {
    what: 'a later run',
    best: fastest(({ runSeconds }) => Math.min(...runSeconds.slice(1))),
    format: inSeconds,
  },
  run: {
    what: 'the run alone',
    best: fastest(({ runSeconds }) => runSeconds[0]!),
    format: inSeconds,
  },
  peak: {
    what: 'peak memory',
    best: (rounds) => Math.max(...rounds.map(({ peakBytes }) => peakBytes)),
    format: (bytes) => `${(bytes / 1e9).toFixed(2)} GB`,
  },
} satisfies Record<string, PrintedValue>;

export interface Case extends Measured {
  /** In the option `--case`. */
  readonly name: string;
  readonly label: string;
  readonly values: readonly (keyof typeof VALUES)[];
}

const UNET = { component: 'unet', folder: 'sd15/unet' };
const ONCE = { batch: 1, plannedRuns: 1, runs: 1 };

export const CASES: readonly Case[] = [
  {
    ...{ ...UNET, ...ONCE, name: 'unet-1', label: 'SD 1.5 UNet, 512 × 512, one step' },
    values: ['first', 'peak'],
  },
  {
    ...{ ...UNET, ...ONCE, name: 'unet-4', label: 'SD 1.5 UNet, 512 × 512, four steps' },
    ...{ plannedRuns: 4, runs: 4 },
    values: ['first', 'step', 'peak'],
  },
  {
    ...{ ...UNET, ...ONCE, name: 'unet-20', label: 'SD 1.5 UNet, 512 × 512, twenty steps, guided' },
    ...{ batch: 2, plannedRuns: 20, runs: 3 },
    values: ['first', 'step', 'peak'],
  },
  {
    ...{ ...ONCE, name: 'text', label: 'SD 1.5 text encoder, two prompts' },
    ...{ component: 'text_encoder', folder: 'sd15/text_encoder', batch: 2 },
    values: ['first', 'run', 'peak'],
  },
  {
    ...{ ...ONCE, name: 'vae', label: 'SD 1.5 VAE, decode 512 × 512' },
    ...{ component: 'vae', folder: 'sd15/vae' },
    values: ['run', 'peak'],
  },
  {
    ...{ ...ONCE, name: 'taesd', label: 'TAESD, decode 512 × 512' },
    ...{ component: 'taesd', folder: 'taesd/vae' },
    values: ['run', 'peak'],
  },
  {
    ...{ ...ONCE, name: 'sdxl-text', label: 'SDXL, second text encoder, two prompts' },
    ...{ component: 'text_encoder', folder: 'sdxl/text_encoder_2', batch: 2 },
    values: ['first', 'run', 'peak'],
  },
  {
    ...{ ...ONCE, name: 'sdxl-unet', label: 'SDXL UNet, 1024 × 1024, one step' },
    ...{ component: 'unet', folder: 'sdxl/unet' },
    values: ['first', 'run', 'peak'],
  },
];
