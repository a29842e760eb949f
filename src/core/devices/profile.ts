/** The type activations and weights have while they are computed with. */
export type ComputeType = 'float32' | 'float16';

/** Bytes of a number. */
export const NUMBER_BYTES: Readonly<Record<ComputeType, number>> = { float32: 4, float16: 2 };

/** How a network is computed. `full` is float32, as diffusers' default. */
export const PRECISIONS = ['full', 'half', 'int8'] as const;
export type Precision = (typeof PRECISIONS)[number];

/** What networks compute in that have no weights as bytes. */
export function computeTypeOf(precision: Precision): ComputeType {
  return precision === 'half' ? 'float16' : 'float32';
}

/** `fused` is ONNX Runtime's MultiHeadAttention; `plain` is the same from MatMul and Softmax. */
export type AttentionKind = 'fused' | 'plain';

/**
 * Everything that is special about one device. The graph writer, the sessions, the choice of a device,
 * every front and the packaging read it from here: no other code asks for a device by its name.
 */
export interface DeviceProfile {
  /** The name in requests, settings and reports. */
  readonly name: string;
  /** The name its makers give it, for users. */
  readonly label: string;
  /** Where ONNX Runtime's builds for Node.js can have it. */
  readonly platforms: 'any' | readonly DevicePlatform[];
  /** Devices with a lower number are tried first: the ones that are usually faster. */
  readonly tryOrder: number;
  /** The device that works everywhere. The others are compared with it and are replaced by it. One device only. */
  readonly isFallback: boolean;

  /** ONNX Runtime's execution providers, the device's own first. */
  readonly executionProviders: readonly [string, ...string[]];
  /** Options of the device's own provider, as onnxruntime-common's InferenceSession.ExecutionProviderOption names them. */
  readonly providerOptions?: Readonly<Record<string, number>>;
  /** Session options of ONNX Runtime. */
  readonly session: {
    readonly graphOptimizationLevel: 'extended' | 'all';
    readonly enableMemPattern?: boolean;
  };
  /**
   * Which weights a session prepares while it loads: all of them, or those that a job uses often enough
   * for the preparation to pay.
   */
  readonly preparedWeights: 'all' | 'often-used';

  /** How it may compute; `full` is among them. Whether `half` works is found out by a trial (`precisionsOf`). */
  readonly precisions: readonly Precision[];
  /** The attention that is right and faster. `by-trial`: the device's trial finds out; without it, the plain one. */
  readonly attention: AttentionKind | 'by-trial';
  readonly quirks: OperatorQuirks;
  /**
   * Operators of Easel's graphs for this device that its provider has no kernel for: ONNX Runtime computes them on
   * the processor, and copies what goes in and out. Absent: none. A test compares them with the provider's kernels.
   */
  readonly processorOperators?: readonly string[];
  /** Operators that ONNX Runtime has on this device alone. Exported models may contain them. */
  readonly ownOperators?: OwnOperators;

  /** Explanations of errors of ONNX Runtime that mean something else than they say. */
  readonly failures: readonly KnownFailure[];
  /** Parts of ONNX Runtime's messages where the card's memory is full. */
  readonly outOfMemory: readonly string[];
}

/** A platform that a device exists on, in the words of Node.js (`process.platform`, `process.arch`). */
export interface DevicePlatform {
  readonly os: 'linux' | 'win32' | 'darwin';
  /** Absent: every architecture. */
  readonly arch?: 'x64' | 'arm64';
  /** Files that a package needs for this device, in the folder of ONNX Runtime's own library. */
  readonly packageFiles?: readonly string[];
  /** What at least one has to be there of, for the device to exist. Absent: only a trial can tell. */
  readonly traces?: DeviceTraces;
  /** Who knows the card that it computes on. */
  readonly card?: CardSource;
  /** What to do where it does not work. Absent: `support` says it, or nobody knows. */
  readonly advice?: DeviceAdvice;
  /** What the device needs that no package brings. */
  readonly support?: DeviceSupport;
}

/** The next step for a user whose device does not work. */
export interface DeviceAdvice {
  /** Where there is no trace of it. */
  readonly absent: string;
  /** Where its trial fails, or only a driver in software answers. */
  readonly failed: string;
}

