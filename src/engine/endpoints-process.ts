import type { EndpointMethods } from '../protocol/endpoints';
import { serve, type Transport } from '../protocol/peer';
import { EndpointService } from './endpoints/service';
import { JobQueue } from './queue';

/** Jobs that are sent to one endpoint at a time. */
const PARALLEL_JOBS = 2;

/** Talks to endpoints for the process that started this one. */
export function serveEndpoints(parent: Transport): void {
  const service = new EndpointService(() => new JobQueue(PARALLEL_JOBS));
  serve<EndpointMethods>(parent, service.handlers);
}
