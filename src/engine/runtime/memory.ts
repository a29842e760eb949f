import os from 'node:os';
import { EaselError } from '../../core/errors';
import { describeBytes } from '../../core/quantities';

/** Bytes this process could have at most: the machine's memory, or a container's limit. */
export function memoryLimit(): number {
  const limit = process.constrainedMemory();
  // Zero, undefined or an absurd number all mean "no limit".
  return limit > 0 && limit < os.totalmem() ? limit : os.totalmem();
}

/** Bytes that could be had now without swapping. */
export function memoryAvailable(): number {
  return process.availableMemory();
}

/**
 * Refuses a job that cannot fit, before anything is loaded.
 * @param advice what the user can do; a whole sentence
 * @throws EaselError `not-enough-memory`, with both numbers
 */
export function requireMemory(
  neededBytes: number,
  what: string,
  advice = 'Choose a smaller size or a smaller model.',
): void {
  const limit = memoryLimit();
  if (neededBytes <= limit * 0.95) return;
  throw new EaselError(
    'not-enough-memory',
    `${what} needs about ${describeBytes(neededBytes)}, and this machine has ${describeBytes(limit)}. ${advice}`,
    { neededBytes, limitBytes: limit },
  );
}
