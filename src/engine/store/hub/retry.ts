import { setTimeout as delay } from 'node:timers/promises';
import { EaselError, cancelled } from '../../../core/errors';

/** A hub that asks for a longer pause than this is not waited for. */
export const MAX_WAIT_SECONDS = 120;

const FIRST_SECONDS = 0.5;
const LONGEST_SECONDS = 15;

/** Decides how long to wait before another attempt, and whether there is to be one. */
export class Backoff {
  private failures = 0;

  /** @param attempts failures in a row that end it */
  constructor(
    private readonly attempts: number,
    private readonly firstSeconds = FIRST_SECONDS,
  ) {}

  /** Something came: the failures before it do not count any more. */
  reset(): void {
    this.failures = 0;
  }

  /** Seconds until the next attempt after a failure; undefined where another attempt is in vain. */
  next(thrown: unknown): number | undefined {
    if (!isTransient(thrown)) return undefined;
    this.failures += 1;
    if (this.failures >= this.attempts) return undefined;
    const asked = (thrown as EaselError).data.retryAfterSeconds;
    if (typeof asked === 'number') return asked;
    const seconds = Math.min(LONGEST_SECONDS, this.firstSeconds * 2 ** (this.failures - 1));
    // Many machines that lost the same hub should not return to it in the same instant.
    return seconds * (0.75 + Math.random() / 2);
  }

  async sleep(seconds: number, signal: AbortSignal): Promise<void> {
    try {
      await delay(seconds * 1000, undefined, { signal });
    } catch {
      throw cancelled();
    }
  }
}

function isTransient(thrown: unknown): boolean {
  if (!(thrown instanceof EaselError)) return false;
  if (thrown.code === 'no-network') return thrown.data.permanent !== true;
  return thrown.code === 'rate-limited' || thrown.code === 'hub-failed';
}
