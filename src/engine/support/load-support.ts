import { randomUUID } from 'node:crypto';
import { readlinkSync, renameSync, symlinkSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import {
  DEVICE_NAMES,
  deviceLabel,
  deviceSupport,
  type DeviceName,
  type DeviceSupport,
  type SharedLibrary,
} from '../../core/devices';
import { EaselError } from '../../core/errors';
import { findLibraries } from './find-libraries';
import { thisMachine } from './machine';
import { isBesideRuntime } from './missing-support';
import { hasParts, librariesFolder, partsFolder } from './support-folder';

/**
 * ONNX Runtime looks for its parts in the folder that its own library was loaded from. A link to the library in the
 * folder of installed parts is loaded first; the binding for Node then takes that library, because it is loaded and
 * has the name that the binding asks for. Without installed parts, this does nothing.
 * @param runtime the folder of ONNX Runtime's own library
 */
export function loadRuntimeWithParts(runtime: string): void {
  for (const device of DEVICE_NAMES) {
    const support = installedSupport(device, runtime);
    if (!support) continue;
    const link = path.join(partsFolder(device, support), support.runtimeLibrary);
    pointLink(link, path.join(runtime, support.runtimeLibrary));
    loadLibrary(link);
    return;
  }
}

const loaded = new Set<DeviceName>();

/**
 * Loads the libraries that the parts of a device need, wherever they are: the system's loader finds them by their
 * names then. Without installed parts, this does nothing.
 * @throws EaselError `device-unavailable`, with what the loader said of a library
 */
export function loadDeviceLibraries(device: DeviceName, runtime: string): void {
  const support = loaded.has(device) ? undefined : installedSupport(device, runtime);
  if (!support) return;
  const { driver, libraries } = support;
  const all: readonly Omit<SharedLibrary, 'pip'>[] = [{ file: driver.library }, ...libraries];
  const found = findLibraries(all, librariesFolder(device), thisMachine());
  for (const { file, isOptional } of all) {
    const place = found.get(file);
    try {
      if (place !== undefined) loadLibrary(place);
    } catch (thrown) {
      if (isOptional) continue;
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      throw new EaselError(
        'device-unavailable',
        `${file}, which ${deviceLabel(device)} needs, did not load: ${why}`,
        { device },
        { cause: thrown },
      );
    }
  }
  loaded.add(device);
}

function installedSupport(device: DeviceName, runtime: string): DeviceSupport | undefined {
  const support = deviceSupport(device, process.platform, process.arch);
  if (!support || isBesideRuntime(support, runtime)) return undefined;
  return hasParts(support, partsFolder(device, support)) ? support : undefined;
}

/** Of <dlfcn.h>: the library stays, also after Node closes it because it is no module. */
const RTLD_NODELETE = 0x1000;

/** Loads a shared library that is no module of Node. @throws Error with what the system's loader said */
function loadLibrary(file: string): void {
  try {
    process.dlopen({ exports: {} }, file, constants.dlopen.RTLD_LAZY | RTLD_NODELETE);
  } catch (thrown) {
    // Node says this of each library that loads and is no module.
    if (!(thrown instanceof Error && thrown.message.includes('did not self-register')))
      throw thrown;
  }
}

/** Makes a link, or another one of it: Easel may have moved since, for example with an update. */
function pointLink(link: string, target: string): void {
  if (targetOf(link) === target) return;
  const temporary = `${link}.${randomUUID()}.tmp`;
  symlinkSync(target, temporary);
  renameSync(temporary, link);
}

function targetOf(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    return undefined;
  }
}
