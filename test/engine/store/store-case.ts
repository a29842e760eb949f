import type { DownloadEvent, DownloadParams, DownloadSummary } from '../../../src/protocol/store';
import { download } from '../../../src/engine/store/download/download';
import type { HubServer } from '../../support/hub-server';
import { tempFolder } from '../../support/temp-folder';

/** The environment of a store that speaks to a hub on loopback and has a cache of its own. */
export function storeEnvironment(
  hub: HubServer,
  more: Readonly<Record<string, string>> = {},
): NodeJS.ProcessEnv {
  return {
    ...{ HF_HOME: tempFolder(), HF_ENDPOINT: hub.url, NO_PROXY: '*' },
    ...{ HF_HUB_DOWNLOAD_TIMEOUT: '1', ...more },
  };
}

export interface DownloadRun {
  readonly summary: DownloadSummary;
  readonly events: readonly DownloadEvent[];
}

/** Downloads with attempts that follow each other quickly. */
export async function run(
  env: NodeJS.ProcessEnv,
  params: DownloadParams,
  signal: AbortSignal = new AbortController().signal,
  listen: (event: DownloadEvent) => void = () => undefined,
): Promise<DownloadRun> {
  const events: DownloadEvent[] = [];
  const emit = (event: DownloadEvent) => {
    events.push(event);
    listen(event);
  };
  const summary = await download(params, { env, signal, emit, retrySeconds: 0.01 });
  return { summary, events };
}
