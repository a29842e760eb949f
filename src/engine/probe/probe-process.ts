import { fork } from 'node:child_process';
import type { DeviceName } from '../../core/request/request';
import type { DeviceProbe } from '../../protocol/engine';

/** The argument that makes the engine bundle try one device and exit. */
export const PROBE_ARGUMENT = '--probe';

/** A driver that hangs must not hang the first picture. */
const TIMEOUT_MS = 30_000;

/**
 * Tries a device in a process of its own: a broken driver can end the process it is loaded into, and
 * then only the probe is lost.
 */
export function probeInProcess(device: DeviceName, module: string): Promise<DeviceProbe> {
  return new Promise((resolve) => {
    const failed = (detail: string): DeviceProbe => ({ device, works: false, gflops: 0, detail });
    const child = fork(module, [PROBE_ARGUMENT, device], {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      resolve(failed(`did not answer within ${TIMEOUT_MS / 1000} seconds`));
    }, TIMEOUT_MS);
    const finish = (probe: DeviceProbe) => {
      clearTimeout(timer);
      resolve(probe);
    };
    child.on('message', (message) => finish(message as DeviceProbe));
    child.on('error', (error) => finish(failed(`the trial could not start: ${error.message}`)));
    child.on('exit', (code, signal) => {
      const last = stderr.trim().split('\n').at(-1) ?? '';
      finish(failed(`the trial ended with ${signal ?? `code ${code ?? '?'}`} ${last}`.trim()));
    });
  });
}
