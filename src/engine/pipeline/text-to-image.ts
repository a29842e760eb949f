import { denoise, type DenoiseStep } from '../../core/denoise';
import { cancelled } from '../../core/errors';
import { guidanceScaleEmbedding } from '../../core/guidance';
import { toRgb, type RgbImage } from '../../core/pixels';
import { TorchGenerator } from '../../core/random';
import type { GenerationRequest } from '../../core/request';
import type { Scheduler } from '../../core/schedulers';
import type { JobClock } from './job-clock';
import { decodeLatents } from './latents';
import { isGuided } from './model';
import type { LatentSize, Networks } from './networks';
import { makeScheduler } from './scheduler-config';
import type { Settings } from './settings';
import { encodePrompt } from './text';
import { UNetCall } from './unet-call';

/** What a job tells while it runs. */
export interface JobListener {
  warning(message: string): void;
  step(image: number, step: DenoiseStep, scheduler: Scheduler): Promise<void>;
  image(image: number, seed: number, picture: RgbImage): Promise<void>;
}

export interface TextToImageJob {
  readonly networks: Networks;
  readonly request: GenerationRequest;
  readonly settings: Settings;
  /** Keep sessions for the next job; else each goes as soon as this job is done with it. */
  readonly keepLoaded: boolean;
  readonly clock: JobClock;
  readonly signal: AbortSignal;
  readonly listener: JobListener;
}

/**
 * Draws a request's pictures: diffusers' StableDiffusionPipeline.__call__, with a generator of its own
 * for each image (seed + k).
 * @throws EaselError `cancelled` between steps; else whatever a part of it throws
 */
export async function textToImage(job: TextToImageJob): Promise<void> {
  const { networks, request, settings, keepLoaded, clock, listener, signal } = job;
  const size = latentSize(networks, settings);
  const text = await clock.measure('encode', () => encodeText(job));
  await breathe(signal);
  for (let image = 0; image < request.numImages; image++) {
    const seed = settings.seed + image;
    const latents = await clock.measure('denoise', () => denoiseImage(job, text, image, seed));
    const last = image === request.numImages - 1;
    if (!keepLoaded && last) await networks.dropUNet(text.length, size);
    const sample = await clock.measure('decode', () =>
      decodeLatents(networks, latents, size, request.numImages),
    );
    await listener.image(image, seed, toRgb(sample, settings.width, settings.height));
    await breathe(signal);
  }
}

/** The cells of the latents behind a picture of these settings. */
export function latentSize(networks: Networks, settings: Settings): LatentSize {
  const { spatialFactor: factor } = networks.model.vae.config;
  return { width: settings.width / factor, height: settings.height / factor };
}

/** @returns the UNet's text rows: the prompt's, behind the negative prompt's where guidance is on */
async function encodeText(job: TextToImageJob): Promise<Float32Array[]> {
  const { networks, request, settings, listener } = job;
  const { model } = networks;
  const texts = isGuided(model, settings.guidanceScale)
    ? [request.negativePrompt, request.prompt]
    : [request.prompt];
  const encoder = await networks.textEncoder(texts.length);
  const rows: Float32Array[] = [];
  for (const text of texts) {
    rows.push(
      await encodePrompt(model.tokenizer, encoder, text, (message) => listener.warning(message)),
    );
  }
  if (!job.keepLoaded) await networks.dropTextEncoder();
  return rows;
}

async function denoiseImage(
  job: TextToImageJob,
  text: readonly Float32Array[],
  image: number,
  seed: number,
): Promise<Float32Array> {
  const { networks, request, settings, listener, signal } = job;
  const { model } = networks;
  const size = latentSize(networks, settings);
  const scheduler = makeScheduler(model.schedulerConfig, request.scheduler);
  scheduler.setTimesteps(settings.steps);
  const generator = new TorchGenerator(seed);
  const { inChannels: channels, timeEmbedding } = model.unet.config;
  const { condProjDim } = timeEmbedding;
  const count = channels * size.width * size.height;
  const latents = generator.randn(count).map((value) => value * scheduler.initNoiseSigma);
  const session = await networks.unet(text.length, size, settings.steps * request.numImages);
  const unet = new UNetCall(session, {
    channels,
    size,
    text,
    tokens: model.tokenizer.maxLength,
    timestepCond:
      condProjDim === undefined
        ? undefined
        : guidanceScaleEmbedding(settings.guidanceScale, condProjDim),
  });
  await breathe(signal);
  return denoise({
    scheduler,
    latents,
    timesteps: scheduler.timesteps,
    guidanceScale: settings.guidanceScale,
    guidanceRescale: request.guidanceRescale,
    predict: (input, timestep) => unet.predict(input, timestep),
    noise: () => generator.randn(count),
    signal,
    onStep: async (step) => {
      await listener.step(image, step, scheduler);
      await breathe(signal);
    },
  });
}

/**
 * Lets waiting messages in: ONNX Runtime works on this thread, so a cancel is only seen between calls.
 * @throws EaselError `cancelled`
 */
async function breathe(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (signal.aborted) throw cancelled();
}
