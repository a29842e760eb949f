import type { GenerationRequestInput } from '../../core/request/request';
import type { RequestSummary } from '../../protocol/studio';

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
    // A sketch is drawn from as it is.
    ...(!request.initImage && { variation }),
    ...(request.initImage && { strength: request.strength, inpainted: !!request.mask }),
  };
}
