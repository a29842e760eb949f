import * as v from 'valibot';
import type { CatalogueEntry, Family } from './catalogue/catalogue';
import type { DeviceName, Precision } from './devices';
import { BASE_SHARE } from './diffusion/denoise';
import { countEvaluations, type AddedWork } from './diffusion/evaluations';
import { REQUEST_FIELDS } from './request/fields';
import type { GenerationRequestInput } from './request/request';

/** What a run of a network takes depends on how it is computed, how much of its attention, and what runs with it. */
interface Computed {
  readonly model: string;
  readonly device: DeviceName;
  readonly precision: Precision;
  /** As in a request; 1: all of it. */
  readonly tokenDownsampling: number;
  /** How many ControlNets are computed in each of its runs. T2I-Adapters run once. Default: none. */
  readonly controlNets?: number | undefined;
}

/** How fast a model was on this machine, measured while it drew. */
export interface Speed extends Computed {
  /** Pixels of the image it was measured on. */
  readonly pixels: number;
  /** Seconds of one step's run of the network for one prompt; guidance takes two a step. */
  readonly secondsPerEvaluation: number;
  /** Seconds of a job beside its steps, once the model is loaded. */
  readonly overhead: number;
}

/** What the time of a job depends on. */
export interface PlannedJob extends Computed {
  /** Pixels of one image. */
  readonly pixels: number;
  /** Denoising steps per image, without those that a sketch skips. */
  readonly steps: number;
  /** Runs of the network for one prompt in one image (`countEvaluations`). */
  readonly evaluations: number;
  readonly images: number;
}

/**
 * The time of a network in each precision, as a share of that in float32: int8 as measured with Stable Diffusion
 * 1.5 on a processor with VNNI, half as float16 needs half of the memory's bandwidth.
 */
const SHARE: Readonly<Record<Precision, number>> = { full: 1, half: 0.5, int8: 0.42 };

/** The time with tokens downsampled, as a share of that without: as measured with SD 1.5 at 512 × 512, in int8. */
const DOWNSAMPLED_SHARE = 0.75;

/**
 * The time of a ControlNet, as a share of the UNet's: of its operations it has 0.35 in SD 1.x and 2.x, and 0.45 in
 * SDXL, counted with torch's FlopCounterMode at the published configs and sizes.
 */
const CONTROLNET_SHARE = 0.4;

function shareOfTime({
  precision,
  tokenDownsampling,
  controlNets = 0,
}: Pick<Computed, 'precision' | 'tokenDownsampling' | 'controlNets'>): number {
  const whole = SHARE[precision] * (tokenDownsampling > 1 ? DOWNSAMPLED_SHARE : 1);
  return whole * (1 + CONTROLNET_SHARE * controlNets);
}

/** How much longer one way of computing takes than another, before both were measured. */
function relativeTime(plan: Computed, measured: Computed): number {
  return shareOfTime(plan) / shareOfTime(measured);
}

/**
 * Estimates the seconds of a job from the measured speed of its model on its device: in the same precision and with
 * as many ControlNets, or else with others. The time is taken as proportional to the area: attention grows faster,
 * but not by much within the sizes of one model.
 * @returns undefined where nothing has been measured
 */
export function estimateSeconds(plan: PlannedJob, speeds: readonly Speed[]): number | undefined {
  const known = speeds.filter(
    ({ model, device }) => model === plan.model && device === plan.device,
  );
  const isOther = ({ precision, tokenDownsampling, controlNets = 0 }: Speed) =>
    Number(
      precision !== plan.precision ||
        tokenDownsampling !== plan.tokenDownsampling ||
        controlNets !== (plan.controlNets ?? 0),
    );
  const [speed] = known.sort(
    (a, b) =>
      isOther(a) - isOther(b) ||
      Math.abs(a.pixels - plan.pixels) - Math.abs(b.pixels - plan.pixels),
  );
  if (!speed) return undefined;
  const area = plan.pixels / speed.pixels;
  const perEvaluation = speed.secondsPerEvaluation * area * relativeTime(plan, speed);
  return plan.images * (plan.evaluations * perEvaluation + speed.overhead);
}

/** Networks reach about this share of the speed of the probe's matrix product. */
const EFFICIENCY = 0.6;

/**
 * Guesses the seconds of the steps of a job before anything has been measured.
 * @param work gigaflops of one run of the network at the job's size
 * @param gflops of the device's probe
 */
export function guessSteps(
  plan: Pick<
    PlannedJob,
    'images' | 'evaluations' | 'precision' | 'tokenDownsampling' | 'controlNets'
  >,
  work: number,
  gflops: number,
): number {
  return (plan.images * plan.evaluations * work * shareOfTime(plan)) / (gflops * EFFICIENCY);
}

/** Gigaflops of one run of the denoising network of each family's published models, at a side of so many pixels. */
export const FAMILY_WORK = {
  'SD 1.x': { gigaflops: 800, side: 512 },
  'SD 2.x': { gigaflops: 800, side: 512 },
  SDXL: { gigaflops: 6000, side: 1024 },
} as const satisfies Partial<Record<Family, { gigaflops: number; side: number }>>;
/** Gigaflops of the autoencoder of all these families, for each pixel that it decodes. */
const DECODER = 2500 / (512 * 512);

/**
 * Guesses the seconds of an image of a model that is not downloaded yet, with its own defaults.
 * @param gflops that the probe of the device found
 * @param precision in which `auto` computes it there
 * @returns undefined where the work or the speed is not known
 */
export function guessImageSeconds(
  {
    family,
    defaults,
    edits,
    gigaflops: own,
  }: Pick<CatalogueEntry, 'family' | 'defaults' | 'edits' | 'gigaflops'>,
  gflops: number,
  precision: Precision,
): number | undefined {
  if (family === 'other' || !defaults || !(gflops > 0)) return undefined;
  const { steps, guidanceScale, width, height } = defaults;
  const { gigaflops, side } = FAMILY_WORK[family];
  const pixels = width * height;
  const work = own ?? gigaflops * (pixels / side ** 2);
  const evaluations = countEvaluations({ steps, guided: guidanceScale > 1, edits });
  const job = { images: 1, evaluations, precision, tokenDownsampling: 1 };
  const decoding = (DECODER * pixels * SHARE[precision]) / (gflops * EFFICIENCY);
  return guessSteps(job, work, gflops) + decoding;
}

/** What a request adds to the plain steps of its model, and so to the time of an image. */
type AddingFields = Partial<
  Pick<GenerationRequestInput, 'pagScale' | 'refiner' | 'denoisingEnd' | 'hires'>
>;

/**
 * What a request computes besides the plain steps of its model.
 * @param gigaflops of one run of the model's network and of its refiner's, where they are known; else they count as equal
 */
export function addedWork(
  { pagScale = 0, refiner, denoisingEnd: begin = BASE_SHARE, hires }: AddingFields,
  gigaflops: { readonly model?: number | undefined; readonly refiner?: number | undefined },
): AddedWork {
  const { model, refiner: other } = gigaflops;
  const work = model && other ? other / model : 1;
  return {
    ...(pagScale > 0 && { perturbed: true }),
    ...(refiner !== undefined && { refiner: { begin, work } }),
    ...(hires && { again: v.parse(REQUEST_FIELDS.hires.schema, hires) }),
  };
}
