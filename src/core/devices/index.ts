import { withCard, type GraphicsCard } from './graphics-card';
import { coreml } from './coreml';
import { cpu } from './cpu';
import { cuda } from './cuda';
import { dml } from './dml';
import type {
  CardSource,
  DeviceAdvice,
  DevicePlatform,
  DeviceProfile,
  DeviceSupport,
  DeviceTraces,
} from './profile';
import { webgpu } from './webgpu';

export { RUNTIME_BUILDS, whyNoBuild, type RuntimeBuild } from './builds';
export { computeTypeOf, NUMBER_BYTES, PRECISIONS } from './profile';
export type { CardKind, DriverCard, GraphicsCard } from './graphics-card';
export { describeCard, describeFinding, preferredCard, withCard } from './graphics-card';
export type {
  AttentionKind,
  CardSource,
  ComputeType,
  DeviceProfile,
  DeviceSupport,
  DeviceTraces,
  PinnedArchive,
  PinnedFile,
  Precision,
  SharedLibrary,
} from './profile';

/** Every device, in the order that lists show them. A new device is a file beside this one and an entry here. */
const PROFILES = [cpu, cuda, webgpu, dml, coreml] as const;

export type DeviceName = (typeof PROFILES)[number]['name'];
/** `auto` takes the fastest device that works. */
export type DeviceChoice = 'auto' | DeviceName;

/** Every device's profile, in the order that lists show them. */
export const DEVICES: readonly (DeviceProfile & { readonly name: DeviceName })[] = PROFILES;
export const DEVICE_NAMES: readonly DeviceName[] = DEVICES.map(({ name }) => name);
export const DEVICE_CHOICES: readonly DeviceChoice[] = ['auto', ...DEVICE_NAMES];

/** The names in a sentence, for help texts: "cpu, cuda, webgpu, dml or coreml". */
export const DEVICE_LIST = `${DEVICE_NAMES.slice(0, -1).join(', ')} or ${DEVICE_NAMES.at(-1)}`;

/** The device that works everywhere. */
export const FALLBACK_DEVICE: DeviceName = DEVICES.find(({ isFallback }) => isFallback)!.name;

const BY_NAME: ReadonlyMap<string, DeviceProfile> = new Map(
  DEVICES.map((profile) => [profile.name, profile]),
);

export function deviceProfile(device: DeviceName): DeviceProfile {
  return BY_NAME.get(device)!;
}

/** What a device is called where its card may be known: the card's name, or else the one of its makers. */
export function shownDevice(device: DeviceName, card: GraphicsCard | undefined): string {
  return card && card.kind !== 'software' ? card.name : withCard(deviceLabel(device), card);
}

/** The name that a device's makers give it. */
export function deviceLabel(device: DeviceName): string {
  return deviceProfile(device).label;
}

/**
 * The devices that can exist on a platform, in the order they are tried.
 * @param os as `process.platform`
 * @param arch as `process.arch`
 */
export function devicesFor(os: string, arch: string): readonly DeviceName[] {
  return DEVICES.filter((one) => one.platforms === 'any' || findPlatform(one, os, arch))
    .sort((a, b) => a.tryOrder - b.tryOrder)
    .map(({ name }) => name);
}

/** What a device leaves on a machine of a platform where it exists; undefined where only a trial can tell. */
export function deviceTraces(
  device: DeviceName,
  os: string,
  arch: string,
): DeviceTraces | undefined {
  return findPlatform(deviceProfile(device), os, arch)?.traces;
}

/** What a device needs on a platform that no package brings; undefined where it needs nothing. */
export function deviceSupport(
  device: DeviceName,
  os: string,
  arch: string,
): DeviceSupport | undefined {
  return findPlatform(deviceProfile(device), os, arch)?.support;
}

/** What to do on a platform where a device does not work; undefined where nobody knows. */
export function deviceAdvice(
  device: DeviceName,
  os: string,
  arch: string,
): DeviceAdvice | undefined {
  return findPlatform(deviceProfile(device), os, arch)?.advice;
}

/** Who knows the card that a device computes on; undefined where it is not a card. */
export function cardSource(device: DeviceName, os: string, arch: string): CardSource | undefined {
  return findPlatform(deviceProfile(device), os, arch)?.card;
}

/** Files that a package for a platform needs for its devices, beside ONNX Runtime's own library. */
export function devicePackageFiles(os: string, arch: string): readonly string[] {
  return DEVICES.flatMap((one) => findPlatform(one, os, arch)?.packageFiles ?? []);
}

/** The platform in a device's list; undefined also for a device that is everywhere. */
function findPlatform(
  { platforms }: DeviceProfile,
  os: string,
  arch: string,
): DevicePlatform | undefined {
  if (platforms === 'any') return undefined;
  return platforms.find((one) => one.os === os && (one.arch === undefined || one.arch === arch));
}
