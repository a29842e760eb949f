import { stepsAtStrength } from './denoise';
import { computedSteps, type ForecastOptions } from './forecast';
import { isGuidedStep, type GuidanceInterval } from './guidance';

export interface PlannedSteps {
  /** Steps of one pass of one image, with those that `strength` skips. */
  readonly steps: number;
  /** Of an image to start from. Absent: none is skipped. */
  readonly strength?: number | undefined;
  /** With classifier-free guidance, which evaluates the network twice a step, or three times where it edits. */
  readonly guided: boolean;
  /** Whether the model edits an image by words. Default: no. */
  readonly edits?: boolean | undefined;
  readonly forecast?: ForecastOptions | undefined;
  readonly guidanceInterval?: GuidanceInterval | undefined;
}

/** What a job computes besides the plain steps of its model. */
export interface AddedWork {
  /** With perturbed-attention guidance, which evaluates the network once more a step. Default: no. */
  readonly perturbed?: boolean | undefined;
  /** A model that does the end of the last pass. */
  readonly refiner?: RefinerPart | undefined;
  /** A second pass, over the enlarged image. */
  readonly again?: SecondPart | undefined;
}

export interface RefinerPart {
  /** The share of the denoising that comes before it, from 0 to 1. */
  readonly begin: number;
  /** What an evaluation of its network takes, as a multiple of the model's. */
  readonly work: number;
}

export interface SecondPart {
  /** Absent: as the first pass. */
  readonly steps?: number | undefined;
  readonly strength: number;
  /** How many times as wide and high. */
  readonly scale: number;
}

/** How many steps of a pass run the network. */
export function countRuns({ steps, forecast }: Pick<PlannedSteps, 'steps' | 'forecast'>): number {
  return runsOf(steps, forecast).length;
}

/**
 * How often a job evaluates the network for one prompt of one image: the measure of its time. Those of a refiner and
 * of a larger pass count as the evaluations of the first pass that take as long.
 */
export function countEvaluations(planned: PlannedSteps & AddedWork): number {
  const { refiner, again } = planned;
  if (!again) return evaluationsOf(planned, refiner);
  const { scale, steps = planned.steps, strength } = again;
  const larger = evaluationsOf({ ...planned, steps, strength }, refiner);
  return evaluationsOf(planned) + scale ** 2 * larger;
}

/** Of one pass, at whose end a refiner may be. Its share of the timesteps is taken for that of the steps. */
function evaluationsOf(planned: PlannedSteps & AddedWork, refiner?: RefinerPart): number {
  const { steps, strength } = planned;
  const kept = stepsAtStrength(steps, strength);
  if (!refiner) return rowsOf(planned, { count: kept, before: 0, counted: kept });
  const end = Math.min(kept, Math.round(steps * (1 - refiner.begin)));
  const own = rowsOf(planned, { count: kept - end, before: 0, counted: kept });
  // The refiner counts its steps from the beginning of the schedule.
  const others = rowsOf(planned, { count: end, before: steps - end, counted: steps });
  return own + refiner.work * others;
}

/** Steps that one network computes, and their place among those that a guidance interval counts. */
interface Part {
  readonly count: number;
  readonly before: number;
  readonly counted: number;
}

function rowsOf(
  { guided, edits, perturbed, forecast, guidanceInterval }: PlannedSteps & AddedWork,
  { count, before, counted }: Part,
): number {
  const most = edits ? 3 : 2;
  const least = perturbed ? 2 : 1;
  return runsOf(count, forecast).reduce((sum, step) => {
    const isGuided = guided && isGuidedStep(before + step, counted, guidanceInterval);
    return sum + least + (isGuided ? most - 1 : 0);
  }, 0);
}

/** The steps, from 0, that run the network. */
function runsOf(steps: number, forecast: ForecastOptions | undefined): number[] {
  const all = Array.from({ length: steps }, (_, step) => step);
  if (!forecast) return all;
  const computed = computedSteps(steps, forecast);
  return all.filter((step) => computed[step]);
}
