const f32 = Math.fround;
const sqrt32 = (x: number): number => f32(Math.sqrt(x));

/** How an ancestral step reaches a noise level: down below it, and up again by new noise. */
export interface AncestralStep {
  /** The noise level without the new noise. */
  readonly down: number;
  /** The deviation of the new noise. */
  readonly up: number;
}

/** k-diffusion's `get_ancestral_step` (with eta 1) from one sigma to the next, in float32. */
export function ancestralStep(from: number, to: number): AncestralStep {
  const [square, nextSquare] = [f32(from * from), f32(to * to)];
  const up = Math.min(to, sqrt32(f32(f32(nextSquare * f32(square - nextSquare)) / square)));
  return { up, down: sqrt32(f32(nextSquare - f32(up * up))) };
}
