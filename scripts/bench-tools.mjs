// What the benchmarks share: Python's side, the models of published sizes, and one measurement of either side.
import { mkdirSync, readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { root, run } from './setup.mjs';

export const cache = path.join(root, '.cache', 'bench');
export const models = process.env.EASEL_BENCH_MODELS ?? path.join(cache, 'models');

/** Sets up Python with diffusers; EASEL_BENCH_PYTHON names one that has it. @returns its path */
export function preparePython() {
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
  if (child.status !== 0)
    throw new Error('The Python environment of the benchmark could not be made.');
  return child.stdout.trim();
}

/** Writes models of scripts/reference/cases/fullsize_configs.py with random weights, unless they are there. */
export function writeModels(python, names) {
  run(python, ['scripts/reference/fullsize.py', models, ...names], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** Bundles Easel's side of a measurement. @returns its path */
export async function bundle() {
  // Only there once the dependencies are installed.
  const { build } = await import('esbuild');
  const outfile = path.join(cache, 'easel.cjs');
  const options = { bundle: true, platform: 'node', external: ['onnxruntime-node'], outfile };
  await build({ entryPoints: [path.join(root, 'bench', 'easel.ts')], ...options });
  return outfile;
}

/** One measurement of either side, in a process of its own. */
export function measure(command, args, [component, folder, batch, planned, made], output) {
  const startedAt = Date.now();
  const settings = [component, path.join(models, folder), batch, planned, made, output];
  const child = spawnSync(command, [...args, ...settings.map(String)], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, HF_HUB_OFFLINE: '1' },
  });
  if (child.status !== 0) throw new Error(`${component}: ${child.stderr}`);
  const result = JSON.parse(child.stdout.trim().split('\n').at(-1));
  return { ...result, firstSeconds: (result.firstAt - startedAt) / 1000 };
}

function readFloats(file) {
  const bytes = readFileSync(file);
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

/** The largest difference of two sides' outputs, in units of the second's standard deviation. */
export function largestDifference(file, reference) {
  const [a, b] = [readFloats(file), readFloats(reference)];
  const largest = a.reduce((most, value, index) => Math.max(most, Math.abs(value - b[index])), 0);
  const mean = b.reduce((sum, value) => sum + value, 0) / b.length;
  const variance = b.reduce((sum, value) => sum + (value - mean) ** 2, 0) / b.length;
  return { largest, relative: largest / Math.sqrt(variance) };
}
