import type { DeviceName } from '../core/devices';
import { THREADS_ARGUMENT } from '../protocol/engine';
import type { Transport, WireMessage } from '../protocol/peer';
import { ENDPOINTS_ARGUMENT } from '../protocol/endpoints';
import { STORE_ARGUMENT } from '../protocol/store';
import { HALF_ARGUMENT, PROBE_ARGUMENT } from './probe/probe-process';

/**
 * The entry of the engine process: forked with an IPC channel, and ends when its parent ends. Each of its tasks
 * is a bundle of its own beside this one, so that a process loads only the code that it needs.
 */
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
  if (probed !== -1) void probe(process.argv[probed + 1] as DeviceName);
  else if (process.argv.includes(STORE_ARGUMENT)) void serveStore(toParent());
  else if (process.argv.includes(ENDPOINTS_ARGUMENT)) void serveEndpoints(toParent());
  else void serveDrawing(toParent());
}

async function probe(device: DeviceName): Promise<void> {
  const { tryDevice, tryHalf } = await import('./trial-process');
  const found = await (process.argv.includes(HALF_ARGUMENT) ? tryHalf(device) : tryDevice(device));
  process.send?.(found, () => process.exit(0));
}

async function serveStore(parent: Transport): Promise<void> {
  const { serveStore: serve } = await import('./store-process');
  serve(parent);
}

async function serveEndpoints(parent: Transport): Promise<void> {
  const { serveEndpoints: serve } = await import('./endpoints-process');
  serve(parent);
}

async function serveDrawing(parent: Transport): Promise<void> {
  const { serveDrawing: serve } = await import('./drawing-process');
  const threads = process.argv.find((argument) => argument.startsWith(THREADS_ARGUMENT));
  serve(parent, {
    module: __filename,
    ...(threads && { threads: Number(threads.slice(THREADS_ARGUMENT.length)) }),
  });
}

function toParent(): Transport {
  return {
    send: (message) => {
      // The parent may be gone by now; `disconnect` ends this process then.
      if (process.connected) process.send?.(message);
    },
    onMessage: (listener) => {
      process.on('message', (message) => listener(message as WireMessage));
    },
  };
}

main();
