import { ProcessClient, type ProcessClientOptions } from './process-client';
import { STORE_ARGUMENT, type StoreMethods } from '../protocol/store';

/**
 * The store process: models in the cache, and downloads. It is a process of its own because a step of the
 * drawing engine blocks the one that it runs in.
 */
export class StoreClient extends ProcessClient<StoreMethods> {
  constructor(options: Omit<ProcessClientOptions, 'args'>) {
    super(
      { ...options, args: [STORE_ARGUMENT] },
      { name: 'The model store', afterCrash: 'Start it again: what was fetched is kept.' },
    );
  }
}
