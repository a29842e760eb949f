import { existsSync } from 'node:fs';
import path from 'node:path';
import { whyNoBuild } from '../../core/devices';
import { EaselError } from '../../core/errors';
import { loadRuntimeWithParts } from '../support/load-support';

type Runtime = typeof import('onnxruntime-node');

let runtime: Promise<Runtime> | undefined;

/**
 * Loads ONNX Runtime on first use.
 * @throws EaselError `unsupported-platform`, `not-enough-memory`, `system-limit`, or `internal` with what to install where its library does not load
 */
export function loadRuntime(): Promise<Runtime> {
  runtime ??= load();
  return runtime;
}

/** The folder of ONNX Runtime's own library, where it looks for those of its devices. */
export function runtimeFolder(): string {
  const main = require.resolve('onnxruntime-node');
  const { platform, arch } = process;
  return path.join(path.dirname(main), '..', 'bin', 'napi-v6', platform, arch);
}

/**
 * Says clearly what would else be a module that is not found.
 * @param os, arch, folder of another machine, for tests: `folder` is that of ONNX Runtime's library
 * @throws EaselError `unsupported-platform` where there is no build of ONNX Runtime, or only one for another system
 */
export function requireBuild(
  os: string = process.platform,
  arch: string = process.arch,
  folder?: string,
): void {
  const why = whyNoBuild(os, arch);
  if (why !== undefined) throw new EaselError('unsupported-platform', why);
  if (existsSync(folder ?? runtimeFolder())) return;
  throw new EaselError(
    'unsupported-platform',
    `This package of Easel is for another system. Install the one for ${os}-${arch}.`,
  );
}

/** What the builds need of the system (onnxruntime-node 1.30: the libraries that they are linked against). */
const NEEDS: Readonly<Partial<Record<string, string>>> = {
  // "The specified module could not be found" (126).
  win32: 'Install the Microsoft Visual C++ Redistributable (x64 or arm64) and try again.',
  darwin: 'It needs macOS 14 or newer.',
  linux: 'It needs a Linux with glibc 2.28 or newer.',
};

async function load(): Promise<Runtime> {
  // ONNX Runtime 1.30's library for Linux has telemetry, which is on unless this is set before it is loaded: it keeps
  // an identifier of the machine in the user's cache and names an address of Microsoft to send events to.
  process.env.ORT_DISABLE_TELEMETRY = '1';
  try {
    loadRuntimeWithParts(runtimeFolder());
  } catch {
    // The device that needs the parts says that they do not load; the others need none.
  }
  try {
    requireBuild();
    const loaded = await import('onnxruntime-node');
    storeFloat16AsBits(loaded);
    return loaded;
  } catch (thrown) {
    runtime = undefined;
    if (thrown instanceof EaselError) throw thrown;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    if (/too many open files/i.test(reason)) {
      throw new EaselError(
        'system-limit',
        'ONNX Runtime did not load: too many files are open (ulimit -n).',
        {},
        { cause: thrown },
      );
    }
    // What the loaders of Linux and macOS say where the address space is limited or full.
    if (/failed to map|cannot allocate memory|ENOMEM/i.test(reason)) {
      throw new EaselError(
        'not-enough-memory',
        'There is not enough memory to load ONNX Runtime. Close other programs, or raise the limit on memory (ulimit -v).',
        {},
        { cause: thrown },
      );
    }
    const need = NEEDS[process.platform] ?? '';
    throw new EaselError('internal', `ONNX Runtime did not load: ${reason}. ${need}`.trim());
  }
}

/**
 * Makes float16 tensors keep their data in a Uint16Array on every Node. ONNX Runtime chooses the array when the
 * first tensor is made: Float16Array where there is one (Node 24), which its native part reads as empty.
 */
function storeFloat16AsBits({ Tensor }: Runtime): void {
  const descriptor = Object.getOwnPropertyDescriptor(globalThis, 'Float16Array');
  if (!descriptor) return;
  Reflect.deleteProperty(globalThis, 'Float16Array');
  try {
    new Tensor('float32', new Float32Array(0), [0]);
  } finally {
    Object.defineProperty(globalThis, 'Float16Array', descriptor);
  }
}
