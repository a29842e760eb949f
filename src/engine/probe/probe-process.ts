import { fork, type ChildProcess } from 'node:child_process';
import type { DeviceName } from '../../core/devices';
import { describeSystemError } from '../../core/system-error';
import type { HalfTrial } from '../../core/request/precision';
import type { DeviceTrial } from '../../protocol/engine';
import { failedTrial, failedHalf } from './failed-trial';

/** With this argument the engine bundle tries one device and exits. */
export const PROBE_ARGUMENT = '--probe';
/** With this one too, it tries float16. */
export const HALF_ARGUMENT = '--half';

/** A driver that hangs must not block the first image. */
const TIMEOUT_MS = 30_000;

/**
 * Tries a device in a process of its own: a broken driver can end the process it is loaded into. Never
 * rejects.
 * @param module the engine's bundle
 */
export function probeInProcess(device: DeviceName, module: string): Promise<DeviceTrial> {
  return inProcess(module, [PROBE_ARGUMENT, device], (detail) => failedTrial(device, detail));
}

/** The same for float16, on a device that works. Never rejects. */
export function tryHalfInProcess(device: DeviceName, module: string): Promise<HalfTrial> {
  return inProcess(module, [PROBE_ARGUMENT, device, HALF_ARGUMENT], failedHalf);
}

function inProcess<Trial>(
  module: string,
  args: readonly string[],
  failed: (detail: string) => Trial,
): Promise<Trial> {
  return new Promise((resolve) => {
    const notStarted = (thrown: unknown) =>
      failed(`the trial could not start: ${describeSystemError(thrown)}`);
    let child: ChildProcess;
    try {
      child = fork(module, args, {
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
    const finish = (trial: Trial) => {
      clearTimeout(timer);
      resolve(trial);
    };
    child.on('message', (message) => finish(message as Trial));
    child.on('error', (error) => finish(notStarted(error)));
    child.on('exit', (code, signal) => {
      const last = stderr.trim().split('\n').at(-1) ?? '';
      finish(failed(`the trial ended with ${signal ?? `code ${code ?? '?'}`} ${last}`.trim()));
    });
  });
}
