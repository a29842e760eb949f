import type { WeightSource } from '../../../weights/source';

/** Bytes of weights once they are float32, as the processor computes. */
export function floatBytes(weights: WeightSource): number {
  let elements = 0;
  for (const name of weights.names()) {
    elements += weights.get(name)?.shape.reduce((product, size) => product * size, 1) ?? 0;
  }
  return elements * 4;
}
