import type { Composition } from '../../core/composition/composition';
import type { AttentionKind, GraphicsCard, Precision } from '../../core/devices';
import { BASE_SHARE } from '../../core/diffusion/denoise';
import { countRuns } from '../../core/diffusion/evaluations';
import type { Scheduler } from '../../core/diffusion/schedulers/index';
import { EaselError } from '../../core/errors';
import { requireFormatSize } from '../../core/image/format-size';
import { expandWildcards, type WildcardText } from '../../core/prompt/wildcards';
import { LIMITS } from '../../core/request/fields/limits';
import type { GenerationRequest } from '../../core/request/request';
import type { StyledRequest } from '../../core/request/styles';
import type { Frame } from '../composition/frame';
import type { ComposedJob } from '../composition/plan-composition';
import type { LatentSize } from '../model/latent-space';
import type {
  ImagePromptInput,
  MemoryEstimate,
  MemoryUse,
  Model,
  PromptPair,
} from '../model/model';
import {
  type ControlSource,
  endedBySteps,
  planControls,
  type PlannedControl,
  sizeOfControls,
  usualScales,
} from './control-images';
import { checkEditing } from './editing';
import { checkNegativeSizes } from './negative-sizes';
import { checkSuperResolution } from './super-resolution';
import type { RequestedUpscaling } from './upscaling/requested';
import { planUpscaling, upscalingMemory, type UpscalePlan } from './upscaling/upscale-image';
import { resolveSettings, type Settings } from './settings';
import type { SourceImage } from './source-image';
import {
  imageToImageTimesteps,
  textToImageTimesteps,
  type DenoisingPart,
  type PassTimesteps,
} from './timesteps';

/** One run of the denoising loop, from noise to latents. */
export interface Pass extends DenoisingPart {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Size of the latents, in cells. */
  readonly size: LatentSize;
  /** Requested steps. With an initial image, `strength` skips the first of them. */
  readonly steps: number;
  readonly strength: number;
  /** Number of calls of the scheduler. The user sees each as one step. */
  readonly calls: number;
  /** Number of calls that run the network; the others are forecast. */
  readonly runs: number;
  /** What the model's ControlNets are given. */
  readonly controls: readonly PlannedControl[];
}

export type Upscaler = NonNullable<GenerationRequest['hires']>['upscaler'];

/** Image to image from the enlarged result of the first pass. */
export interface SecondPass extends Pass {
  readonly upscaler: Upscaler;
  /** Enlarges the decoded image, in the place of `upscaler`. */
  readonly enlargement: UpscalePlan | undefined;
}

/** The last part of the denoising, by another model. */
export interface Refining {
  readonly model: Model;
  readonly pass: Pass;
  readonly guided: boolean;
  /** As `JobPlan.createScheduler`, with the config of this model. */
  createScheduler(seed: number): Scheduler;
}

/** One drawing of the model. */
export interface PlannedImage {
  readonly seed: number;
  readonly prompts: PromptPair;
  /** Mixes the noise of another seed into the noise that it begins with. */
  readonly variationNoise?: { readonly seed: number; readonly strength: number } | undefined;
}

/** What a job will do. It is decided once, before anything is loaded. */
export interface JobPlan {
  readonly model: Model;
  readonly request: StyledRequest;
  /** The request's values, with the model's defaults. Reported to the user and saved in the image. */
  readonly settings: Settings;
  readonly source: SourceImage | undefined;
  /** Whether classifier-free guidance is on. */
  readonly guided: boolean;
  readonly first: Pass;
  readonly second: SecondPass | undefined;
  /** What goes on from the last of these passes. */
  readonly refining: Refining | undefined;
  /** What the model draws: the images of the job, or the subjects of composed ones, image by image. */
  readonly images: readonly PlannedImage[];
  /** Absent where what the model draws are the images. */
  readonly composed: ComposedJob | undefined;
  /** How the initial image lies in what the model draws. Absent: they have one size. */
  readonly frame: Frame | undefined;
  /** What the model starts from, where a request names a ground for a model that does not compose. */
  readonly start: Composition | undefined;
  /** What the model's IP-Adapters are given. */
  readonly imagePrompts: readonly ImagePromptInput[];
  /** How each finished image is made larger. */
  readonly upscaling: UpscalePlan | undefined;
  readonly memoryUse: MemoryUse;
  readonly memory: MemoryEstimate;
  /** A new scheduler. An instance has state and is used for one pass of one image. */
  createScheduler(seed: number): Scheduler;
}

