import path from 'node:path';
import {
  deviceLabel,
  deviceSupport,
  type DeviceName,
  type DeviceSupport,
  type SharedLibrary,
} from '../../core/devices';
import type { MissingPart } from '../../protocol/store';
import { findLibraries } from './find-libraries';
import { isThere, placeOn, textOf, thisMachine, type Machine } from './machine';
import { hasParts, librariesFolder, partName, partsFolder } from './support-folder';

/** Why a device cannot work on this machine. */
export interface MissingSupport extends MissingPart {
  /** Installing the device's support does it. */
  readonly canInstall?: true;
}

/**
 * What a device needs and is not on this machine: the driver first, then the parts of ONNX Runtime, then libraries.
 * @param runtime the folder of ONNX Runtime's own library. A developer may have put the parts there; they may need
 *   other libraries than Easel's, so only a trial can tell whether they work
 * @returns undefined where nothing is missing, or where only a trial can tell
 */
export function missingSupport(
  device: DeviceName,
  runtime: string,
  machine: Machine = thisMachine(),
): MissingSupport | undefined {
  const support = deviceSupport(device, process.platform, process.arch);
  if (!support || isBesideRuntime(support, runtime)) return undefined;
  const driver = missingDriver(device, support, machine);
  if (driver) return driver;
  if (!hasParts(support, partsFolder(device, support, machine.env))) {
    return {
      detail: `the ${deviceLabel(device)} parts of ONNX Runtime are not installed`,
      advice: `easel devices install ${device}`,
      canInstall: true,
    };
  }
  return missingLibraries(device, support, machine);
}

/** Whether the parts are in the folder of ONNX Runtime's own library. */
export function isBesideRuntime({ parts }: DeviceSupport, runtime: string): boolean {
  return parts.every((part) => isThere(path.join(runtime, partName(part))));
}

/** What is missing of the driver; undefined where it may work. */
export function missingDriver(
  device: DeviceName,
  { driver }: DeviceSupport,
  machine: Machine,
): MissingSupport | undefined {
  const { label, library, files, versionFile, oldest } = driver;
  const advice = `Install the ${label} ${oldest} or newer, and restart the computer.`;
  if (!files.some((file) => isThere(placeOn(machine, file)))) {
    return { detail: `no ${label} runs on this computer (there is no ${files[0]})`, advice };
  }
  const found = findLibraries([{ file: library }], librariesFolder(device, machine.env), machine);
  if (!found.has(library)) {
    return { detail: `${library} of the ${label} was not found`, advice };
  }
  const version = textOf(placeOn(machine, versionFile)).trim();
  if (version !== '' && Number.parseInt(version, 10) < oldest) {
    return { detail: `the ${label} ${version} is too old`, advice };
  }
  return undefined;
}

/** Which libraries of the card's maker are missing; undefined where all are there. */
export function missingLibraries(
  device: DeviceName,
  { libraries, librariesLabel }: DeviceSupport,
  machine: Machine,
): MissingSupport | undefined {
  const folder = librariesFolder(device, machine.env);
  const found = findLibraries(libraries, folder, machine);
  const absent = libraries.filter(({ file }) => !found.has(file));
  const missing = absent.filter(({ isOptional }) => !isOptional);
  if (missing.length === 0) return undefined;
  return {
    detail: `libraries of ${librariesLabel} were not found: ${missing.map(({ file }) => file).join(', ')}`,
    advice: pipCommand(absent, folder),
  };
}

/** A command that installs libraries where Easel finds them, without changing any environment of Python. */
function pipCommand(libraries: readonly SharedLibrary[], folder: string): string {
  const packages = [...new Set(libraries.map(({ pip }) => `"${pip}"`))];
  return `python3 -m pip install --target "${folder}" ${packages.join(' ')}`;
}
