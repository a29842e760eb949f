import type { Job, RequestSummary, StudioImage } from '../../src/protocol/studio';
import { isLive } from './job-status';

/** What the variations are of. */
type Drawn = Pick<RequestSummary, 'prompt' | 'model'>;

/** The first variation of a prompt that no image here has, and none that is being drawn; 1 at least. */
export function nextVariation(
  { prompt, model }: Drawn,
  images: readonly StudioImage[],
  jobs: readonly Job[],
): number {
  const isOf = (request: RequestSummary | undefined): request is RequestSummary =>
    request?.prompt === prompt && request.model === model;
  const drawn = images.flatMap(({ request }) => (isOf(request) ? [request.variation ?? 0] : []));
  const coming = jobs.flatMap((job) =>
    isLive(job) && isOf(job.request) ? [(job.request.variation ?? 0) + job.numImages - 1] : [],
  );
  return Math.max(0, ...drawn, ...coming) + 1;
}
