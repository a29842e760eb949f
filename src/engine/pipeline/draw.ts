import { denoise, type DenoiseStep } from '../../core/diffusion/denoise';
import { cancelled } from '../../core/errors';
import { toBytes, toRgb, type DrawnImage } from '../../core/image/pixels';
import { expandWildcards } from '../../core/prompt/wildcards';
import { TorchGenerator } from '../../core/diffusion/random';
import type { GenerationRequest } from '../../core/request/request';
import type { Scheduler } from '../../core/diffusion/schedulers/index';
import type { JobClock } from './job-clock';
import { enlargeFirstPass, hiresSettings } from './hires';
import { decodeLatents } from './latents';
import { isGuided } from '../model/model';
import type { LatentSize, Networks, UNetShape } from './networks';
import { makeScheduler } from '../model/scheduler-config';
import type { Settings } from './settings';
import { prepareSource, type SourceImage } from './source-image';
import { imageToImage, makeStarter, shortenedTimesteps, type Starter } from './start';
import { encodeText, type TextCondition } from './text';
import { UNetCall } from './unet-call';

/** What a job tells while it runs. */
export interface JobListener {
  warning(message: string): void;
  /** @param size of the step's latents; a second pass has larger ones */
  step(image: number, step: DenoiseStep, scheduler: Scheduler, size: LatentSize): Promise<void>;
  image(image: number, seed: number, picture: DrawnImage): Promise<void>;
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
  const { spatialFactor } = networks.model.vae.config;
  const second = hiresSettings(request, settings, spatialFactor);
  const laterSteps = second ? countSteps(job, second) : 0;
  const firstSize = latentSize(networks, settings);
  const { texts, starter } = await clock.measure('encode', () => prepare(job, firstSize));
  await breathe(signal);
  for (let image = 0; image < request.numImages; image++) {
    const seed = settings.seed + image;
    const text = texts[image]!;
    const common = { text, image, seed };
    const first = await clock.measure('denoise', () =>
      denoiseImage(job, { ...common, settings, starter, earlierSteps: 0, laterSteps }),
    );
    const { latents } = second ? await drawAgain(job, common, first, second) : first;
    const size = latentSize(networks, second ?? settings);
    const another = texts[image + 1]?.tokens !== text.tokens;
    if (!keepLoaded && another) await networks.dropUNet(unetShape(text, size));
    const decoded = await clock.measure('decode', () =>
      decodeLatents(networks, latents, size, request.numImages),
    );
    const { width, height } = second ?? settings;
    const opacity = decoded.opacity && toBytes(decoded.opacity);
    await listener.image(image, seed, { ...toRgb(decoded.sample, width, height), opacity });
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

/** How many steps a pass that starts from a picture takes. */
function countSteps({ networks, request }: DrawJob, settings: Settings): number {
  const scheduler = makeScheduler(networks.model, request.scheduler);
  return shortenedTimesteps(scheduler, { networks, settings }).length;
}

interface ImageText {
  readonly text: TextCondition;
  readonly image: number;
  readonly seed: number;
}

interface ImageJob extends ImageText {
  readonly starter: Starter;
  readonly settings: Settings;
  /** Steps of other passes of the image, which count for its progress. */
  readonly earlierSteps: number;
  readonly laterSteps: number;
}

/** A second pass over an image: image to image from the first one's, made larger, with the same seed. */
async function drawAgain(
  job: DrawJob,
  image: ImageText,
  { latents, steps: earlierSteps }: DenoisedImage,
  settings: Settings,
): Promise<DenoisedImage> {
  const { networks, request, clock, keepLoaded } = job;
  const first = latentSize(networks, job.settings);
  const size = latentSize(networks, settings);
  if (!keepLoaded) await networks.dropUNet(unetShape(image.text, first));
  const upscaler = request.hires?.upscaler ?? 'latent';
  const picture = await clock.measure('decode', () =>
    enlargeFirstPass(networks, latents, first, size, upscaler),
  );
  const starter = imageToImage(networks, settings, picture);
  return clock.measure('denoise', () =>
    denoiseImage(job, { ...image, settings, starter, earlierSteps, laterSteps: 0 }),
  );
}

interface DenoisedImage {
  readonly latents: Float32Array;
  readonly steps: number;
}

async function denoiseImage(
  { networks, request, listener, signal }: DrawJob,
  { text, starter, settings, image, seed, earlierSteps, laterSteps }: ImageJob,
): Promise<DenoisedImage> {
  const { model } = networks;
  const size = latentSize(networks, settings);
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
  const denoised = await denoise({
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
      const index = earlierSteps + step.index;
      const total = earlierSteps + step.total + laterSteps;
      await listener.step(image, { ...step, index, total }, scheduler, size);
      await breathe(signal);
    },
  });
  return { latents: denoised, steps: timesteps.length };
}

/**
 * Lets waiting messages in: ONNX Runtime works on this thread, so a cancel is only seen between calls.
 * @throws EaselError `cancelled`
 */
async function breathe(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (signal.aborted) throw cancelled();
}
