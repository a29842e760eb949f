import { guidanceScaleEmbedding } from '../../../../core/diffusion/guidance';
import type { UNetConfig } from '../../../graph/unet-config';
import type { Feed, NetworkSession } from '../../../runtime/session';
import type { Denoiser, DenoiserInputs, Predict } from '../../model';
import { concatenate, repeat } from '../../arrays';
import type { TextEmbeddings } from '../clip-text/prompts';
import type { UNet } from './unet';

/**
 * SDXL's `time_ids`: original height and width, crop top and left, target height and width, in pixels
 * (diffusers, `_get_add_time_ids`).
 */
export type TimeIds = readonly [number, number, number, number, number, number];

export interface UNetDenoiserInputs extends DenoiserInputs {
  readonly text: TextEmbeddings;
  readonly timeIds: TimeIds;
}

/** A UNet with all inputs fixed except the sample and the timestep. */
export function unetDenoiser(unet: UNet, inputs: UNetDenoiserInputs): Denoiser {
  const { text, size, tokenDownsampling, rowByRow = false } = inputs;
  const batch = rowByRow ? 1 : text.embeds.length;
  return {
    network: unet.network({ batch, tokens: text.tokens, size, tokenDownsampling }),
    bind: (session) => (rowByRow ? eachRow : allRows)({ session, unet, inputs }),
  };
}

interface Binding {
  readonly session: NetworkSession;
  readonly unet: UNet;
  readonly inputs: UNetDenoiserInputs;
}

/** Runs the UNet once a step. With two rows the first output is the unconditional one. */
function allRows(binding: Binding): Predict {
  const { text } = binding.inputs;
  const run = bindRows(binding, text);
  return async (sample, timestep) => {
    const out = await run(sample, timestep);
    if (text.embeds.length === 1) return { cond: out };
    const half = out.length / 2;
    return { uncond: out.subarray(0, half), cond: out.subarray(half) };
  };
}

/** Runs the UNet for the negative prompt only in steps that have guidance. */
function eachRow(binding: Binding): Predict {
  const { text } = binding.inputs;
  const rows = text.embeds.map((embed, row) =>
    bindRows(binding, {
      ...text,
      embeds: [embed],
      pooled: text.pooled.slice(row, row + 1),
    }),
  );
  const [forUncond, forCond = forUncond] = rows as [RunRows, RunRows?];
  return async (sample, timestep, guided) => {
    const cond = await forCond(sample, timestep);
    if (rows.length === 1 || !guided) return { cond };
    return { cond, uncond: await forUncond(sample, timestep) };
  };
}

/** @returns float32 [rows, channels, height, width] */
type RunRows = (sample: Float32Array, timestep: number) => Promise<Float32Array>;

/** Binds the UNet to the texts of the rows of its batch. The sample is repeated for each row. */
function bindRows({ session, unet, inputs }: Binding, text: TextEmbeddings): RunRows {
  const { size, extraChannels } = inputs;
  const fixed = conditions(unet.config, { ...inputs, text });
  const rows = text.embeds.length;
  return async (sample, timestep) => {
    const row = extraChannels ? concatenate([sample, extraChannels]) : sample;
    const outputs = await session.run({
      ...fixed,
      sample: {
        type: 'float32',
        data: repeat(row, rows),
        dims: [rows, unet.config.inChannels, size.height, size.width],
      },
      timestep: { type: 'float32', data: Float32Array.of(timestep), dims: [1] },
    });
    return outputs.out_sample!;
  };
}

/**
 * The inputs that are the same for all steps, with R rows in the batch: `encoder_hidden_states`
 * [R, tokens, width], and if the config has them `timestep_cond` [R, condProjDim], `text_embeds`
 * [R, projection_dim] and `time_ids` [R, 6].
 */
function conditions(
  { timeEmbedding, textTime }: UNetConfig,
  { text, guidanceScale, timeIds }: UNetDenoiserInputs,
): Readonly<Record<string, Feed>> {
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
  const { condProjDim } = timeEmbedding;
  if (condProjDim !== undefined) {
    feeds.timestep_cond = matrix(repeat(guidanceScaleEmbedding(guidanceScale, condProjDim), rows));
  }
  if (textTime) {
    feeds.text_embeds = matrix(concatenate(text.pooled));
    feeds.time_ids = matrix(repeat(Float32Array.from(timeIds), rows));
  }
  return feeds;
}
