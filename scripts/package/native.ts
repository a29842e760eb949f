// Copies what the engine loads at run time, for one platform: onnxruntime-node, sharp, koffi and
// @napi-rs/keyring with the binaries of that platform alone. A wrong or missing file shows only on the user's machine, so every
// file that must be there is checked.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import {
  cardSource,
  DEVICE_NAMES,
  devicePackageFiles,
  type RuntimeBuild,
} from '../../src/core/devices';
import { root } from '../steps';

const modules = path.join(root, 'node_modules');

/** The platforms that there are packages for; whether sharp's libvips is a package of its own there. */
export const TARGETS = {
  'linux-x64': { libvips: true },
  'linux-arm64': { libvips: true },
  'win32-x64': { libvips: false },
  'win32-arm64': { libvips: false },
  'darwin-arm64': { libvips: true },
} as const satisfies Record<RuntimeBuild, { readonly libvips: boolean }>;

export type Target = keyof typeof TARGETS;

export function isTarget(name: string): name is Target {
  return Object.hasOwn(TARGETS, name);
}

/**
 * Copies the native packages of a platform.
 * @param folder the node_modules folder they go into
 * @returns the folders that they came from
 * @throws where a package cannot be fetched or lacks a file that must be there
 */
export function stageNativePackages(target: Target, folder: string): string[] {
  stageOnnxRuntime(target, folder);
  const runtime = ['onnxruntime-common', 'onnxruntime-node'].map((name) =>
    path.join(modules, name),
  );
  return [
    ...runtime,
    ...stageSharp(target, folder),
    ...stageKoffi(target, folder),
    ...stageKeyring(target, folder),
  ];
}

/**
 * Copies ONNX Runtime with the binaries of a platform.
 * @throws where a file is missing that the library or a device of the platform loads
 */
export function stageOnnxRuntime(target: Target, folder: string): void {
  const [os, arch] = split(target);
  const binaries = path.join('bin', 'napi-v6', os, arch);
  copyPackage('onnxruntime-common', folder, { parts: ['package.json', 'dist/cjs'] });
  copyPackage('onnxruntime-node', folder, {
    parts: ['package.json', 'dist', binaries],
    // macOS: one library under two names; only the other one is linked against.
    keep: (file) => !/libonnxruntime\.\d+\.\d+\.\d+\.dylib$/.test(file),
  });
  requireFiles(path.join(folder, 'onnxruntime-node', binaries), [
    /^onnxruntime_binding\.node$/,
    // The names that the binding is linked against.
    /^(libonnxruntime\.so\.1|libonnxruntime\.1\.dylib|onnxruntime\.dll)$/,
    ...devicePackageFiles(os, arch).map((file) => new RegExp(`^${file.replaceAll('.', '\\.')}$`)),
  ]);
}

/** The operating system and the processor of a target, in Node's and npm's names. */
function split(target: Target): [os: string, cpu: string] {
  const dash = target.indexOf('-');
  return [target.slice(0, dash), target.slice(dash + 1)];
}

function stageSharp(target: Target, folder: string): string[] {
  const sharp = readManifest(path.join(modules, 'sharp'));
  const binaries = `@img/sharp-${target}`;
  const platform = [binaries];
  if (TARGETS[target].libvips) platform.push(`@img/sharp-libvips-${target}`);
  copyPackage('sharp', folder, { parts: ['package.json', 'lib', 'dist', 'LICENSE'] });
  const helpers = Object.keys(sharp.dependencies ?? {});
  for (const name of helpers) copyPackage(name, folder);
  const fetched = fetchPackages(target, platform);
  for (const name of platform) copyPackage(name, folder, { from: fetched });
  requireFiles(path.join(folder, binaries, 'lib'), [/^sharp-.*\.node$/]);
  return [
    ...['sharp', ...helpers].map((name) => path.join(modules, name)),
    ...platform.map((name) => path.join(fetched, name)),
  ];
}

/** What asks drivers for the card, on platforms where devices need that. */
function stageKoffi(target: Target, folder: string): string[] {
  const [os, arch] = split(target);
  const asks = DEVICE_NAMES.some((name) => {
    const from = cardSource(name, os, arch)?.from;
    return from === 'vulkan' || from === 'nvidia';
  });
  if (!asks) return [];
  const binaries = `@koromix/koffi-${target}`;
  copyPackage('koffi', folder, {
    parts: [
      'package.json',
      'index.cjs',
      'src/koffi/index.cjs',
      'src/koffi/src/static.cjs',
      'LICENSE.txt',
    ],
  });
  const fetched = fetchPackages(target, [binaries]);
  // VS Code has no package for systems with musl.
  copyPackage(binaries, folder, {
    from: fetched,
    keep: (file) => !/[\\/]musl_|\.(lib|exp)$/.test(file),
  });
  requireFiles(path.join(folder, binaries, `${os}_${arch}`), [/^koffi\.node$/]);
  return [path.join(modules, 'koffi'), path.join(fetched, binaries)];
}

