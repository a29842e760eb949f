import type { Prediction } from '../../core/diffusion/denoise';
import { guidanceScaleEmbedding } from '../../core/diffusion/guidance';
import type { UNetConfig } from '../graph/unet-config';
import type { Feed, NetworkSession } from '../runtime/session';
import type { LatentSize } from './networks';
import type { TextCondition } from './text';

export interface UNetInputs {
  readonly config: UNetConfig;
  readonly size: LatentSize;
  readonly text: TextCondition;
  readonly guidanceScale: number;
  /** SDXL: original height and width, crop top and left, target height and width. */
  readonly timeIds: readonly number[];
  /** Channels behind the sample's own, such as an inpainting model's mask and masked picture. */
  readonly extraChannels?: Float32Array | undefined;
}

/** Calls the UNet with everything but the sample and the timestep fixed. */
export class UNetCall {
  private readonly fixed: Readonly<Record<string, Feed>>;

  constructor(
    private readonly session: NetworkSession,
    private readonly inputs: UNetInputs,
  ) {
    this.fixed = conditions(inputs);
  }

  async predict(sample: Float32Array, timestep: number): Promise<Prediction> {
    const { text, config, size, extraChannels } = this.inputs;
    const rows = text.embeds.length;
    const row = extraChannels ? concatenate([sample, extraChannels]) : sample;
    const outputs = await this.session.run({
      ...this.fixed,
      sample: {
        type: 'float32',
        data: repeat(row, rows),
        dims: [rows, config.inChannels, size.height, size.width],
      },
      timestep: { type: 'float32', data: Float32Array.of(timestep), dims: [1] },
    });
    const out = outputs.out_sample!;
    if (rows === 1) return { cond: out };
    const half = out.length / 2;
    return { uncond: out.subarray(0, half), cond: out.subarray(half) };
  }
}

function conditions({
  config,
  text,
  guidanceScale,
  timeIds,
}: UNetInputs): Readonly<Record<string, Feed>> {
  const rows = text.embeds.length;
  const matrix = (data: Float32Array): Feed => ({
    type: 'float32',
    data,
    dims: [rows, data.length / rows],
  });
  const data = concatenate(text.embeds);
  const width = data.length / rows / text.tokens;
  const feeds: Record<string, Feed> = {
    encoder_hidden_states: { type: 'float32', data, dims: [rows, text.tokens, width] },
  };
  const { condProjDim } = config.timeEmbedding;
  if (condProjDim !== undefined) {
    feeds.timestep_cond = matrix(repeat(guidanceScaleEmbedding(guidanceScale, condProjDim), rows));
  }
  if (config.textTime && text.pooled) {
    feeds.text_embeds = matrix(concatenate(text.pooled));
    feeds.time_ids = matrix(repeat(Float32Array.from(timeIds), rows));
  }
  return feeds;
}

function repeat(array: Float32Array, times: number): Float32Array {
  return concatenate(new Array<Float32Array>(times).fill(array));
}

export function concatenate(arrays: readonly Float32Array[]): Float32Array {
  if (arrays.length === 1) return arrays[0]!;
  const joined = new Float32Array(arrays.reduce((sum, array) => sum + array.length, 0));
  let offset = 0;
  for (const array of arrays) {
    joined.set(array, offset);
    offset += array.length;
  }
  return joined;
}
