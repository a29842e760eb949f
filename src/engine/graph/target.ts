/** Where a graph will run, and in which type it computes. */
export type GraphDevice = 'cpu' | 'cuda' | 'webgpu' | 'dml' | 'coreml';

export interface GraphTarget {
  readonly device: GraphDevice;
  /**
   * The type activations and weights have while they are computed with. On the CPU only float32 is fast
   * (ONNX Runtime casts around each float16 operator there). Default: float32.
   */
  readonly computeType?: ComputeType;
}

export type ComputeType = 'float32' | 'float16';
