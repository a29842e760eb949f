import type { DeviceName } from '../core/devices';
import type { EngineMethods } from '../protocol/engine';
import { serve, type Transport, type WireMessage } from '../protocol/peer';
import { STORE_ARGUMENT, type StoreMethods } from '../protocol/store';
import { PROBE_ARGUMENT } from './probe/probe-process';
import { DeviceSelector } from './probe/device-selector';
import { tryDevice } from './probe/trial';
import { DrawingEngine } from './engine';

/** The entry of the engine process: forked with an IPC channel, and ends when its parent ends. */
function main(): void {
  if (!process.send) {
    console.error('This is the drawing engine; it is started by Easel, not by hand.');
    process.exitCode = 2;
    return;
  }
  process.on('disconnect', () => process.exit(0));
  // Ctrl+C reaches every process of the terminal; the parent decides what to do.
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
    // Loaded only here: the process that draws needs no network code.
    void import('./models/service').then(({ storeHandlers }) => {
      serve<StoreMethods>(parent, storeHandlers);
    });
    return;
  }
  const engine = new DrawingEngine(new DeviceSelector(__filename));
  serve<EngineMethods>(parent, engine.handlers);
}

main();
