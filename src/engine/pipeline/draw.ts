import { Forecast } from '../../core/diffusion/forecast';
import { denoise, type DenoiseStep } from '../../core/diffusion/denoise';
import type { Scheduler } from '../../core/diffusion/schedulers/index';
import { toBytes, toRgb, type DrawnImage } from '../../core/image/pixels';
import type { Flagged } from '../../core/request/safety';
import type { LatentSize } from '../model/latent-space';
import type {
  ControlInput,
  Denoiser,
  DenoiserInputs,
  PreparedControl,
  PromptCondition,
} from '../model/model';
import type { Networks } from '../model/network';
import { controlInputs } from './control-images';
import { enlargeFirstPass } from './enlarge';
import { yieldToEventLoop } from '../runtime/event-loop';
import { ImageRandom } from './image-random';
import type { JobClock } from './job-clock';
import {
  fromImage,
  fromLatents,
  fromWholeImage,
  openLatentSource,
  type LatentSource,
} from './latent-source';
import type { JobPlan, Pass, PlannedImage, Refining, SecondPass } from './plan';
import { RefinerNetworks } from './refining';
import { checkImage } from './safety';
import { prepareMask } from './source-image';

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
  /** Called with each finished image. @param flagged what was done to it after the model's safety checker flagged it */
  image(image: number, seed: number, drawn: DrawnImage, flagged?: Flagged): Promise<void>;
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
  const { model, second, refining, images } = plan;
  const { conditions, refined, source, controls } = await clock.measure('encode', async () => {
    // First, since an image may be refused.
    const inputs = await controlInputsOf(plan);
    return {
      conditions: await encodePrompts(networks, plan, plan, plan.imagePrompts),
      refined:
        refining &&
        (await encodePrompts(new RefinerNetworks(networks, refining.model), plan, refining)),
      source: await openLatentSource(networks, plan),
      controls: await prepareControls(job, inputs),
    };
  });
  const { size, width, height } = second ?? plan.first;
  const mask = refining && plan.source?.mask && (await prepareMask(plan.source.mask, plan.first));
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
    let latents = first;
    if (second) latents = await drawAgain(job, image, first, second);
    if (refining && refined) {
      const again = { ...image, condition: refined[index]!, next: refined[index + 1] };
      latents = await refine(job, again, { latents, mask }, refining);
    }
    const decoded = await clock.measure('decode', () =>
      model.decode(networks, latents, size, { runs: images.length, tiled: plan.memory.vaeTiling }),
    );
    const opacity = decoded.opacity && toBytes(decoded.opacity);
    const drawn = { ...toRgb(decoded.sample, width, height), opacity };
    const after = image.next ? 'keep' : 'done';
    const checked = await clock.measure('decode', () =>
      checkImage(plan, networks, drawn, { runs: images.length, after }),
    );
    await listener.image(index, planned.seed, checked.drawn, checked.flagged);
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

/** The control images of each pass, at its size. */
async function controlInputsOf({
  first,
  second,
}: JobPlan): Promise<ReadonlyMap<Pass, readonly ControlInput[]>> {
  const inputs = new Map<Pass, readonly ControlInput[]>();
  for (const pass of second ? [first, second] : [first]) {
    inputs.set(pass, await controlInputs(pass.controls, pass));
  }
  return inputs;
}

async function prepareControls(
  { plan: { model }, networks }: DrawJob,
  inputs: ReadonlyMap<Pass, readonly ControlInput[]>,
): Promise<PassControls> {
  const controls = new Map<Pass, readonly PreparedControl[]>();
  for (const [pass, given] of inputs) {
    controls.set(pass, await model.prepareControls(networks, given, pass.size));
  }
  return controls;
}

