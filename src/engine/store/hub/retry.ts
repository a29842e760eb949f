import { setTimeout as delay } from 'node:timers/promises';
import { EaselError, cancelled } from '../../../core/errors';

/** If the hub asks for a longer pause than this, the request fails at once. */
export const MAX_WAIT_SECONDS = 120;

const FIRST_SECONDS = 0.5;
const LONGEST_SECONDS = 15;

/** Exponential backoff: whether to try again after a failure, and after how long. */
export class Backoff {
  private failures = 0;

  /** @param attempts give up after this many failures in a row */
  constructor(
    private readonly attempts: number,
    private readonly firstSeconds = FIRST_SECONDS,
  ) {}

  /** Forgets earlier failures, because data arrived. */
  reset(): void {
    this.failures = 0;
  }

  /** Seconds until the next attempt after a failure; undefined to give up. */
  next(thrown: unknown): number | undefined {
    if (!isTransient(thrown)) return undefined;
    this.failures += 1;
    if (this.failures >= this.attempts) return undefined;
    const asked = (thrown as EaselError).data.retryAfterSeconds;
    const seconds = Math.min(LONGEST_SECONDS, this.firstSeconds * 2 ** (this.failures - 1));
    // Jitter: many machines that lost the same hub should not return to it at once.
    const own = seconds * (0.75 + Math.random() / 2);
    return typeof asked === 'number' ? Math.max(asked, own) : own;
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
  if (thrown.data.permanent === true) return false;
  return ['no-network', 'rate-limited', 'hub-failed'].includes(thrown.code);
}
