import { computedSteps, type ForecastOptions } from './forecast';
import { isGuidedStep, type GuidanceInterval } from './guidance';

export interface PlannedSteps {
  /** Steps of one pass of one image. */
  readonly steps: number;
  /** With classifier-free guidance, which evaluates the network twice a step, or three times where it edits. */
  readonly guided: boolean;
  /** Whether the model edits an image by words. Default: no. */
  readonly edits?: boolean | undefined;
  readonly forecast?: ForecastOptions | undefined;
  readonly guidanceInterval?: GuidanceInterval | undefined;
}

/** How many steps of a pass run the network. */
export function countRuns({ steps, forecast }: Pick<PlannedSteps, 'steps' | 'forecast'>): number {
  return runsOf(steps, forecast).length;
}

/** How often a pass evaluates the network for one prompt: the measure of its time. */
export function countEvaluations(planned: PlannedSteps): number {
  const { steps, guided, edits, forecast, guidanceInterval } = planned;
  const runs = runsOf(steps, forecast);
  if (!guided) return runs.length;
  const most = edits ? 3 : 2;
  return runs.reduce(
    (sum, step) => sum + (isGuidedStep(step, steps, guidanceInterval) ? most : 1),
    0,
  );
}

/** The steps, from 0, that run the network. */
function runsOf(steps: number, forecast: ForecastOptions | undefined): number[] {
  const all = Array.from({ length: steps }, (_, step) => step);
  if (!forecast) return all;
  const computed = computedSteps(steps, forecast);
  return all.filter((step) => computed[step]);
}
