import { spawnSync } from 'node:child_process';
import type { DeviceName } from '../../../src/core/devices';
import type { DeviceProbe } from '../../../src/protocol/engine';
import { ROOT } from '../../support/paths';

/** Tries a device in a process of its own, with what ONNX Runtime writes there. */
export function tryInProcess(
  device: DeviceName,
  env: NodeJS.ProcessEnv,
): DeviceProbe & { readonly stderr: string } {
  const code = `require('./src/engine/probe/trial').tryDevice('${device}').then((probe) => console.log(JSON.stringify(probe)));`;
  const args = ['--require', 'tsx/cjs', '--eval', code];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, env });
  return { ...(JSON.parse(stdout.toString()) as DeviceProbe), stderr: stderr.toString() };
}
