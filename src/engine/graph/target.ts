/** Where a graph will run, and in which type it computes. */
export type GraphDevice = 'cpu' | 'cuda' | 'webgpu' | 'dml' | 'coreml';

export interface GraphTarget {
  readonly device: GraphDevice;
  /**
   * The type activations and weights have while they are computed with. On the CPU only float32 is fast
   * (ONNX Runtime casts around each float16 operator there). Default: float32.
   */
  readonly computeType?: ComputeType;
  /**
   * ONNX Runtime's fused attention, or the same from plain operators. Default: fused, but plain on CoreML,
   * which lacks it, and on WebGPU, where 1.30's is wrong on SwiftShader and untested elsewhere.
   */
  readonly attention?: 'fused' | 'plain';
  /**
   * Which weights ONNX Runtime prepares while loading (widens, lays out for its kernels): those one run uses
   * at this many positions or more. The others are widened at each use and take no memory in between.
   * Default: 0, all of them.
   */
  readonly prepareFrom?: number;
}

export type ComputeType = 'float32' | 'float16';
