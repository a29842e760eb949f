import { DEFAULT_LOAD, type EngineLoad } from '../core/engine-load';
import { ENDPOINTS_ARGUMENT, type EndpointMethods } from '../protocol/endpoints';
import { THREADS_ARGUMENT, type EngineMethods } from '../protocol/engine';
import { STORE_ARGUMENT, type StoreMethods } from '../protocol/store';
import { ProcessClient, type ProcessClientOptions } from './process-client';

export interface EngineOptions extends Omit<ProcessClientOptions, 'args' | 'priority'> {
  /** Default: as much as it can have. */
  readonly load?: EngineLoad;
}

/**
 * The engine of every front: a process on this machine, started on the first call. A front that is to use an
 * engine elsewhere gets it from here.
 */
export function openEngine({
  load = DEFAULT_LOAD,
  ...options
}: EngineOptions): ProcessClient<EngineMethods> {
  const { threads, priority } = load;
  const args = threads === 'auto' ? [] : [`${THREADS_ARGUMENT}${threads}`];
  return new ProcessClient(
    { ...options, args, priority },
    {
      name: 'The drawing engine',
      afterCrash: 'It starts again with the next image.',
    },
  );
}

/** Draws at endpoints on other machines, and keeps their list. */
export function openEndpoints(
  options: Omit<ProcessClientOptions, 'args'>,
): ProcessClient<EndpointMethods> {
  return new ProcessClient(
    { ...options, args: [ENDPOINTS_ARGUMENT] },
    {
      name: 'The process that talks to endpoints',
      afterCrash: 'It starts again with the next image.',
    },
  );
}

/**
 * The model store of this machine. It has a process of its own because a step of the engine blocks the
 * process that it runs in.
 */
export function openStore(
  options: Omit<ProcessClientOptions, 'args'>,
): ProcessClient<StoreMethods> {
  return new ProcessClient(
    { ...options, args: [STORE_ARGUMENT] },
    {
      name: 'The model store',
      afterCrash: 'Start the download again: it continues where it stopped.',
    },
  );
}
