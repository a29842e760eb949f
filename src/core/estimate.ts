import type { CatalogueEntry, Family } from './catalogue/catalogue';
import type { DeviceName } from './devices';

/** How fast a model was on this machine, measured while it drew. */
export interface Speed {
  readonly model: string;
  readonly device: DeviceName;
  /** Pixels of the image it was measured on. */
  readonly pixels: number;
  /** Seconds of one step's run of the network for one prompt; guidance takes two a step. */
  readonly secondsPerEvaluation: number;
  /** Seconds of a job beside its steps, once the model is loaded. */
  readonly overhead: number;
}

/** What the time of a job depends on. */
export interface PlannedJob {
  readonly model: string;
  readonly device: DeviceName;
  /** Pixels of one image. */
  readonly pixels: number;
  /** Denoising steps per image, without those that a sketch skips. */
  readonly steps: number;
  /** With classifier-free guidance, which runs the network twice per step. */
  readonly guided: boolean;
  readonly images: number;
}

/**
 * Estimates the seconds of a job from the measured speed of its model on its device. The time is taken as
 * proportional to the area: attention grows faster, but not by much within the sizes of one model.
 * @returns undefined where nothing has been measured
 */
export function estimateSeconds(plan: PlannedJob, speeds: readonly Speed[]): number | undefined {
  const known = speeds.filter(
    ({ model, device }) => model === plan.model && device === plan.device,
  );
  const [speed] = known.sort(
    (a, b) => Math.abs(a.pixels - plan.pixels) - Math.abs(b.pixels - plan.pixels),
  );
  if (!speed) return undefined;
  const area = plan.pixels / speed.pixels;
  return evaluations(plan) * speed.secondsPerEvaluation * area + speed.overhead * plan.images;
}

/** Networks reach about this share of the speed of the probe's matrix product. */
const EFFICIENCY = 0.6;

/**
 * Guesses the seconds of the steps of a job before anything has been measured.
 * @param work gigaflops of one run of the network at the job's size
 * @param gflops of the device's probe
 */
export function guessSteps(
  plan: Pick<PlannedJob, 'steps' | 'images' | 'guided'>,
  work: number,
  gflops: number,
): number {
  return (evaluations(plan) * work) / (gflops * EFFICIENCY);
}

function evaluations({ steps, images, guided }: Pick<PlannedJob, 'steps' | 'images' | 'guided'>) {
  return steps * images * (guided ? 2 : 1);
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
 * @returns undefined where the work or the speed is not known
 */
export function guessImageSeconds(
  { family, defaults }: Pick<CatalogueEntry, 'family' | 'defaults'>,
  gflops: number,
): number | undefined {
  if (family === 'other' || !defaults || !(gflops > 0)) return undefined;
  const { steps, guidanceScale, width, height } = defaults;
  const { gigaflops, side } = FAMILY_WORK[family];
  const pixels = width * height;
  const work = gigaflops * (pixels / side ** 2);
  const drawing = guessSteps({ steps, images: 1, guided: guidanceScale > 1 }, work, gflops);
  return drawing + (DECODER * pixels) / (gflops * EFFICIENCY);
}
