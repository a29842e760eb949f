import { Forecast } from '../../core/diffusion/forecast';
import { denoise, type DenoiseStep } from '../../core/diffusion/denoise';
import type { Scheduler } from '../../core/diffusion/schedulers/index';
import { toBytes, toRgb, type DrawnImage } from '../../core/image/pixels';
import type { LatentSize } from '../model/latent-space';
import type { Denoiser, DenoiserInputs, PreparedControl, PromptCondition } from '../model/model';
import type { Networks } from '../model/network';
import { enlargeFirstPass } from './enlarge';
import { yieldToEventLoop } from '../runtime/event-loop';
import { ImageRandom } from './image-random';
import type { JobClock } from './job-clock';
import { fromImage, openLatentSource, type LatentSource } from './latent-source';
import type { JobPlan, Pass, PlannedImage, SecondPass } from './plan';

/** Receives the progress and the results of a job. */
export interface JobListener {
  /**
   * Called after each denoising step.
   * @param image 0-based index within the job
   * @param size of the step's latents; larger in a second pass
   */
  step(image: number, step: DenoiseStep, scheduler: Scheduler, size: LatentSize): Promise<void>;
  /** Called before the tiles of an image that is made larger; gives what is called after each. Absent: nothing is. */
  readonly tiles?: (image: number, total: number) => () => Promise<void>;
  /** Called with each finished image. */
  image(image: number, seed: number, drawn: DrawnImage): Promise<void>;
}

export interface DrawJob {
  readonly plan: JobPlan;
  readonly networks: Networks;
  readonly clock: JobClock;
  readonly signal: AbortSignal;
  /** How many images were drawn already, by a device that then failed. Default: 0. */
  readonly drawnBefore?: number;
  readonly listener: JobListener;
}

/**
 * Draws the images of a plan, like `__call__` of diffusers' pipelines. Each image has its own generator:
 * image k uses seed + k, or variation seed + k where they are variations of one seed.
 * @throws EaselError `cancelled`, between steps; `not-finite`, if the values broke; and the errors of the model, the networks and the listener
 */
export async function draw(job: DrawJob): Promise<void> {
  const { plan, networks, clock, listener, signal, drawnBefore = 0 } = job;
  const { model, second, images } = plan;
  const { conditions, source, controls } = await clock.measure('encode', async () => ({
    conditions: await encodePrompts(job),
    source: await openLatentSource(networks, plan),
    controls: await prepareControls(job),
  }));
  const { size, width, height } = second ?? plan.first;
  for (const [index, planned] of images.entries()) {
    if (index < drawnBefore) continue;
    const image: ImageJob = {
      index,
      planned,
      condition: conditions[index]!,
      next: conditions[index + 1],
      controls,
    };
    const first = await clock.measure('denoise', () => denoisePass(job, image, plan.first, source));
    const latents = second ? await drawAgain(job, image, first, second) : first;
    const decoded = await clock.measure('decode', () =>
      model.decode(networks, latents, size, { runs: images.length, tiled: plan.memory.vaeTiling }),
    );
    const opacity = decoded.opacity && toBytes(decoded.opacity);
    await listener.image(index, planned.seed, { ...toRgb(decoded.sample, width, height), opacity });
    await yieldToEventLoop(signal);
  }
}

interface ImageJob {
  /** 0-based within the job. */
  readonly index: number;
  readonly planned: PlannedImage;
  readonly condition: PromptCondition;
  /** The condition of the next image. */
  readonly next: PromptCondition | undefined;
  readonly controls: PassControls;
}

/** What the model's ControlNets and T2I-Adapters are given in each pass. */
type PassControls = ReadonlyMap<Pass, readonly PreparedControl[]>;

async function prepareControls({ plan, networks }: DrawJob): Promise<PassControls> {
  const { model, first, second } = plan;
  const controls = new Map<Pass, readonly PreparedControl[]>();
  for (const pass of second ? [first, second] : [first]) {
    controls.set(pass, await model.prepareControls(networks, pass.controls, pass.size));
  }
  return controls;
}

