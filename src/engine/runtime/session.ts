import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { deviceProfile, type DeviceName } from '../../core/devices';
import { loadDeviceLibraries } from '../support/load-support';
import { loadRuntime, runtimeFolder } from './onnxruntime';
import { sessionThreads } from './threads';

/** A graph whose weights stay in their files. */
export interface SessionSource {
  /** A ModelProto, or the path of its file. */
  readonly model: Uint8Array | string;
  /** The folder that external data locations are relative to. */
  readonly externalRoot?: string | undefined;
}

/** How ONNX Runtime prepares a graph; trades start-up time for speed and memory. */
export interface SessionTuning {
  readonly graphOptimizationLevel?: 'disabled' | 'basic' | 'extended' | 'layout' | 'all';
  readonly disabledOptimizers?: readonly string[];
  /** Entries as in onnxruntime_session_options_config_keys.h, such as `session.disable_prepacking`. */
  readonly configEntries?: Readonly<Record<string, string>>;
  readonly enableCpuMemArena?: boolean;
  readonly enableMemPattern?: boolean;
}

/** A tensor for Easel's own graphs: `data` has the product of `dims` values, the last axis fastest. */
export type Feed = { readonly dims: readonly number[] } & (
  | { readonly type: 'float32'; readonly data: Float32Array }
  | { readonly type: 'int32'; readonly data: Int32Array }
);

/** A tensor in a type that exported graphs may want; `float16` as its bits. `data` and `dims` as in `Feed`. */
export interface TypedFeed {
  readonly type: 'float32' | 'float16' | 'int32' | 'int64';
  readonly data: Float32Array | Uint16Array | Int32Array | BigInt64Array;
  readonly dims: readonly number[];
}

/** A network that is called by the names of Easel's own graphs, whether Easel or an export wrote its graph. */
export interface NetworkSession {
  /**
   * Runs the graph once.
   * @param feeds by input name, in the shapes that the graph's builder states
   * @returns every output by name, float32, in the shape that the builder states; the caller owns the arrays
   */
  run(feeds: Readonly<Record<string, Feed>>): Promise<Record<string, Float32Array>>;
  release(): Promise<void>;
}

/** A loaded graph on one device. */
export class Session implements NetworkSession {
  private constructor(
    private readonly inner: InferenceSession,
    private readonly makeTensor: (feed: TypedFeed) => Tensor,
  ) {}

  /** Rejects with ONNX Runtime's own error where the device or the graph fails. */
  static async create(
    source: SessionSource,
    device: DeviceName,
    tuning: SessionTuning = {},
  ): Promise<Session> {
    const ort = await loadRuntime();
    const { executionProviders } = deviceProfile(device);
    // ONNX Runtime ignores a provider that it was not built with; the CPU would be taken for the device.
    if (!ort.listSupportedBackends().some((backend) => backend.name === executionProviders[0])) {
      throw new Error(`The device ${device} is not available in this build of ONNX Runtime.`);
    }
    loadDeviceLibraries(device, runtimeFolder());
    const options = sessionOptions(source, device, tuning);
    const { model } = source;
    const inner =
      typeof model === 'string'
        ? await ort.InferenceSession.create(model, options)
        : await ort.InferenceSession.create(model, options);
    // The constructor's overloads take one type each.
    const makeTensor = ({ type, data, dims }: TypedFeed) =>
      new (ort.Tensor as TensorConstructor)(type, data, dims);
    return new Session(inner, makeTensor);
  }

  get inputNames(): readonly string[] {
    return this.inner.inputNames;
  }

  async run(feeds: Readonly<Record<string, Feed>>): Promise<Record<string, Float32Array>> {
    const results = await this.inner.run(this.tensorsOf(feeds));
    const outputs: Record<string, Float32Array> = {};
    for (const [name, tensor] of Object.entries(results)) {
      if (!(tensor.data instanceof Float32Array)) {
        throw new Error(`Output ${name} is ${tensor.type}, not float32.`);
      }
      outputs[name] = tensor.data;
    }
    return outputs;
  }

  /** Runs the graph once for the outputs named, in whatever type they have. */
  async runTyped(
    feeds: Readonly<Record<string, TypedFeed>>,
    outputs: readonly string[],
  ): Promise<Readonly<Record<string, { readonly type: string; readonly data: unknown }>>> {
    return this.inner.run(this.tensorsOf(feeds), outputs);
  }

  async release(): Promise<void> {
    await this.inner.release();
  }

  private tensorsOf(feeds: Readonly<Record<string, TypedFeed>>): Record<string, Tensor> {
    return Object.fromEntries(
      Object.entries(feeds).map(([name, feed]) => [name, this.makeTensor(feed)]),
    );
  }
}

type TensorConstructor = new (
  type: TypedFeed['type'],
  data: TypedFeed['data'],
  dims: readonly number[],
) => Tensor;

function sessionOptions(
  source: SessionSource,
  device: DeviceName,
  tuning: SessionTuning,
): InferenceSession.SessionOptions {
  const session: Record<string, string> = {};
  if (source.externalRoot !== undefined) {
    session.model_external_initializers_file_folder_path = source.externalRoot;
  }
  const extra: Record<string, unknown> = { session };
  for (const [key, value] of Object.entries(tuning.configEntries ?? {}))
    setEntry(extra, key, value);
  if (tuning.disabledOptimizers?.length) {
    setEntry(
      extra,
      'optimization.disable_specified_optimizers',
      tuning.disabledOptimizers.join(';'),
    );
  }
  const threads = sessionThreads();
  const { executionProviders, providerOptions, session: own } = deviceProfile(device);
  const [provider, ...others] = executionProviders;
  return {
    ...(threads !== undefined && { intraOpNumThreads: threads }),
    executionProviders: [{ name: provider, ...providerOptions }, ...others],
    graphOptimizationLevel: tuning.graphOptimizationLevel ?? 'all',
    enableCpuMemArena: tuning.enableCpuMemArena ?? true,
    enableMemPattern: tuning.enableMemPattern ?? own.enableMemPattern ?? true,
    // 3: errors only. Warnings are about nodes placed on the CPU on purpose.
    logSeverityLevel: 3,
    extra,
  };
}

/** Config entries are nested objects in the JavaScript options: `a.b` is `{ a: { b } }`. */
function setEntry(extra: Record<string, unknown>, key: string, value: string): void {
  const dot = key.indexOf('.');
  const group = key.slice(0, dot);
  const entries = (extra[group] ??= {}) as Record<string, string>;
  entries[key.slice(dot + 1)] = value;
}
