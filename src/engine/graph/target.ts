import {
  type AttentionKind,
  type ComputeType,
  type DeviceName,
  deviceProfile,
} from '../../core/devices';
import type { ByteMatrices } from './byte-matrices';
import type { SessionTuning } from '../runtime/session';

/** Where a graph will run, and how it is written for that. */
export interface GraphTarget {
  readonly device: DeviceName;
  /** The type activations and weights have while they are computed with. Default: float32. */
  readonly computeType?: ComputeType | undefined;
  /** ONNX Runtime's fused attention, or the same from plain operators. Default: the device's. */
  readonly attention?: AttentionKind | undefined;
  /**
   * Which weights ONNX Runtime prepares while loading (converts to the compute type, lays out for its
   * kernels): those that one run uses at this many positions or more. The others are converted at each use
   * and take no memory in between. Default: 0, all of them.
   */
  readonly prepareFrom?: number;
  /** The weights as bytes of the layers that multiply bytes by bytes (ops/integer.ts). Default: none do. */
  readonly byteMatrices?: ByteMatrices | undefined;
  /**
   * Whether an activation becomes two bytes: one, and one for what that leaves of it. Then a few large values leave
   * the others as exact as they are. Default: one byte.
   */
  readonly twoByteActivations?: boolean;
  /** Which modules may multiply bytes, where there are `byteMatrices`. Default: all. */
  readonly mayUseBytes?: ((module: string) => boolean) | undefined;
}

/** What is known before a component's graph is written. */
export interface SessionRequest {
  readonly device: DeviceName;
  /** How often the session will run before it is freed: the steps, or the images to decode. */
  readonly runs: number;
  /** As in `GraphTarget`. */
  readonly computeType?: ComputeType | undefined;
}

/** How to write a component's graph, and how ONNX Runtime is to prepare it. */
export interface SessionPlan {
  readonly target: GraphTarget;
  readonly tuning: SessionTuning;
}

/**
 * Uses of a convolution's weight, over all runs and positions, that pay for preparing it: measured on the
 * SD 1.5 UNet, where preparing takes about 10 ns for each number of a kernel and saves about 6 ns for it in
 * each run over 4,096 positions.
 */
const USES_WORTH_PREPARING = 16384;

/**
 * Runs that pay for laying out weights in bytes while a session is made: measured on the SD 1.5 UNet, where it takes
 * 1 ns for each weight and saves 0.13 ns for it in each run (bench/README.md).
 */
const RUNS_WORTH_LAYING_OUT = 8;

/** Whether a session in bytes runs often enough for its weights to be laid out while it is made. */
export function laysOutBytes(runs: number): boolean {
  return runs >= RUNS_WORTH_LAYING_OUT;
}

/** Chooses how a component is written and opened, by the device and by how often it will run. */
export function planSession({ device, runs, computeType }: SessionRequest): SessionPlan {
  const { session: tuning, preparedWeights } = deviceProfile(device);
  const target = { device, computeType };
  if (preparedWeights === 'all') return { target, tuning };
  const prepareFrom = USES_WORTH_PREPARING / Math.max(runs, 1);
  return { target: { ...target, prepareFrom }, tuning };
}