/** The condition of each image, of the model or its refiner. Images with equal prompts share one. */
async function encodePrompts(
  networks: Networks,
  plan: JobPlan,
  { model, guided }: Pick<Refining, 'model' | 'guided'>,
  images?: JobPlan['imagePrompts'],
): Promise<readonly PromptCondition[]> {
  const { request } = plan;
  const keys = plan.images.map(({ prompts }) => JSON.stringify(prompts));
  const distinct = new Map(keys.map((key, image) => [key, plan.images[image]!.prompts]));
  const { promptSyntax, clipSkip } = request;
  const encoded = await model.encodePrompts(networks, [...distinct.values()], {
    promptSyntax,
    guided,
    clipSkip,
    guidanceScale: plan.settings.guidanceScale,
    ...(images && { images }),
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
  const source = plan.model.takesMask
    ? await clock.measure('encode', () => fromWholeImage(networks, plan, second, enlarged))
    : fromImage(plan.model, second, enlarged);
  return clock.measure('denoise', () => denoisePass(job, image, second, source));
}

/** The `tiles` of a listener that does not listen to them. */
const unheard = () => () => Promise.resolve();

/** The rest of the denoising, by the refiner, with the same seed. */
function refine(
  job: DrawJob,
  image: ImageJob,
  { latents, mask }: { readonly latents: Float32Array; readonly mask: Float32Array | undefined },
  refining: Refining,
): Promise<Float32Array> {
  const { model, pass } = refining;
  const networks = new RefinerNetworks(job.networks, model);
  const source = fromLatents(model, pass, latents, mask);
  return job.clock.measure('denoise', () =>
    denoisePass({ ...job, networks }, image, pass, source, refining),
  );
}

/** @returns the latents after the pass, float32 [channels, height, width] */
async function denoisePass(
  { plan, networks, listener, signal }: DrawJob,
  image: ImageJob,
  pass: Pass,
  source: LatentSource,
  planned: Pick<JobPlan, 'createScheduler'> = plan,
): Promise<Float32Array> {
  const { guidanceRescale, forecast, guidanceInterval, pagScale, pagAdaptiveScale } = plan.request;
  const { guidanceScale, imageGuidanceScale } = plan.settings;
  const scheduler = planned.createScheduler(image.planned.seed);
  const random = new ImageRandom(image.planned);
  const { latents, keep, extraChannels, ...steps } = source(scheduler, random);
  const { timesteps } = steps;
  const denoiser = image.condition.denoiser({
    ...denoiserInputs(plan, pass, image.controls),
    extraChannels,
  });
  const use = {
    runs: pass.runs * plan.images.length,
    after: isUsedNext(denoiser, plan, pass, image) ? 'keep' : 'done',
  } as const;
  const passes = [plan.first, plan.second, plan.refining?.pass].flatMap((one) => one ?? []);
  const callsOf = (some: readonly Pass[]) => some.reduce((sum, { calls }) => sum + calls, 0);
  return networks.use(denoiser.network, use, (session) =>
    denoise({
      scheduler,
      latents,
      ...steps,
      earlierSteps: callsOf(passes.slice(0, passes.indexOf(pass))),
      totalSteps: callsOf(passes),
      guidanceScale,
      imageGuidanceScale,
      guidanceRescale,
      perturbedGuidance: { scale: pagScale, adaptiveScale: pagAdaptiveScale },
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
  { request, settings, refining, first, source }: JobPlan,
  pass: Pass,
  controls: PassControls,
): DenoiserInputs {
  const { guidanceInterval, tokenDownsampling, originalSize, targetSize, cropTopLeft } = request;
  const { negativeOriginalSize, negativeTargetSize, negativeCropTopLeft } = request;
  const { aestheticScore, negativeAestheticScore, pagScale, pagAppliedLayers } = request;
  const { guidanceScale, noiseLevel } = settings;
  return {
    size: pass.size,
    guidanceScale,
    noiseLevel,
    tokenDownsampling,
    // It is for the request's model, as `enable_freeu` of its pipeline.
    freeu: pass === refining?.pass ? undefined : request.freeu,
    controls: controls.get(pass),
    sizes: {
      ...{ originalSize, targetSize, cropTopLeft },
      ...{ negativeOriginalSize, negativeTargetSize, negativeCropTopLeft },
    },
    continues: pass !== first || source !== undefined,
    perturbed: pagScale > 0 ? pagAppliedLayers : undefined,
    scores: { aestheticScore, negativeAestheticScore },
    rowByRow: guidanceInterval !== undefined,
  };
}

/** Whether the next pass of the job runs the same network. */
function isUsedNext(denoiser: Denoiser, plan: JobPlan, pass: Pass, image: ImageJob): boolean {
  if (plan.second || !image.next) return false;
  const next = image.next.denoiser(denoiserInputs(plan, pass, image.controls));
  return next.network.key === denoiser.network.key;
}
