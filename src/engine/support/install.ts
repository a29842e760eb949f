import { lstat, mkdir, rm, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import {
  deviceLabel,
  deviceSupport,
  type DeviceName,
  type DeviceSupport,
  type PinnedArchive,
} from '../../core/devices';
import { EaselError } from '../../core/errors';
import { describeSystemError } from '../../core/system-error';
import type {
  LeftoverReport,
  MissingPart,
  SupportPlan,
  SupportSummary,
} from '../../protocol/store';
import { existingAncestor } from '../store/download/cache-layout';
import { fetchFiles, type DownloadContext } from '../store/download/fetch-files';
import type { FilePlace } from '../store/download/file-download';
import { requireSpace } from '../store/download/space';
import { diskError } from '../store/download/partial-file';
import { FileLock, isHeld } from '../store/file-lock';
import type { HubFile } from '../store/hub/hub-client';
import { archiveServer, openArchiveSource } from './archive-source';
import { extractPart } from './extract';
import { namesIn, thisMachine, type Machine } from './machine';
import { missingDriver, missingLibraries } from './missing-support';
import { hasParts, partName, partsFolder, supportRoot } from './support-folder';

const LOCK = '.easel.lock';

/** What a device needs, and where it is installed. */
export interface InstallableSupport {
  readonly device: DeviceName;
  readonly support: DeviceSupport;
}

/** @throws EaselError `device-unavailable` where nothing can be installed for a device */
export function supportOf(device: DeviceName): InstallableSupport {
  const { platform, arch } = process;
  const support = deviceSupport(device, platform, arch);
  if (support) return { device, support };
  throw new EaselError(
    'device-unavailable',
    `There is nothing to install for ${deviceLabel(device)} on ${platform}-${arch}.`,
    { device },
  );
}

/** What an installation would fetch. Uses no network and writes nothing. */
export async function planSupport(
  { device, support }: InstallableSupport,
  machine: Machine = thisMachine(),
): Promise<SupportPlan> {
  const { env } = machine;
  const folder = partsFolder(device, support, env);
  const { archive, parts } = support;
  const isInstalled = hasParts(support, folder);
  return {
    device,
    source: new URL(archiveServer(archive, env).endpoint).host,
    totalBytes: archive.bytes,
    presentBytes: await archivePlace(folder).partialBytes(hubFile(archive)),
    installedBytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    path: folder,
    isInstalled,
    lacks: missing(device, support, machine),
  };
}

/**
 * Downloads the parts of ONNX Runtime for a device and installs them in Easel's own folder. Aborting keeps what has
 * arrived; the same call continues from there.
 * @throws EaselError, among others `disk-full` before anything is downloaded, and `bad-file` for a wrong checksum
 */
export async function installSupport(
  { device, support }: InstallableSupport,
  context: DownloadContext,
  machine: Machine = thisMachine(),
): Promise<SupportSummary> {
  const { signal } = context;
  const folder = partsFolder(device, support, machine.env);
  const summary = { device, path: folder, lacks: missing(device, support, machine) };
  if (hasParts(support, folder)) return { ...summary, fetchedBytes: 0 };
  let lock: FileLock;
  try {
    // Another process that installs it is waited for.
    lock = await FileLock.acquire(folder + LOCK, signal);
  } catch (thrown) {
    throw diskError(thrown);
  }
  try {
    if (hasParts(support, folder)) return { ...summary, fetchedBytes: 0 };
    await requireRoom(device, support, folder);
    const source = await openArchiveSource(support.archive, machine.env);
    const place = archivePlace(folder);
    const file = hubFile(support.archive);
    const fetching = fetchFiles(
      {
        id: device,
        files: [file],
        place,
        presentBytes: new Map([[file.path, await place.partialBytes(file)]]),
        sourceOf: () => source,
        onComplete: () => unpack(support, place.blob(file), folder, signal),
      },
      context,
    );
    return { ...summary, fetchedBytes: await fetching.finally(() => source.close()) };
  } finally {
    await lock.release();
  }
}

/**
 * Deletes everything that was installed for a device, in every version, and what interrupted downloads left.
 * @throws EaselError `write-failed`
 */
export async function removeSupport(
  device: DeviceName,
  env: NodeJS.ProcessEnv = process.env,
): Promise<LeftoverReport> {
  const root = supportRoot(env);
  const names = namesIn(root).filter((name) => name.startsWith(`${device}-`));
  const places = names.map((name) => path.join(root, name));
  for (const place of places) {
    if (place.endsWith(LOCK) && (await isHeld(place))) {
      throw new EaselError(
        'write-failed',
        `${deviceLabel(device)} support is being installed. Cancel that first.`,
      );
    }
  }
  const sizes = (await Promise.all(places.map(sizesBelow))).flat();
  try {
    for (const place of places) await rm(place, { recursive: true, force: true });
  } catch (thrown) {
    const message = `${root} could not be cleaned: ${describeSystemError(thrown)}.`;
    throw new EaselError('write-failed', message, {}, { cause: thrown });
  }
  return { files: sizes.length, bytes: sizes.reduce((sum, bytes) => sum + bytes, 0) };
}

/** The sizes of a file, or of all files in a folder; links are not followed. */
async function sizesBelow(place: string): Promise<number[]> {
  const info = await lstat(place);
  if (!info.isDirectory()) return [info.size];
  const below = namesIn(place).map((name) => sizesBelow(path.join(place, name)));
  return (await Promise.all(below)).flat();
}

/** What the device lacks besides the parts. */
function missing(
  device: DeviceName,
  support: DeviceSupport,
  machine: Machine,
): readonly MissingPart[] {
  const found = [
    missingDriver(device, support, machine),
    missingLibraries(device, support, machine),
  ];
  return found.filter((one) => one !== undefined);
}

async function unpack(
  support: DeviceSupport,
  archive: string,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  try {
    for (const part of support.parts) {
      await extractPart(archive, part, path.join(folder, partName(part)), signal);
    }
  } catch (thrown) {
    // Its own checksum was right once. It is fetched anew.
    const isDamaged = thrown instanceof EaselError && thrown.code === 'bad-file';
    if (isDamaged) await rm(archive, { force: true });
    throw thrown;
  }
  await rm(archive, { force: true });
}

/** The archive beside the folder that its parts are installed in. */
function archivePlace(folder: string): FilePlace {
  const archive = `${folder}.zip`;
  const partial = `${archive}.incomplete`;
  const sizeOf = async (file: string) => (await stat(file).catch(() => undefined))?.size;
  return {
    isPresent: async ({ bytes }) => (await sizeOf(archive)) === bytes,
    partialBytes: async ({ bytes }) =>
      Math.min(bytes, (await sizeOf(archive)) ?? (await sizeOf(partial)) ?? 0),
    partial: () => partial,
    lock: () => archive + LOCK,
    blob: () => archive,
  };
}

function hubFile({ path: name, bytes, sha256 }: PinnedArchive): HubFile {
  return { path: name, bytes, hash: { kind: 'sha256', hex: sha256 } };
}

async function requireRoom(
  device: DeviceName,
  { archive, parts }: DeviceSupport,
  folder: string,
): Promise<void> {
  const present = await archivePlace(folder).partialBytes(hubFile(archive));
  const { bavail, bsize } = await statfs(await existingAncestor(folder));
  requireSpace({
    what: `${deviceLabel(device)} support`,
    neededBytes: archive.bytes - present + parts.reduce((sum, { bytes }) => sum + bytes, 0),
    freeBytes: bavail * bsize,
    place: `the disk of ${path.dirname(folder)}`,
    advice: 'Free some space, or set EASEL_CACHE to a folder on a larger disk.',
  });
}
