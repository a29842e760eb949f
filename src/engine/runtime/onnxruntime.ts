import { EaselError } from '../../core/errors';

type Runtime = typeof import('onnxruntime-node');

let runtime: Promise<Runtime> | undefined;

/**
 * Loads ONNX Runtime on first use.
 * @throws EaselError `internal` with what to install where its library does not load
 */
export function loadRuntime(): Promise<Runtime> {
  runtime ??= import('onnxruntime-node').catch((thrown: unknown) => {
    runtime = undefined;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    // "The specified module could not be found" (126) on Windows is the missing VC++ runtime.
    const hint =
      process.platform === 'win32'
        ? ' Install the Microsoft Visual C++ Redistributable (x64 or arm64) and try again.'
        : ` There may be no build for ${process.platform}-${process.arch}.`;
    throw new EaselError('internal', `ONNX Runtime did not load: ${reason}.${hint}`);
  });
  return runtime;
}
