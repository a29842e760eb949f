import { denoise, type DenoiseStep } from '../../core/denoise';
import { cancelled } from '../../core/errors';
import { toRgb, type RgbImage } from '../../core/pixels';
import { expandWildcards } from '../../core/prompt/wildcards';
import { TorchGenerator } from '../../core/random';
import type { GenerationRequest } from '../../core/request';
import type { Scheduler } from '../../core/schedulers';
import type { JobClock } from './job-clock';
import { decodeLatents } from './latents';
import { isGuided } from './model';
import type { LatentSize, Networks, UNetShape } from './networks';
import { makeScheduler } from './scheduler-config';
import type { Settings } from './settings';
import { prepareSource, type SourceImage } from './source-image';
import { makeStarter, type Starter } from './start';
import { encodeText, type TextCondition } from './text';
import { UNetCall } from './unet-call';

/** What a job tells while it runs. */
export interface JobListener {
  warning(message: string): void;
  step(image: number, step: DenoiseStep, scheduler: Scheduler): Promise<void>;
  image(image: number, seed: number, picture: RgbImage): Promise<void>;
}

export interface DrawJob {
  readonly networks: Networks;
  readonly request: GenerationRequest;
  readonly settings: Settings;
  /** The picture and mask to start from, if any. */
  readonly source: SourceImage | undefined;
  /** Keep sessions for the next job; else each goes as soon as this job is done with it. */
  readonly keepLoaded: boolean;
  readonly clock: JobClock;
  readonly signal: AbortSignal;
  readonly listener: JobListener;
}

/**
 * Draws a request's pictures as diffusers' pipelines' `__call__` do, with a generator of its own for each
 * image (seed + k).
 * @throws EaselError `cancelled` between steps; else whatever a part of it throws
 */
export async function draw(job: DrawJob): Promise<void> {
  const { networks, request, settings, keepLoaded, clock, listener, signal } = job;
  const size = latentSize(networks, settings);
  const { texts, starter } = await clock.measure('encode', () => prepare(job, size));
  await breathe(signal);
  for (let image = 0; image < request.numImages; image++) {
    const seed = settings.seed + image;
    const text = texts[image]!;
    const latents = await clock.measure('denoise', () =>
      denoiseImage(job, { text, starter, size, image, seed }),
    );
    const another = texts[image + 1]?.tokens !== text.tokens;
    if (!keepLoaded && another) await networks.dropUNet(unetShape(text, size));
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

/** What is made ready before the first image: the text of each, and where they start. */
async function prepare(
  job: DrawJob,
  size: LatentSize,
): Promise<{ texts: readonly TextCondition[]; starter: Starter }> {
  const { networks, request, settings, source, keepLoaded } = job;
  const texts = await encodeTexts(job);
  const prepared = source && prepareSource(source, settings);
  const starter = await makeStarter({ networks, request, settings, size, source: prepared });
  if (!keepLoaded) await networks.dropEncoder(size);
  return { texts, starter };
}

/** The text of each image; those that read the same share one. */
async function encodeTexts(job: DrawJob): Promise<TextCondition[]> {
  const { networks, request, settings, keepLoaded, listener } = job;
  const prompts = Array.from({ length: request.numImages }, (_, image) =>
    promptsOf(request, settings.seed + image),
  );
  const keys = prompts.map((pair) => JSON.stringify(pair));
  const encoded = new Map<string, TextCondition>();
  const distinct = new Map(keys.map((key, image) => [key, prompts[image]!]));
  for (const [key, pair] of distinct) {
    const last = encoded.size === distinct.size - 1;
    const text = await encodeText(networks, {
      ...pair,
      promptSyntax: request.promptSyntax,
      guided: isGuided(networks.model, settings.guidanceScale),
      keepLoaded: keepLoaded || !last,
      onWarning: (message) => listener.warning(message),
    });
    encoded.set(key, text);
    await breathe(job.signal);
  }
  return keys.map((key) => encoded.get(key)!);
}

function promptsOf(
  { prompt, negativePrompt, wildcards }: GenerationRequest,
  seed: number,
): { readonly prompt: string; readonly negativePrompt: string } {
  if (!wildcards) return { prompt, negativePrompt };
  return {
    prompt: expandWildcards(prompt, seed, 'prompt'),
    negativePrompt: expandWildcards(negativePrompt, seed, 'negativePrompt'),
  };
}

function unetShape({ embeds, tokens }: TextCondition, size: LatentSize): UNetShape {
  return { batch: embeds.length, tokens, size };
}

interface ImageJob {
  readonly text: TextCondition;
  readonly starter: Starter;
  readonly size: LatentSize;
  readonly image: number;
  readonly seed: number;
}

/** @returns the final latents of one image */
async function denoiseImage(
  { networks, request, settings, listener, signal }: DrawJob,
  { text, starter, size, image, seed }: ImageJob,
): Promise<Float32Array> {
  const { model } = networks;
  const { width, height, guidanceScale } = settings;
  const scheduler = makeScheduler(model, request.scheduler);
  const generator = new TorchGenerator(seed);
  const { latents, timesteps, keep, extraChannels } = starter.start(scheduler, generator);
  const runs = timesteps.length * request.numImages;
  const unet = new UNetCall(await networks.unet(unetShape(text, size), runs), {
    config: model.unet.config,
    size,
    text,
    guidanceScale,
    timeIds: [height, width, 0, 0, height, width],
    extraChannels,
  });
  await breathe(signal);
  return denoise({
    scheduler,
    latents,
    timesteps,
    guidanceScale,
    guidanceRescale: request.guidanceRescale,
    predict: (input, timestep) => unet.predict(input, timestep),
    keep,
    noise: () => generator.randn(latents.length),
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
