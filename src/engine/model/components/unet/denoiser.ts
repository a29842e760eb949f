import type { Prediction } from '../../../../core/diffusion/denoise';
import { guidanceScaleEmbedding } from '../../../../core/diffusion/guidance';
import type { SeamlessAxes } from '../../../../core/request/seamless';
import type { UNetConfig } from '../../../graph/unet-config';
import type { Feed, NetworkSession } from '../../../runtime/session';
import type { StepPlace } from '../../../../core/diffusion/denoise';
import type { Denoiser, DenoiserInputs, Predict } from '../../model';
import { concatenate, repeat } from '../../arrays';
import type { TextEmbeddings } from '../clip-text/prompts';
import {
  controlImages,
  controlScales,
  controlsOfUNet,
  type ControlNetPart,
} from './control-inputs';
import { featureCount, featureInputs, type AdapterInput } from './feature-inputs';
import { imageFeeds, imagePromptsOfUNet, type ImageTokens } from './image-inputs';
import type { TimeIds } from './time-ids';
import type { UNet } from './unet';

export interface UNetDenoiserInputs extends DenoiserInputs {
  /** Along which axes the edges of the image meet. */
  readonly seamless: SeamlessAxes | undefined;
  readonly text: TextEmbeddings;
  readonly timeIds: TimeIds;
  /** Whether the extra channels are an image that is edited: guidance then also leaves that image out. */
  readonly edits: boolean;
  /** The model's ControlNets, in the order of `controls`, which are theirs. */
  readonly controlNets: readonly ControlNetPart[];
  /** What the model's T2I-Adapters give. */
  readonly adapters: readonly AdapterInput[];
  /** Of the model's IP-Adapters. */
  readonly images: readonly ImageTokens[];
}

/** A UNet with all inputs fixed except the sample and the timestep. */
export function unetDenoiser(unet: UNet, inputs: UNetDenoiserInputs): Denoiser {
  const { text, size, tokenDownsampling, freeu, rowByRow = false } = inputs;
  const { controlNets, adapters, images, seamless, perturbed } = inputs;
  const batch = rowByRow ? 1 : rowsOf(inputs).length;
  const features = featureCount(unet.config, adapters, size);
  const tokens = { tokens: text.tokens, tokenDownsampling };
  const shape = { batch, ...tokens, size, features, seamless, freeu, perturbed };
  return {
    network: unet.network({
      ...shape,
      controls: controlsOfUNet(controlNets),
      imagePrompts: imagePromptsOfUNet(images),
    }),
    bind: (session) => (rowByRow ? eachRow : allRows)({ session, unet, inputs }),
  };
}

/** A row of the UNet's batch: which prediction it gives, and what it is computed from. */
interface Row {
  readonly gives: keyof Prediction;
  /** float32 [tokens, width]. */
  readonly embeds: Float32Array;
  /** float32 [projection_dim]; absent where the UNet takes none. */
  readonly pooled: Float32Array | undefined;
  readonly extraChannels: Float32Array | undefined;
}

/**
 * The rows of the batch in diffusers' order: the negative prompt and the prompt; of an edited image the prompt, the
 * negative prompt, and the negative prompt without the image, whose channels are then 0
 * (StableDiffusionInstructPix2PixPipeline, `_encode_prompt` and `prepare_image_latents`). With perturbed-attention
 * guidance the prompt comes once more at the end (PAGMixin, `_prepare_perturbed_attention_guidance`).
 */
function rowsOf({ text, extraChannels, edits, perturbed }: UNetDenoiserInputs): readonly Row[] {
  const row = (gives: keyof Prediction, index: number): Row => ({
    gives,
    embeds: text.embeds[index]!,
    pooled: text.pooled[index],
    extraChannels,
  });
  const rows = text.embeds.length === 1 ? [row('cond', 0)] : [row('uncond', 0), row('cond', 1)];
  if (perturbed) return [...rows, { ...rows.at(-1)!, gives: 'perturbed' }];
  if (rows.length === 1 || !edits) return rows;
  const withoutImage = extraChannels && new Float32Array(extraChannels.length);
  return [row('cond', 1), row('image', 0), { ...row('uncond', 0), extraChannels: withoutImage }];
}

/** Whether a row is computed from the prompt, and not from the negative prompt. */
function isOfPrompt({ gives }: Row): boolean {
  return gives === 'cond' || gives === 'perturbed';
}

