import path from 'node:path';
import { EaselError } from '../../core/errors';
import { loadRuntimeWithParts } from '../support/load-support';

type Runtime = typeof import('onnxruntime-node');

let runtime: Promise<Runtime> | undefined;

/**
 * Loads ONNX Runtime on first use.
 * @throws EaselError `not-enough-memory`, `system-limit`, or `internal` with what to install where its library does not load
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
    const loaded = await import('onnxruntime-node');
    storeFloat16AsBits(loaded);
    return loaded;
  } catch (thrown) {
    runtime = undefined;
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
    // "The specified module could not be found" (126) on Windows is the missing VC++ runtime.
    const hint =
      process.platform === 'win32'
        ? ' Install the Microsoft Visual C++ Redistributable (x64 or arm64) and try again.'
        : ` There may be no build for ${process.platform}-${process.arch}.`;
    throw new EaselError('internal', `ONNX Runtime did not load: ${reason}.${hint}`);
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
