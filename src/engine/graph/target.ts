import type { AttentionKind, ComputeType, DeviceName } from '../../core/devices';

/** Where a graph will run, and how it is written for that. */
export interface GraphTarget {
  readonly device: DeviceName;
  /** The type activations and weights have while they are computed with. Default: the device's. */
  readonly computeType?: ComputeType;
  /** ONNX Runtime's fused attention, or the same from plain operators. Default: the device's. */
  readonly attention?: AttentionKind;
  /**
   * Which weights ONNX Runtime prepares while loading (converts to the compute type, lays out for its
   * kernels): those that one run uses at this many positions or more. The others are converted at each use
   * and take no memory in between. Default: 0, all of them.
   */
  readonly prepareFrom?: number;
}
