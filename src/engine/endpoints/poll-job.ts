import { setTimeout as delay } from 'node:timers/promises';
import { toEaselError } from '../../core/errors';
import type { RemoteJob } from './protocol';

/** Questions without an answer, `LOST_MS` apart, after which a job counts as lost: about a minute. */
const MOST_FAILURES = 12;
const LOST_MS = 5000;

/**
 * Asks how a job is until it has ended. The job goes on while the server cannot be reached, so that asking again
 * draws nothing twice.
 * @param ask gives what came of the job; undefined while it goes on. It has to fail when the user cancels
 * @param everyMs milliseconds between two questions
 * @throws EaselError of `ask`; `no-network` where the server has not answered for about a minute
 */
export async function pollJob<T>(
  ask: () => Promise<T | undefined>,
  { signal }: Pick<RemoteJob, 'signal'>,
  everyMs = 500,
): Promise<T> {
  let failures = 0;
  for (;;) {
    try {
      const ended = await ask();
      if (ended !== undefined) return ended;
      failures = 0;
    } catch (thrown) {
      if (toEaselError(thrown).code !== 'no-network' || ++failures > MOST_FAILURES) throw thrown;
    }
    await delay(failures > 0 ? LOST_MS : everyMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Tells how many jobs are ahead, whenever that changes. */
export function queueTeller({ emit }: Pick<RemoteJob, 'emit'>): (ahead: number) => void {
  let told = 0;
  return (ahead) => {
    if (ahead !== told && ahead > 0) emit({ event: 'queued', ahead });
    told = ahead;
  };
}
