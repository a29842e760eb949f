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
}

export type ComputeType = 'float32' | 'float16';