interface Binding {
  readonly session: NetworkSession;
  readonly unet: UNet;
  readonly inputs: UNetDenoiserInputs;
}

/** Runs the UNet once a step, for all rows. */
function allRows(binding: Binding): Predict {
  const rows = rowsOf(binding.inputs);
  const run = bindRows(binding, rows);
  return async (sample, timestep, { place }) => {
    const out = await run(sample, timestep, place);
    const length = out.length / rows.length;
    const outputs: Outputs = new Map();
    for (const [i, { gives }] of rows.entries()) {
      outputs.set(gives, out.subarray(i * length, (i + 1) * length));
    }
    return predictionOf(outputs);
  };
}

/** Runs the UNet for the negative prompt only in steps that have guidance. */
function eachRow(binding: Binding): Predict {
  const rows = rowsOf(binding.inputs).map((row) => ({ ...row, run: bindRows(binding, [row]) }));
  return async (sample, timestep, { guided, place }) => {
    const outputs: Outputs = new Map();
    for (const { gives, run } of rows) {
      if (guided || gives === 'cond') outputs.set(gives, await run(sample, timestep, place));
    }
    return predictionOf(outputs);
  };
}

type Outputs = Map<keyof Prediction, Float32Array>;

/** @param outputs of the rows; that of the prompt is always there */
function predictionOf(outputs: Outputs): Prediction {
  return {
    cond: outputs.get('cond')!,
    uncond: outputs.get('uncond'),
    image: outputs.get('image'),
    perturbed: outputs.get('perturbed'),
  };
}

/** @returns float32 [rows, channels, height, width] */
type RunRows = (sample: Float32Array, timestep: number, place: StepPlace) => Promise<Float32Array>;

/** Binds the UNet to rows of its batch. The sample is the same for each. */
function bindRows({ session, unet, inputs }: Binding, rows: readonly Row[]): RunRows {
  const { size, controlNets, controls = [], adapters, images } = inputs;
  const ofPrompt = rows.map(isOfPrompt);
  const fixed = {
    ...conditions(unet.config, rows, inputs),
    ...controlImages(controlNets, controls, size),
    ...imageFeeds(images, ofPrompt),
  };
  const features = featureInputs(unet.config, adapters, size);
  return async (sample, timestep, place) => {
    const channels = rows.flatMap(({ extraChannels }) =>
      extraChannels ? [sample, extraChannels] : [sample],
    );
    const outputs = await session.run({
      ...fixed,
      ...controlScales(controlNets, controls, { place, ofPrompt }),
      ...features(place),
      sample: {
        type: 'float32',
        data: concatenate(channels),
        dims: [rows.length, unet.config.inChannels, size.height, size.width],
      },
      timestep: { type: 'float32', data: Float32Array.of(timestep), dims: [1] },
    });
    return outputs.out_sample!;
  };
}

/**
 * The inputs that are the same for all steps, with R rows in the batch: `encoder_hidden_states`
 * [R, tokens, width], and if the config has them `timestep_cond` [R, condProjDim], `text_embeds`
 * [R, projection_dim] and `time_ids` [R, 6], or [R, 5] of a refiner.
 */
function conditions(
  { timeEmbedding, textTime }: UNetConfig,
  batch: readonly Row[],
  { text, guidanceScale, timeIds }: UNetDenoiserInputs,
): Readonly<Record<string, Feed>> {
  const rows = batch.length;
  const matrix = (data: Float32Array): Feed => ({
    type: 'float32',
    data,
    dims: [rows, data.length / rows],
  });
  const data = concatenate(batch.map(({ embeds }) => embeds));
  const width = data.length / rows / text.tokens;
  const feeds: Record<string, Feed> = {
    encoder_hidden_states: { type: 'float32', data, dims: [rows, text.tokens, width] },
  };
  const { condProjDim } = timeEmbedding;
  if (condProjDim !== undefined) {
    feeds.timestep_cond = matrix(repeat(guidanceScaleEmbedding(guidanceScale, condProjDim), rows));
  }
  if (textTime) {
    feeds.text_embeds = matrix(concatenate(batch.flatMap(({ pooled }) => pooled ?? [])));
    const told = batch.map((row) => (isOfPrompt(row) ? timeIds.cond : timeIds.uncond));
    feeds.time_ids = matrix(Float32Array.from(told.flat()));
  }
  return feeds;
}
