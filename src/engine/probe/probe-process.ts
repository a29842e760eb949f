import { fork, type ChildProcess } from 'node:child_process';
import type { DeviceName } from '../../core/devices';
import { describeSystemError } from '../../core/system-error';
import type { DeviceProbe } from '../../protocol/engine';

/** With this argument the engine bundle tries one device and exits. */
export const PROBE_ARGUMENT = '--probe';

/** A driver that hangs must not block the first image. */
const TIMEOUT_MS = 30_000;

/**
 * Tries a device in a process of its own: a broken driver can end the process it is loaded into. Never
 * rejects.
 * @param module the engine's bundle
 */
export function probeInProcess(device: DeviceName, module: string): Promise<DeviceProbe> {
  return new Promise((resolve) => {
    const failed = (detail: string): DeviceProbe => ({ device, works: false, gflops: 0, detail });
    const notStarted = (thrown: unknown) =>
      failed(`the trial could not start: ${describeSystemError(thrown)}`);
    let child: ChildProcess;
    try {
      child = fork(module, [PROBE_ARGUMENT, device], {
        execArgv: [],
        serialization: 'advanced',
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      });
    } catch (thrown) {
      resolve(notStarted(thrown));
      return;
    }
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const timer = setTimeout(() => {
      // Without an id it did not start, and a signal would go to this process's own group.
      if (child.pid !== undefined) child.kill('SIGKILL');
      resolve(failed(`did not answer within ${TIMEOUT_MS / 1000} seconds`));
    }, TIMEOUT_MS);
    const finish = (probe: DeviceProbe) => {
      clearTimeout(timer);
      resolve(probe);
    };
    child.on('message', (message) => finish(message as DeviceProbe));
    child.on('error', (error) => finish(notStarted(error)));
    child.on('exit', (code, signal) => {
      const last = stderr.trim().split('\n').at(-1) ?? '';
      finish(failed(`the trial ended with ${signal ?? `code ${code ?? '?'}`} ${last}`.trim()));
    });
  });
}