interface PlanOptions extends Partial<Pick<JobPlan, 'composed' | 'frame' | 'start'>> {
  readonly controls?: readonly ControlSource[];
  readonly imagePrompts?: readonly ImagePromptInput[];
  readonly upscaling?: RequestedUpscaling | undefined;
  /** Goes on where the model's denoising ends (`openRefiner`). */
  readonly refiner?: Model | undefined;
}

/**
 * Plans a job.
 * @throws EaselError `bad-size`, `unknown-scheduler`, `unsupported-scheduler`, `unsupported-config`; `bad-request` if the strength
 *   leaves no step, or if the request does not fit the model or the scheduler
 */
export function planJob(
  request: StyledRequest,
  model: Model,
  source: SourceImage | undefined,
  {
    composed,
    frame,
    start,
    controls = [],
    imagePrompts = [],
    upscaling,
    refiner,
  }: PlanOptions = {},
): JobPlan {
  if (!source && model.takesMask) {
    throw new EaselError(
      'bad-request',
      'This is an inpainting model: it needs an initial image and a mask. Give both, or use another model.',
    );
  }
  if (!source && model.refines) {
    throw new EaselError(
      'bad-request',
      `${model.id} is a refiner, which changes images: give an initial image, or a base model with --model and the refiner with --refiner.`,
      { field: 'initImage', model: model.id },
    );
  }
  checkEditing(request, model);
  checkSuperResolution(request, model);
  checkConditions(request, model, refiner);
  checkNegativeSizes(request, model, source === undefined);
  const createScheduler = (seed?: number) =>
    model.createScheduler(request.scheduler, { seed, eta: request.eta });
  const scheduler = createScheduler();
  const drawing = composed || frame ? { ...request, ...model.nativeSize, fit: undefined } : request;
  const controlSize = sizeOfControls(controls, model);
  const settings = resolveSettings(drawing, model, { source, controlSize }, scheduler.name);
  const size = composed?.size ?? frame?.size;
  const { width, height, steps, strength } = settings;
  const guided = model.isGuided(settings);
  const counted = ({ timesteps: { length: calls } }: PassTimesteps) => ({
    calls,
    runs: countRuns({ steps: calls, forecast: request.forecast }),
  });
  const scales = usualScales(model, source);
  const part = partOf(request, source, refiner);
  // A refiner does the end of the last pass, as AUTOMATIC1111's does by default ("Hires fix: which pass").
  const isLast = !refiner || !request.hires;
  const firstPart = isLast ? part : { denoisingStart: part.denoisingStart };
  const firstCalls = counted(
    source && !model.takesImage && !model.upscaling
      ? imageToImageTimesteps(scheduler, { model, steps, strength, ...firstPart })
      : textToImageTimesteps(scheduler, { steps, ...firstPart }),
  );
  const planned = planControls(controls, scales);
  const isWhole = !source && firstPart.denoisingEnd === undefined;
  const first: Pass = {
    width,
    height,
    steps,
    strength,
    size: model.latents.sizeOf(settings),
    controls: isWhole ? endedBySteps(planned, model, { steps, ...firstCalls }) : planned,
    ...firstPart,
    ...firstCalls,
  };
  const enlarged = secondPass(request, settings, model.latents.factor);
  const larger = enlarged && { ...enlarged, ...(refiner && { denoisingEnd: part.denoisingEnd }) };
  const second = larger && {
    ...larger,
    enlargement: upscaling?.hires && {
      ...planUpscaling(first, upscaling.hires, larger.width / first.width),
      size: { width: larger.width, height: larger.height },
    },
    size: model.latents.sizeOf(larger),
    controls: planned,
    ...counted(imageToImageTimesteps(scheduler, { model, ...larger })),
  };
  const refining = refiner && planRefining(request, settings, refiner, second ?? first);
  for (const pass of second ? [first, second] : [first]) model.checkControlSize(pass);
  const largest = second ?? first;
  const { finished } = upscaling ?? {};
  const upscalePlan = finished && planUpscaling(largest, finished.upscaler, finished.factor);
  requireFormatSize(request.format, request.fit ?? upscalePlan?.size ?? size ?? largest);
  const images = composed
    ? composed.images
        .flatMap(({ draws }) => draws)
        .map((draw) => ({
          ...draw,
          variationNoise: variationOf(request, settings, draw.seed - composed.seed),
        }))
    : Array.from({ length: request.numImages }, (_, image): PlannedImage => {
        const variationNoise = variationOf(request, settings, image);
        // As in AUTOMATIC1111, all are variations of one seed.
        const seed = variationNoise ? settings.seed : settings.seed + image;
        return { seed, prompts: promptsOf(request, seed), variationNoise };
      });
  const memoryUse = {
    width: largest.width,
    height: largest.height,
    guided: guided && !request.guidanceInterval,
    perturbed: request.pagScale > 0,
    steps: largest.runs * images.length,
    vaeTiling: request.vaeTiling,
  };
  const ended = refining && { denoisingEnd: part.denoisingEnd };
  return {
    model,
    request,
    settings: { ...settings, ...size, ...(composed && { seed: composed.seed }), ...ended },
    source,
    guided,
    first,
    second,
    refining,
    createScheduler,
    images,
    composed,
    frame,
    start,
    imagePrompts,
    upscaling: upscalePlan,
    memoryUse,
    memory: withUpscaling(estimateOf(model, refining, memoryUse), [
      second?.enlargement,
      upscalePlan,
    ]),
  };
}

