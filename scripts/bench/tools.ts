// What the benchmarks share: Python's side, the models of published sizes, and one measurement of either side.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { root, run } from '../steps';

export const cache = path.join(root, '.cache', 'bench');
export const models = process.env.EASEL_BENCH_MODELS ?? path.join(cache, 'models');

/** Sets up Python with diffusers; EASEL_BENCH_PYTHON names one that has it. @returns its path */
export function preparePython(): string {
  mkdirSync(cache, { recursive: true });
  if (process.env.EASEL_BENCH_PYTHON) return process.env.EASEL_BENCH_PYTHON;
  const python = process.platform === 'win32' ? 'python' : 'python3';
  const child = spawnSync(
    python,
    ['scripts/python_environment.py', 'bench', path.join(cache, 'venv')],
    {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  if (child.status !== 0) {
    throw new Error('The Python environment of the benchmark could not be made.');
  }
  return child.stdout.trim();
}

/** Writes models of scripts/reference/cases/fullsize_configs.py with random weights, unless they are there. */
export function writeModels(python: string, names: readonly string[]): void {
  run(python, ['scripts/reference/fullsize.py', models, ...names], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** Bundles Easel's side of a measurement. @returns its path */
export async function bundle(): Promise<string> {
  const outfile = path.join(cache, 'easel.cjs');
  await build({
    entryPoints: [path.join(root, 'bench', 'easel.ts')],
    bundle: true,
    platform: 'node',
    external: ['onnxruntime-node'],
    outfile,
  });
  return outfile;
}

/** What one side of a measurement runs. */
export interface Measured {
  readonly component: string;
  /** Of the component, within the folder of models. */
  readonly folder: string;
  readonly batch: number;
  /** How many runs the engine plans for, and how many it makes. */
  readonly plannedRuns: number;
  readonly runs: number;
}

export interface Measurement {
  /** When the first run ended, in milliseconds since 1970. */
  readonly firstAt: number;
  /** From the start of the process to the end of the first run. */
  readonly firstSeconds: number;
  readonly runSeconds: readonly number[];
  readonly peakBytes: number;
}

/**
 * One measurement of either side, in a process of its own.
 * @param output the file for the values that came out (float32)
 */
export function measure(
  command: string,
  args: readonly string[],
  { component, folder, batch, plannedRuns, runs }: Measured,
  output: string,
): Measurement {
  const startedAt = Date.now();
  const settings = [component, path.join(models, folder), batch, plannedRuns, runs, output];
  const child = spawnSync(command, [...args, ...settings.map(String)], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, HF_HUB_OFFLINE: '1' },
  });
  if (child.status !== 0) throw new Error(`${component}: ${child.stderr}`);
  const last = child.stdout.trim().split('\n').at(-1)!;
  const result = JSON.parse(last) as Omit<Measurement, 'firstSeconds'>;
  return { ...result, firstSeconds: (result.firstAt - startedAt) / 1000 };
}

function readFloats(file: string): Float32Array {
  const bytes = readFileSync(file);
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

/**
 * The largest difference of two sides' outputs.
 * @returns it, and it in units of the second side's standard deviation
 */
export function largestDifference(
  file: string,
  reference: string,
): { readonly largest: number; readonly relative: number } {
  const [a, b] = [readFloats(file), readFloats(reference)];
  const largest = a.reduce((most, value, index) => Math.max(most, Math.abs(value - b[index]!)), 0);
  const mean = b.reduce((sum, value) => sum + value, 0) / b.length;
  const variance = b.reduce((sum, value) => sum + (value - mean) ** 2, 0) / b.length;
  return { largest, relative: largest / Math.sqrt(variance) };
}
