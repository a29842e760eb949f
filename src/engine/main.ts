import type { DeviceName } from '../core/request/request';
import type { EngineMethods } from '../protocol/engine';
import { serve, type Transport, type WireMessage } from '../protocol/peer';
import { STORE_ARGUMENT, type StoreMethods } from '../protocol/store';
import { PROBE_ARGUMENT } from './probe/probe-process';
import { DeviceRegistry } from './probe/device-registry';
import { tryDevice } from './probe/trial';
import { Engine } from './engine';

/** The engine process's entry: forked with an IPC channel, and gone when its parent goes. */
function main(): void {
  if (!process.send) {
    console.error('This is the drawing engine; it is started by Easel, not by hand.');
    process.exitCode = 2;
    return;
  }
  process.on('disconnect', () => process.exit(0));
  // Ctrl+C reaches the whole terminal group; the parent decides what it means.
  process.on('SIGINT', () => undefined);
  const probed = process.argv.indexOf(PROBE_ARGUMENT);
  if (probed !== -1) {
    void tryDevice(process.argv[probed + 1] as DeviceName).then((probe) => {
      process.send?.(probe, () => process.exit(0));
    });
    return;
  }
  const parent: Transport = {
    send: (message) => {
      // The parent may be gone by now; `disconnect` ends this process then.
      if (process.connected) process.send?.(message);
    },
    onMessage: (listener) => {
      process.on('message', (message) => listener(message as WireMessage));
    },
  };
  if (process.argv.includes(STORE_ARGUMENT)) {
    // Loaded here alone: what speaks to the network has no place in the process that draws.
    void import('./models/service').then(({ storeHandlers }) => {
      serve<StoreMethods>(parent, storeHandlers);
    });
    return;
  }
  const engine = new Engine(new DeviceRegistry(__filename));
  serve<EngineMethods>(parent, engine.handlers);
}

main();
