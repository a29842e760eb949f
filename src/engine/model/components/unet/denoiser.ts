import type { Prediction } from '../../../../core/diffusion/denoise';
import { guidanceScaleEmbedding } from '../../../../core/diffusion/guidance';
import type { UNetConfig } from '../../../graph/unet-config';
import type { Feed, NetworkSession } from '../../../runtime/session';
import type { Denoiser, DenoiserInputs } from '../../model';
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
  const { text, size } = inputs;
  const shape = { batch: text.embeds.length, tokens: text.tokens, size };
  return {
    network: unet.network(shape),
    bind: (session) => {
      const fixed = conditions(unet.config, inputs);
      return (sample, timestep) => predict(session, { fixed, unet, inputs, sample, timestep });
    },
  };
}

/**
 * Runs the UNet once. The sample is repeated for each row of the batch; with two rows the first output is
 * the unconditional one.
 */
async function predict(
  session: NetworkSession,
  {
    fixed,
    unet,
    inputs: { text, size, extraChannels },
    sample,
    timestep,
  }: {
    readonly fixed: Readonly<Record<string, Feed>>;
    readonly unet: UNet;
    readonly inputs: UNetDenoiserInputs;
    readonly sample: Float32Array;
    readonly timestep: number;
  },
): Promise<Prediction> {
  const rows = text.embeds.length;
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
  const out = outputs.out_sample!;
  if (rows === 1) return { cond: out };
  const half = out.length / 2;
  return { uncond: out.subarray(0, half), cond: out.subarray(half) };
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
