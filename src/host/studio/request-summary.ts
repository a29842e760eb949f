import { keptFields } from '../../core/recipe/recipe';
import { otherOptions } from '../../core/recipe/other-options';
import type { RecipeField } from '../../core/request/fields';
import { lastName } from '../../core/repository-id';
import type { GenerationRequestInput } from '../../core/request/request';
import type { RequestSummary } from '../../protocol/studio';

/** The fields that a summary has by their names. */
const SAID: readonly RecipeField[] = [
  ...(['prompt', 'negativePrompt', 'model', 'seed', 'steps', 'guidanceScale', 'width'] as const),
  ...(['height', 'scheduler', 'variation', 'strength', 'composition', 'fit'] as const),
];

/** What the page and the gallery keep of a request. */
export function summaryOf(request: GenerationRequestInput): RequestSummary {
  const { prompt, negativePrompt = '', model = 'starter', seed } = request;
  const { steps, guidanceScale, width, height, scheduler, variation } = request;
  return {
    prompt,
    negativePrompt,
    model,
    seed,
    steps,
    guidanceScale,
    width,
    height,
    scheduler,
    others: othersOf(request),
    // A sketch is drawn from as it is.
    ...(!request.initImage && { variation }),
    ...(request.initImage && { strength: request.strength, inpainted: !!request.mask }),
  };
}

/** Models and files by the last part of their paths. */
export function othersOf(request: GenerationRequestInput): string[] | undefined {
  const others = otherOptions(keptFields(request), SAID).map(({ option, values }) =>
    [option, values.map(lastName).join(', ')].filter(Boolean).join(' '),
  );
  return others.length > 0 ? others : undefined;
}
