import type { GenerationRequestInput } from '../request/request';
import { START, startNotes } from './readers/easel';
import { keptFields, type Recipe } from './recipe';

/** A picture that Easel has drawn. */
export interface Drawing {
  readonly request: GenerationRequestInput;
  /** What was used where the request left it to the model. */
  readonly settings: {
    readonly steps: number;
    readonly guidanceScale: number;
    readonly width: number;
    readonly height: number;
  };
  /** diffusers' class of the scheduler that was used. */
  readonly scheduler: string;
  /** The seed of this very picture. */
  readonly seed: number;
  /** What `--model` takes. */
  readonly model: string;
  readonly version: string;
}

/** The recipe of a picture that Easel has drawn: the request with every choice made. */
export function drawnRecipe(drawing: Drawing): Recipe {
  const { request, settings, scheduler, seed, model, version } = drawing;
  const { steps, guidanceScale, width, height } = settings;
  const start = [request.initImage && 'a picture', request.mask && 'a mask'].filter(Boolean);
  return {
    tool: 'Easel',
    toolVersion: version,
    model,
    request: keptFields({
      ...request,
      model,
      steps,
      guidanceScale,
      width,
      height,
      seed,
      scheduler: request.scheduler ?? scheduler,
    }),
    details: start.length > 0 ? { [START]: start.join(' and ') } : {},
    notes: startNotes(start.length > 0),
  };
}
