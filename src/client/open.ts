import type { EngineMethods } from '../protocol/engine';
import { STORE_ARGUMENT, type StoreMethods } from '../protocol/store';
import { ProcessClient, type ProcessClientOptions } from './process-client';

/**
 * The engine of every front: a process on this machine, started on the first call. A front that is to use an
 * engine elsewhere gets it from here.
 */
export function openEngine(options: ProcessClientOptions): ProcessClient<EngineMethods> {
  return new ProcessClient(options, {
    name: 'The drawing engine',
    afterCrash: 'It starts again with the next image.',
  });
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
