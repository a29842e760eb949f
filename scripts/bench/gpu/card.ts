// The NVIDIA card of the machine that a benchmark runs on, as its driver's own program reports it.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { cache } from '../tools';

const SAMPLES_MS = 50;
const MIB = 2 ** 20;

/** A line about the card, its memory and its driver; undefined where there is none, or not one of NVIDIA's. */
export function describeCard(): string | undefined {
  const query = ['--query-gpu=name,memory.total,driver_version', '--format=csv,noheader'];
  const { status, stdout } = spawnSync('nvidia-smi', query, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/**
 * Works while the memory in use on the card is sampled, also by other processes.
 * @returns what the work returned, and by how many bytes the memory in use grew at most; undefined where
 *   there is no card of NVIDIA's
 */
export async function withCardMemory<T>(
  work: () => T | Promise<T>,
): Promise<{ readonly result: T; readonly cardBytes: number | undefined }> {
  const file = path.join(cache, 'card-memory.txt');
  const query = ['--query-gpu=memory.used', '--format=csv,noheader,nounits'];
  const output = openSync(file, 'w');
  const sampler = spawn('nvidia-smi', [...query, '-lms', String(SAMPLES_MS)], {
    stdio: ['ignore', output, 'ignore'],
  });
  sampler.on('error', () => undefined);
  closeSync(output);
  try {
    const result = await work();
    return { result, cardBytes: growthOf(readFileSync(file, 'utf8')) };
  } finally {
    // One that did not start would be the whole group of processes.
    if (sampler.pid !== undefined) sampler.kill();
    rmSync(file, { force: true });
  }
}

/** @param samples of the first card: MiB, a line each */
function growthOf(samples: string): number | undefined {
  const used = samples.split('\n').map(Number.parseFloat).filter(Number.isFinite);
  const [before] = used;
  return before === undefined ? undefined : (Math.max(...used) - before) * MIB;
}
