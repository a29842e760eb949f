import { readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { deviceAdvice, deviceTraces, type DeviceName, type DeviceTraces } from '../../core/devices';
import type { DeviceProbe } from '../../protocol/engine';
import { runtimeFolder } from '../runtime/onnxruntime';
import { missingSupport } from '../support/missing-support';

/**
 * Why a device certainly does not work on this machine, and what to do where that is known.
 * @returns undefined where only a trial can tell
 */
export function whyAbsent(
  device: DeviceName,
): Pick<DeviceProbe, 'detail' | 'advice' | 'canInstall'> | undefined {
  const traces = deviceTraces(device, process.platform, process.arch);
  if (traces && !hasTrace(traces)) {
    const advice = deviceAdvice(device, process.platform, process.arch)?.absent;
    return { detail: traces.absence, ...(advice !== undefined && { advice }) };
  }
  return missingSupport(device, runtimeFolder());
}

/** @param env, home, library of another machine, for tests */
export function hasTrace(
  { files, variables = [] }: DeviceTraces,
  env: NodeJS.ProcessEnv = process.env,
  home = homedir(),
  library = runtimeFolder(),
): boolean {
  if (variables.some((name) => env[name])) return true;
  return files.some((file) =>
    placesOf(file, env, home).some((place) => isThere(path.resolve(library, place))),
  );
}

function placesOf(file: string, env: NodeJS.ProcessEnv, home: string): readonly string[] {
  const [, first, rest] = /^(~|\$\w+)\/(.*)$/.exec(file) ?? [];
  if (first === undefined || rest === undefined) return [file];
  if (first === '~') return [path.join(home, rest)];
  const folders = (env[first.slice(1)] ?? '').split(path.delimiter).filter((one) => one !== '');
  return folders.map((folder) => path.join(folder, rest));
}

/** Whether there is a file, or a folder with something in it. What cannot be read could be there. */
function isThere(place: string): boolean {
  try {
    return statSync(place).isDirectory() ? readdirSync(place).length > 0 : true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}