/** What keeps the keys of endpoints for the command line and for agents. */
function stageKeyring(target: Target, folder: string): string[] {
  const [os] = split(target);
  // The names of Rust's targets.
  const library = { linux: '-gnu', win32: '-msvc' }[os] ?? '';
  const binaries = `${KEYRING}-${target}${library}`;
  copyPackage(KEYRING, folder, { parts: ['package.json', 'index.js', 'LICENSE'] });
  const fetched = fetchPackages(target, [binaries]);
  copyPackage(binaries, folder, { from: fetched });
  requireFiles(path.join(folder, binaries), [/^keyring\..*\.node$/]);
  return [path.join(modules, KEYRING), path.join(fetched, binaries)];
}

const KEYRING = '@napi-rs/keyring';

/** Packages that have packages of binaries, one for each platform. */
const FETCHED = ['sharp', 'koffi', KEYRING];

/**
 * Packages for another platform, kept in the cache folder. Installed from the lock file, so that npm
 * compares the hashes that the lock file has of them.
 */
function fetchPackages(target: Target, names: readonly string[]): string {
  if (names.every((name) => existsSync(path.join(modules, name)))) return modules;
  const cache = path.join(root, '.cache', 'package', target);
  const stamp = path.join(cache, '.installed');
  const { manifest, lock } = nativeLock();
  const wanted = JSON.stringify(lock);
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    rmSync(cache, { recursive: true, force: true });
    mkdirSync(cache, { recursive: true });
    writeFileSync(path.join(cache, 'package.json'), JSON.stringify(manifest));
    writeFileSync(path.join(cache, 'package-lock.json'), wanted);
    const [os, cpu] = split(target);
    const platform = [`--os=${os}`, `--cpu=${cpu}`, ...(os === 'linux' ? ['--libc=glibc'] : [])];
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    const { status } = spawnSync('npm', ['ci', ...quiet, ...platform], {
      cwd: cache,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32',
    });
    if (status !== 0) throw new Error(`The packages for ${target} could not be installed.`);
    writeFileSync(stamp, wanted);
  }
  return path.join(cache, 'node_modules');
}

interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/**
 * The part of the lock file that is about these packages, with what they need on every platform.
 * @throws where a package has no hash in the lock file
 */
export function nativeLock(): { readonly manifest: object; readonly lock: object } {
  const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, LockedPackage>>;
  };
  const taken: Record<string, LockedPackage> = {};
  const left = [...FETCHED];
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    const key = `node_modules/${name}`;
    const found = packages[key];
    if (taken[key] || !found) continue;
    if (!found.integrity) throw new Error(`package-lock.json has no hash of ${name}.`);
    taken[key] = found;
    left.push(...Object.keys({ ...found.dependencies, ...found.optionalDependencies }));
  }
  const manifest = {
    private: true,
    dependencies: Object.fromEntries(
      FETCHED.map((name) => [name, packages[`node_modules/${name}`]?.version ?? '']),
    ),
  };
  return { manifest, lock: { lockfileVersion: 3, packages: { '': manifest, ...taken } } };
}

interface PackageManifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

interface CopyOptions {
  /** Files and folders of the package; absent: all. */
  readonly parts?: readonly string[];
  readonly keep?: (file: string) => boolean;
  /** The node_modules folder the package is in. */
  readonly from?: string;
}

/** Copies a package, or parts of it, without what only developers read. */
function copyPackage(
  name: string,
  folder: string,
  { parts = ['.'], keep = () => true, from = modules }: CopyOptions = {},
): void {
  const source = path.join(from, name);
  for (const part of parts) {
    if (!existsSync(path.join(source, part))) continue;
    cpSync(path.join(source, part), path.join(folder, name, part), {
      recursive: true,
      dereference: true,
      filter: (file) => !/\.(map|d\.ts|d\.mts|md)$/.test(file) && keep(file),
    });
  }
}

function requireFiles(folder: string, patterns: readonly RegExp[]): void {
  const files = existsSync(folder) ? readdirSync(folder) : [];
  for (const pattern of patterns) {
    if (!files.some((file) => pattern.test(file))) {
      throw new Error(`${folder} lacks a file like ${pattern.source}.`);
    }
  }
}

function readManifest(folder: string): PackageManifest {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as PackageManifest;
}
