import path from 'node:path';
import type { Model } from '../../src/engine/model/model';
import { openModel } from '../../src/engine/model/open';
import { JobClock } from '../../src/engine/pipeline/job-clock';
import { JobNetworks } from '../../src/engine/pipeline/networks';
import { SessionCache } from '../../src/engine/runtime/session-cache';

/** The starter of the checkout, with its networks on the processor. */
export async function openStarter(): Promise<{
  readonly model: Model;
  readonly networks: JobNetworks;
}> {
  const folder = path.resolve(__dirname, '..', '..', 'models', 'starter');
  const model = await openModel({ id: 'starter', folder });
  const networks = new JobNetworks({
    device: 'cpu',
    precision: 'full',
    keepLoaded: true,
    clock: new JobClock(),
    signal: new AbortController().signal,
    sessions: new SessionCache(),
    sessionKey: model.sessionKey,
    onLoading: () => undefined,
    onWarning: (message) => console.warn(message),
  });
  return { model, networks };
}
