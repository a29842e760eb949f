import type { Prediction } from '../../core/denoise';
import type { Feed, Session } from '../session';
import type { LatentSize } from './networks';

export interface UNetInputs {
  readonly channels: number;
  readonly size: LatentSize;
  /** Text embeddings, each [tokens, width]: the negative prompt's first where guidance is on. */
  readonly text: readonly Float32Array[];
  readonly tokens: number;
  /** The guidance embedding of a distilled model, for every row. */
  readonly timestepCond?: Float32Array | undefined;
}

/** Calls the UNet with everything but the sample and the timestep fixed. */
export class UNetCall {
  private readonly fixed: Record<string, Feed>;

  constructor(
    private readonly session: Session,
    private readonly inputs: UNetInputs,
  ) {
    const { text, tokens, timestepCond } = inputs;
    const rows = text.length;
    const data = concatenate(text);
    const width = data.length / rows / tokens;
    this.fixed = {
      encoder_hidden_states: { type: 'float32', data, dims: [rows, tokens, width] },
    };
    if (timestepCond) {
      const cond = concatenate(text.map(() => timestepCond));
      this.fixed.timestep_cond = { type: 'float32', data: cond, dims: [rows, timestepCond.length] };
    }
  }

  async predict(sample: Float32Array, timestep: number): Promise<Prediction> {
    const { text, channels, size } = this.inputs;
    const outputs = await this.session.run({
      ...this.fixed,
      sample: {
        type: 'float32',
        data: concatenate(text.map(() => sample)),
        dims: [text.length, channels, size.height, size.width],
      },
      timestep: { type: 'float32', data: Float32Array.of(timestep), dims: [1] },
    });
    const out = outputs.out_sample!;
    if (text.length === 1) return { cond: out };
    const half = out.length / 2;
    return { uncond: out.subarray(0, half), cond: out.subarray(half) };
  }
}

function concatenate(arrays: readonly Float32Array[]): Float32Array {
  if (arrays.length === 1) return arrays[0]!;
  const joined = new Float32Array(arrays.reduce((sum, array) => sum + array.length, 0));
  let offset = 0;
  for (const array of arrays) {
    joined.set(array, offset);
    offset += array.length;
  }
  return joined;
}
