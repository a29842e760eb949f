// What the benchmarks share: Python's environments, the models of published sizes, and differences of outputs.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pythonEnvironment, root, run } from '../steps';

export const cache = path.join(root, '.cache', 'bench');
export const models = process.env.EASEL_BENCH_MODELS ?? path.join(cache, 'models');

/** Sets up Python with diffusers and OpenVINO; EASEL_BENCH_PYTHON names one that has them. @returns its path */
export function preparePython(): string {
  return process.env.EASEL_BENCH_PYTHON ?? pythonEnvironment('bench', 'bench/venv');
}

/** Writes models of scripts/reference/cases/fullsize_configs.py with random weights, unless they are there. */
export function writeModels(python: string, names: readonly string[]): void {
  run(python, ['scripts/reference/fullsize.py', models, ...names], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** A cache of the hub in which both tiny autoencoders are the one with random weights. @returns its path */
export function tinyCache(): string {
  const hub = path.join(cache, 'hub');
  for (const name of ['taesd', 'taesdxl']) {
    const repo = path.join(hub, `models--madebyollin--${name}`);
    rmSync(repo, { recursive: true, force: true });
    mkdirSync(path.join(repo, 'refs'), { recursive: true });
    mkdirSync(path.join(repo, 'snapshots'));
    writeFileSync(path.join(repo, 'refs', 'main'), '0'.repeat(40));
    const snapshot = path.join(repo, 'snapshots', '0'.repeat(40));
    symlinkSync(path.join(models, 'taesd', 'vae'), snapshot, 'junction');
  }
  return hub;
}

/**
 * Runs a program whose last line is JSON.
 * @param limitMs how long it may take. Default: without end
 * @throws Error with what it wrote, if it failed or took longer
 */
export function runToJson(program: string, args: readonly string[], limitMs?: number): unknown {
  const child = spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, HF_HUB_OFFLINE: '1' },
    timeout: limitMs,
    killSignal: 'SIGKILL',
  });
  // A program that did not start wrote nothing.
  const written = child.error ? '' : child.stdout;
  const last = written.trim().split('\n').at(-1) ?? '';
  if (child.status === 0 && last.startsWith('{')) return JSON.parse(last);
  const isLate = child.signal === 'SIGKILL';
  const why = isLate
    ? `stopped after ${((limitMs ?? 0) / 1000).toFixed(0)} s`
    : (child.error?.message ?? child.stderr);
  throw new Error(`${path.basename(program)} ${args.join(' ')}\n${why}`);
}

function readFloats(file: string): Float32Array {
  const bytes = readFileSync(file);
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

/** How two outputs differ. */
export interface Difference {
  /** The largest difference of a value. */
  readonly largest: number;
  /** The same in units of the reference's standard deviation. */
  readonly largestRelative: number;
  /** The root of the mean square, in units of the reference's standard deviation. */
  readonly relative: number;
  /** The peak signal-to-noise ratio in dB; the peak is the distance of the reference's smallest and largest value. */
  readonly psnr: number;
}

/** @throws Error if the outputs have different lengths */
export function difference(file: string, reference: string): Difference {
  const [a, b] = [readFloats(file), readFloats(reference)];
  if (a.length !== b.length) throw new Error(`${a.length} values are not ${b.length}: ${file}`);
  const mean = b.reduce((sum, value) => sum + value, 0) / b.length;
  const deviation = Math.sqrt(b.reduce((sum, value) => sum + (value - mean) ** 2, 0) / b.length);
  const squares = a.reduce((sum, value, index) => sum + (value - b[index]!) ** 2, 0) / b.length;
  const largest = a.reduce((most, value, index) => Math.max(most, Math.abs(value - b[index]!)), 0);
  const lowest = b.reduce((least, value) => Math.min(least, value), Infinity);
  const highest = b.reduce((most, value) => Math.max(most, value), -Infinity);
  return {
    largest,
    largestRelative: largest / deviation,
    relative: Math.sqrt(squares) / deviation,
    psnr: 10 * Math.log10((highest - lowest) ** 2 / squares),
  };
}
