import { serve, type Transport } from '../protocol/peer';
import type { StoreMethods } from '../protocol/store';
import { storeHandlers } from './models/service';

/** Manages the models of this machine for the process that started this one. */
export function serveStore(parent: Transport): void {
  serve<StoreMethods>(parent, storeHandlers);
}