/** What the request says of the denoiser's conditions: a refiner is told some, and the model the others. */
function checkConditions(request: StyledRequest, model: Model, refiner: Model | undefined): void {
  const { modelPrompt2: prompt2, modelNegativePrompt2: negativePrompt2 } = request;
  const asked = { ...request, prompt2, negativePrompt2 };
  if (!refiner) {
    model.checkConditions(asked);
    return;
  }
  const { aestheticScore, negativeAestheticScore, ...others } = asked;
  model.checkConditions(others);
  const { clipSkip, pagScale, pagAppliedLayers, guidanceInterval } = request;
  const shared = { clipSkip, pagScale, pagAppliedLayers, guidanceInterval };
  refiner.checkConditions({ ...shared, aestheticScore, negativeAestheticScore });
}

/**
 * The part of the denoising that the request asks for.
 * @throws EaselError `bad-request` where it ends before it begins, or begins in the middle without an image
 */
function partOf(
  { denoisingStart, denoisingEnd: asked }: StyledRequest,
  source: SourceImage | undefined,
  refiner: Model | undefined,
): DenoisingPart {
  const denoisingEnd = asked ?? (refiner && BASE_SHARE);
  if (denoisingStart === undefined) return { denoisingEnd };
  const field = { field: 'denoisingStart', value: denoisingStart };
  if (!source) {
    const message = `denoisingStart says how far an initial image is denoised. Give one, or leave it out.`;
    throw new EaselError('bad-request', message, field);
  }
  if (denoisingEnd !== undefined && denoisingStart >= denoisingEnd) {
    const message = `denoisingStart ${denoisingStart} must be less than denoisingEnd ${denoisingEnd}.`;
    throw new EaselError('bad-request', message, field);
  }
  return { denoisingStart, denoisingEnd };
}

/** The refiner's pass, from where the last one of the model ends. */
function planRefining(
  { scheduler: name, eta, forecast }: StyledRequest,
  settings: Settings,
  model: Model,
  { width, height, size, steps, denoisingEnd: denoisingStart }: Pass,
): Refining {
  const createScheduler = (seed?: number) => model.createScheduler(name, { seed, eta });
  const pass = { width, height, size, steps, denoisingStart, strength: 1, controls: [] };
  const { timesteps } = imageToImageTimesteps(createScheduler(), { model, ...pass });
  const calls = timesteps.length;
  const runs = countRuns({ steps: calls, forecast });
  return {
    model,
    pass: { ...pass, calls, runs },
    guided: model.isGuided(settings),
    createScheduler,
  };
}