/** The condition of each image. Images with equal prompts share one. */
async function encodePrompts({ plan, networks }: DrawJob): Promise<readonly PromptCondition[]> {
  const { model, request, guided, imagePrompts: images } = plan;
  const keys = plan.images.map(({ prompts }) => JSON.stringify(prompts));
  const distinct = new Map(keys.map((key, image) => [key, plan.images[image]!.prompts]));
  const { promptSyntax, clipSkip } = request;
  const encoded = await model.encodePrompts(networks, [...distinct.values()], {
    promptSyntax,
    guided,
    clipSkip,
    images,
  });
  const order = [...distinct.keys()];
  return keys.map((key) => encoded[order.indexOf(key)]!);
}

/** The second pass: image to image from the enlarged result of the first pass, with the same seed. */
async function drawAgain(
  job: DrawJob,
  image: ImageJob,
  latents: Float32Array,
  second: SecondPass,
): Promise<Float32Array> {
  const { plan, networks, clock, listener } = job;
  const onTile = listener.tiles ?? unheard;
  const enlarged = await clock.measure('decode', () =>
    enlargeFirstPass(networks, plan, latents, second, (total) => onTile(image.index, total)),
  );
  const source = fromImage(plan.model, second, enlarged);
  return clock.measure('denoise', () => denoisePass(job, image, second, source));
}

/** The `tiles` of a listener that does not listen to them. */
const unheard = () => () => Promise.resolve();

/** @returns the clean latents, float32 [channels, height, width] */
async function denoisePass(
  { plan, networks, listener, signal }: DrawJob,
  image: ImageJob,
  pass: Pass,
  source: LatentSource,
): Promise<Float32Array> {
  const { guidanceRescale, forecast, guidanceInterval } = plan.request;
  const { guidanceScale, imageGuidanceScale } = plan.settings;
  const scheduler = plan.createScheduler(image.planned.seed);
  const random = new ImageRandom(image.planned);
  const { latents, timesteps, keep, extraChannels } = source(scheduler, random);
  const denoiser = image.condition.denoiser({
    ...denoiserInputs(plan, pass, image.controls),
    extraChannels,
  });
  const use = {
    runs: pass.runs * plan.images.length,
    after: isUsedNext(denoiser, plan, image) ? 'keep' : 'done',
  } as const;
  const isSecond = pass === plan.second;
  return networks.use(denoiser.network, use, (session) =>
    denoise({
      scheduler,
      latents,
      timesteps,
      earlierSteps: isSecond ? plan.first.calls : 0,
      totalSteps: plan.first.calls + (plan.second?.calls ?? 0),
      guidanceScale,
      imageGuidanceScale,
      guidanceRescale,
      guidanceInterval,
      forecast: forecast && new Forecast(scheduler, timesteps.length, forecast),
      predict: denoiser.bind(session),
      keep,
      noise: () => random.randn(latents.length),
      signal,
      onStep: async (step) => {
        await listener.step(image.index, step, scheduler, pass.size);
        await yieldToEventLoop(signal);
      },
    }),
  );
}

function denoiserInputs(
  { request, settings }: JobPlan,
  pass: Pass,
  controls: PassControls,
): DenoiserInputs {
  const { guidanceInterval, tokenDownsampling, originalSize, targetSize, cropTopLeft } = request;
  const { guidanceScale } = settings;
  return {
    size: pass.size,
    guidanceScale,
    tokenDownsampling,
    controls: controls.get(pass),
    sizes: { originalSize, targetSize, cropTopLeft },
    rowByRow: guidanceInterval !== undefined,
  };
}

/** Whether the next pass of the job runs the same network. */
function isUsedNext(denoiser: Denoiser, plan: JobPlan, image: ImageJob): boolean {
  if (plan.second || !image.next) return false;
  const next = image.next.denoiser(denoiserInputs(plan, plan.first, image.controls));
  return next.network.key === denoiser.network.key;
}
