import path from 'node:path';
import type { DeviceName, DeviceSupport } from '../../core/devices';
import { easelCache } from '../store/easel-cache';
import { sizeOf } from './machine';

/** The folder in Easel's cache that everything which is installed for devices is in. */
export function supportRoot(env: NodeJS.ProcessEnv = process.env): string {
  return path.join(easelCache(env), 'devices');
}

/** Where the parts of ONNX Runtime for a device are installed. */
export function partsFolder(
  device: DeviceName,
  { runtimeVersion }: Pick<DeviceSupport, 'runtimeVersion'>,
  env: NodeJS.ProcessEnv = process.env,
): string {
  return path.join(supportRoot(env), `${device}-${runtimeVersion}`);
}

/** Where pip can install the libraries that a device needs, for Easel alone. They outlast versions of Easel. */
export function librariesFolder(device: DeviceName, env: NodeJS.ProcessEnv = process.env): string {
  return path.join(supportRoot(env), `${device}-libraries`);
}

/** The name of a part in the folder that it is installed in. */
export function partName(part: { readonly path: string }): string {
  return path.posix.basename(part.path);
}

/** Whether all parts are in a folder, by their sizes; their checksums were compared when they were installed. */
export function hasParts({ parts }: Pick<DeviceSupport, 'parts'>, folder: string): boolean {
  return parts.every((part) => sizeOf(path.join(folder, partName(part))) === part.bytes);
}