/** Of both models: where memory is short, the networks of one are freed for those of the other. */
function estimateOf(model: Model, refining: Refining | undefined, use: MemoryUse): MemoryEstimate {
  const own = model.estimateMemory(use);
  if (!refining) return own;
  const other = refining.model.estimateMemory(use);
  return {
    ...own,
    bytes: Math.max(own.bytes, other.bytes),
    bytesTogether: own.bytesTogether + other.bytesTogether,
  };
}

/** The memory of a job that also makes images larger. Its networks are freed for that where memory is short. */
function withUpscaling(
  memory: MemoryEstimate,
  plans: readonly (UpscalePlan | undefined)[],
  { precision = 'full', card }: Pick<MemoryUse, 'precision' | 'card'> = {},
): MemoryEstimate {
  const where = { precision, place: card ? 'card' : 'processor' } as const;
  const needs = plans.map((plan) => (plan ? upscalingMemory(plan, where) : 0));
  return { ...memory, bytes: Math.max(memory.bytes, ...needs) };
}

/** Where and how the networks of a plan are computed. */
export interface ComputePlace {
  readonly precision: Precision;
  /** Absent: the processor. */
  readonly card: Pick<GraphicsCard, 'memoryBytes'> | undefined;
  readonly attention: AttentionKind | undefined;
}

/** The plan with the memory that it takes there. */
export function onDevice(
  plan: JobPlan,
  { precision, card, attention = 'plain' }: ComputePlace,
): JobPlan {
  const { model, refining, memoryUse, second, upscaling } = plan;
  const onCard = card && { memoryBytes: card.memoryBytes, attention };
  const place = { precision, card: onCard };
  const memory = estimateOf(model, refining, { ...memoryUse, ...place });
  return { ...plan, memory: withUpscaling(memory, [second?.enlargement, upscaling], place) };
}

/**
 * The second pass, at the enlarged size rounded to whole latent cells.
 * @returns undefined if the request has no second pass
 * @throws EaselError `bad-request` if the request also has a mask or margins
 */
export function secondPass(
  { hires, mask, outpaint }: Pick<GenerationRequest, 'hires' | 'mask' | 'outpaint'>,
  settings: Pick<Settings, 'width' | 'height' | 'steps'>,
  factor: number,
): Omit<SecondPass, 'size' | 'calls' | 'runs' | 'controls' | 'enlargement'> | undefined {
  if (!hires) return undefined;
  if (mask || outpaint) {
    throw new EaselError(
      'bad-request',
      'A second pass cannot keep parts of the image. Leave out the mask or the margins, or run the second ' +
        'pass on the result.',
      { field: 'hires' },
    );
  }
  const enlarge = (side: number) =>
    Math.max(factor, Math.round((side * hires.scale) / factor) * factor);
  return {
    width: enlarge(settings.width),
    height: enlarge(settings.height),
    steps: hires.steps ?? settings.steps,
    strength: hires.strength,
    upscaler: hires.upscaler,
  };
}

/** A seed this far from another one; seeds go around at their end. */
export function seedAfter(seed: number, offset: number): number {
  const { max } = LIMITS.seed;
  const sum = (seed + offset) % max;
  return sum < 0 ? sum + max : sum;
}

/**
 * The variation of what has the request's seed and this number added; undefined where nothing is mixed.
 * @param offset as far from the variation's seed, so that parts of an image vary by themselves
 */
function variationOf(
  { variationStrength: strength }: StyledRequest,
  { variationSeed }: Settings,
  offset: number,
): PlannedImage['variationNoise'] {
  return variationSeed === undefined
    ? undefined
    : { seed: seedAfter(variationSeed, offset), strength };
}

function promptsOf(request: StyledRequest, seed: number): PromptPair {
  const { modelPrompt2: second, modelNegativePrompt2: negativeSecond } = request;
  const read = (text: string, which: WildcardText) =>
    request.wildcards ? expandWildcards(text, seed, which) : text;
  return {
    prompt: read(request.modelPrompt, 'prompt'),
    negativePrompt: read(request.modelNegativePrompt, 'negativePrompt'),
    prompt2: second && read(second, 'prompt2'),
    negativePrompt2: negativeSecond && read(negativeSecond, 'negativePrompt2'),
  };
}
