import type { Prediction } from '../../../../core/diffusion/denoise';
import { karrasOriginal, karrasTimestep } from '../../../../core/diffusion/karras';
import { guidanceScaleEmbedding } from '../../../../core/diffusion/guidance';
import type { SeamlessAxes } from '../../../../core/request/seamless';
import type { UNetConfig } from '../../../graph/unet-config';
import type { Feed, NetworkSession } from '../../../runtime/session';
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
  return async (sample, timestep, step) => {
    const predicted = await run(sample, timestep, step);
    return predictionOf(new Map(rows.map(({ gives }, i) => [gives, predicted[i]!])));
  };
}

/** Runs the UNet for the negative prompt only in steps that have guidance. */
function eachRow(binding: Binding): Predict {
  const rows = rowsOf(binding.inputs).map((row) => ({ ...row, run: bindRows(binding, [row]) }));
  return async (sample, timestep, step) => {
    const outputs: Outputs = new Map();
    for (const { gives, run } of rows) {
      if (!step.guided && gives !== 'cond') continue;
      const [predicted] = await run(sample, timestep, step);
      outputs.set(gives, predicted!);
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

/** @returns for each row float32 [channels, height, width] */
type RunRows = (...inputs: Parameters<Predict>) => Promise<readonly Float32Array[]>;

/** What a UNet is told of the step, and what an output for a sample means. */
interface Form {
  readonly told: (timestep: number, sigma: number) => number;
  readonly meant: (output: Float32Array, sample: Float32Array, sigma: number) => Float32Array;
}

const PLAIN: Form = { told: (timestep) => timestep, meant: (output) => output };
const KARRAS: Form = { told: (_, sigma) => karrasTimestep(sigma), meant: karrasOriginal };

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
  const { told, meant } = unet.config.k ? KARRAS : PLAIN;
  return async (sample, timestep, { place, sigma = NaN }) => {
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
      timestep: { type: 'float32', data: Float32Array.of(told(timestep, sigma)), dims: [1] },
    });
    const out = outputs.out_sample!;
    const length = out.length / rows.length;
    return rows.map((_, row) =>
      meant(out.subarray(row * length, (row + 1) * length), sample, sigma),
    );
  };
}

/** Cosines, then sines of a noise level of 0. */
const NO_NOISE = Float32Array.from({ length: 128 }, (_, i) => (i < 64 ? 1 : 0));

/** The width of `timestep_cond` of a UNet with k-diffusion's blocks. @param pooled of the pooled text */
export const karrasConditionWidth = (pooled: number): number => NO_NOISE.length + pooled;

/**
 * The inputs that are the same for all steps, with R rows in the batch: `encoder_hidden_states`
 * [R, tokens, width], and if the config has them `timestep_cond` [R, condProjDim], `text_embeds`
 * [R, projection_dim] and `time_ids` [R, 6], or [R, 5] of a refiner, and `class_labels` [1].
 */
function conditions(
  { timeEmbedding, textTime, classCount, k }: UNetConfig,
  batch: readonly Row[],
  { text, guidanceScale, timeIds, noiseLevel = 0 }: UNetDenoiserInputs,
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
  if (k) {
    // StableDiffusionLatentUpscalePipeline: the embedding of no noise in the small image, and the pooled text.
    const told = batch.flatMap(({ pooled }) => [NO_NOISE, pooled!]);
    feeds.timestep_cond = matrix(concatenate(told));
  } else if (condProjDim !== undefined) {
    feeds.timestep_cond = matrix(repeat(guidanceScaleEmbedding(guidanceScale, condProjDim), rows));
  }
  if (textTime) {
    feeds.text_embeds = matrix(concatenate(batch.flatMap(({ pooled }) => pooled ?? [])));
    const told = batch.map((row) => (isOfPrompt(row) ? timeIds.cond : timeIds.uncond));
    feeds.time_ids = matrix(Float32Array.from(told.flat()));
  }
  if (classCount !== undefined) {
    feeds.class_labels = { type: 'int32', data: Int32Array.of(noiseLevel), dims: [1] };
  }
  return feeds;
}
