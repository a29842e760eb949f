import path from 'node:path';
import { IdleService } from '../client/idle-service';
import type { Engine } from '../client/engine';
import { openEndpoints, openEngine, openStore } from '../client/open';
import { RoutedEngine } from '../client/routed-engine';
import type { EndpointMethods } from '../protocol/endpoints';
import type { EngineLoad } from '../core/engine-load';
import type { EngineMethods } from '../protocol/engine';
import type { StoreMethods } from '../protocol/store';
import { terminalAccess } from './endpoints/access';

/** A timer cannot run longer than 24 days. */
export const MAX_IDLE_MINUTES = 7 * 24 * 60;

export interface IdleProcesses {
  readonly engine: Engine;
  readonly store: IdleService<StoreMethods>;
  readonly endpoints: IdleService<EndpointMethods>;
  readonly dispose: () => void;
}

/** The engine, the endpoints and the store of a server: started at the first call, and ended when there was none for a while. */
export function openIdleProcesses(
  { idleMs, load }: { readonly idleMs: number; readonly load: EngineLoad },
  log?: (line: string) => void,
): IdleProcesses {
  // Not in the client's folder: a name of a model would else also mean a folder of the client's project.
  const options = {
    module: path.join(__dirname, 'engine.js'),
    cwd: __dirname,
    env: absolutePaths(),
    ...(log && { log }),
  };
  const local = new IdleService<EngineMethods>({
    create: () => openEngine({ ...options, load }),
    idleMs,
  });
  const endpoints = new IdleService<EndpointMethods>({
    create: () => openEndpoints(options),
    idleMs,
  });
  // Its clients are programs: what an endpoint does not take is left out, with a warning.
  const access = { ...terminalAccess, leaveOut: true };
  const engine = new RoutedEngine({ local, endpoints }, access);
  const store = new IdleService<StoreMethods>({ create: () => openStore(options), idleMs });
  return {
    engine,
    store,
    endpoints,
    dispose: () => {
      engine.dispose();
      endpoints.dispose();
      store.dispose();
    },
  };
}

/** Variables that hold a path which may be relative to the working folder. */
const PATH_VARIABLES = [
  'EASEL_CACHE',
  'EASEL_CONFIG',
  'EASEL_HF_HOME',
  'EASEL_STARTER_MODEL',
  'HF_HOME',
  'HF_HUB_CACHE',
  'HUGGINGFACE_HUB_CACHE',
  'XDG_CACHE_HOME',
];

function absolutePaths(): Record<string, string> {
  const relative = PATH_VARIABLES.flatMap((name) => {
    const value = process.env[name];
    return value && /^[^~$%]/.test(value) ? [[name, path.resolve(value)] as const] : [];
  });
  return Object.fromEntries(relative);
}
