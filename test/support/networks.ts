import { JobClock } from '../../src/engine/pipeline/job-clock';
import { JobNetworks } from '../../src/engine/pipeline/networks';
import type { Model } from '../../src/engine/model/model';
import type { SessionCache } from '../../src/engine/runtime/session-cache';

/** A model's networks on the processor, as a job of the engine has them; sessions stay for the next. */
export function networksOf(
  model: Model,
  sessions: SessionCache,
  onWarning: (message: string) => void = () => undefined,
): JobNetworks {
  return new JobNetworks({
    ...{ device: 'cpu', sessions, sessionKey: model.sessionKey, keepLoaded: true, onWarning },
    clock: new JobClock(),
    signal: new AbortController().signal,
    precision: 'full',
    onLoading: () => undefined,
  });
}