/** What is asked for the card, and the name of the interface that leads to it. */
export interface CardSource {
  readonly from: 'vulkan' | 'nvidia' | 'apple';
  readonly through: string;
}

/**
 * What a device needs beside ONNX Runtime's own library: parts of ONNX Runtime that are too large for Easel's
 * package and are installed when the user asks for it, and the libraries and the driver of the card's maker, which
 * have to be there.
 */
export interface DeviceSupport {
  /** The version of ONNX Runtime that the parts belong to. No other one can load them. */
  readonly runtimeVersion: string;
  /** ONNX Runtime's own library. It looks for its parts in the folder that it was loaded from. */
  readonly runtimeLibrary: string;
  /** What is downloaded. */
  readonly archive: PinnedArchive;
  /** The parts, by their paths in the archive. */
  readonly parts: readonly PinnedFile[];
  readonly driver: DeviceDriver;
  /** What the libraries are, for messages. */
  readonly librariesLabel: string;
  /** In the order in which they need each other: the first ones need none of the others. */
  readonly libraries: readonly SharedLibrary[];
}

/** A file that is accepted only with this content. */
export interface PinnedFile {
  readonly path: string;
  readonly bytes: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
}

/** A wheel of the Python Package Index, which is a zip file. */
export interface PinnedArchive extends PinnedFile {
  /** The project that it belongs to, for mirrors of the index. */
  readonly project: string;
  readonly url: string;
}

export interface DeviceDriver {
  readonly label: string;
  readonly library: string;
  /** At least one is there where the driver can reach a card. Messages name the first. */
  readonly files: readonly [string, ...string[]];
  /** Where the version of a running driver is written. */
  readonly versionFile: string;
  /** The first number of the oldest version that works. */
  readonly oldest: number;
}

/** A library of the card's maker. */
export interface SharedLibrary {
  readonly file: string;
  /** The requirement for pip that brings it. */
  readonly pip: string;
  /** Without it, most works. */
  readonly isOptional?: true;
  /**
   * It has one name for several versions of another library. Beside the wrong version of that, and without the right
   * one, it is not the one that is needed.
   */
  readonly madeFor?: { readonly right: string; readonly wrong: string };
}

/**
 * What a device leaves on a machine where it exists. Looking for it takes no time, and a trial takes as long as
 * an image of a small model. It has to be certain: what cannot be known is tried.
 */
export interface DeviceTraces {
  /**
   * Files and folders; `~/` is the user's folder, and `$NAME/` each folder of a variable's list. One without a
   * folder is beside ONNX Runtime's own library. A folder counts if something is in it.
   */
  readonly files: readonly string[];
  /** Variables of the environment; one that is set counts. */
  readonly variables?: readonly string[];
  /** Why the device does not work where there are none. */
  readonly absence: string;
}

/** How the operators of a device differ from ONNX's definitions, and what is faster on it. */
export interface OperatorQuirks {
  /** It has ONNX's Gelu. Else the graph uses com.microsoft's, which is the same function. */
  readonly hasGelu: boolean;
  /** It has com.microsoft's QuickGelu. Else the graph uses Sigmoid and Mul. */
  readonly hasQuickGelu: boolean;
  /**
   * Its convolution is wrong for 6, 9 and other multiples of 3 input channels above 3 that are not multiples
   * of 4. The graph fills them up with zeros.
   */
  readonly needsPaddedChannels: boolean;
  /** Its sine is exact for angles of a thousand radians. Else the graph computes the angles in float64 on the CPU. */
  readonly hasPreciseSine: boolean;
  /** It can gather rows of a table in the type of the file. Else the whole table is converted while loading. */
  readonly gathersStoredRows: boolean;
  /** Its norms and softmax add up float16 in float32. Else graphs in float16 compute these in float32. */
  readonly addsInFloat32: boolean;
  /** Rows of a feed-forward layer whose features stay in the cache. Absent: the layer is not split. */
  readonly cachedRows?: number;
}

export interface OwnOperators {
  /** `domain::operator` */
  readonly names: readonly string[];
  /** The hardware that models with these operators were made for. */
  readonly hardware: string;
}

export interface KnownFailure {
  /** A part of ONNX Runtime's message. */
  readonly message: string;
  readonly explanation: string;
}
