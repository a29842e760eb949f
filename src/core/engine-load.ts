import { EaselError } from './errors';

/** How much of the machine the drawing engine takes. It holds for a whole engine process. */
export interface EngineLoad {
  /** Threads that compute; `auto`: as many as the machine, its container and the system's limits allow. */
  readonly threads: number | 'auto';
  /** With `low`, other programs come first. */
  readonly priority: EnginePriority;
}

export const PRIORITIES = ['normal', 'low'] as const;
export type EnginePriority = (typeof PRIORITIES)[number];

/** More than one machine has. */
const MOST_THREADS = 1024;

export const DEFAULT_LOAD: EngineLoad = { threads: 'auto', priority: 'normal' };

/** What a user set, which can be anything: what is not usable counts as not set. */
export function readLoad(threads: unknown, priority: unknown): EngineLoad {
  return {
    threads: isThreads(threads) ? threads : DEFAULT_LOAD.threads,
    priority: PRIORITIES.find((known) => known === priority) ?? DEFAULT_LOAD.priority,
  };
}

interface TypedLoad {
  readonly threads?: unknown;
  readonly priority?: unknown;
}

/**
 * What a user typed for the options `--threads` and `--priority`.
 * @throws EaselError `bad-request` naming the option
 */
export function parseLoad({ threads = 'auto', priority = 'normal' }: TypedLoad): EngineLoad {
  const typed = String(threads).trim().toLowerCase();
  const count = /^\d+$/.test(typed) ? Number(typed) : undefined;
  if (typed !== 'auto' && !isThreads(count)) {
    throw new EaselError(
      'bad-request',
      `--threads must be auto, or a whole number from 1 to ${MOST_THREADS}, not "${String(threads)}".`,
    );
  }
  const known = PRIORITIES.find((one) => one === String(priority).trim().toLowerCase());
  if (!known) {
    throw new EaselError(
      'bad-request',
      `--priority must be ${PRIORITIES.join(' or ')}, not "${String(priority)}".`,
    );
  }
  return { threads: count ?? 'auto', priority: known };
}

function isThreads(value: unknown): value is number {
  return (
    typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MOST_THREADS
  );
}
