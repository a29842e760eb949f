import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** How a job ended. */
export type Outcome = 'drawn' | 'failed' | 'cancelled';

/** The API that a request came by. */
export type Api = 'openai' | 'a1111';

/** Seconds of a job: from an icon to a large image on a processor. */
const SECONDS = [0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800];

/** What Prometheus reads; each server has its own. */
export class Metrics {
  readonly registry = new Registry();
  readonly requests = new Counter({
    name: 'easel_http_requests_total',
    help: 'Requests by route, method and status; 499: the client went away.',
    labelNames: ['route', 'method', 'status'],
    registers: [this.registry],
  });
  readonly queue = new Gauge({
    name: 'easel_queue_length',
    help: 'Requests that draw or wait for it.',
    registers: [this.registry],
  });
  readonly images = new Counter({
    name: 'easel_images_total',
    help: 'Images that were drawn.',
    labelNames: ['api'],
    registers: [this.registry],
  });
  readonly jobs = new Histogram({
    name: 'easel_job_seconds',
    help: 'Seconds of each job, with those that it waited.',
    labelNames: ['api', 'outcome'],
    buckets: SECONDS,
    registers: [this.registry],
  });
  readonly restarts = new Counter({
    name: 'easel_engine_restarts_total',
    help: 'How often the engine ended while jobs of this server were open, and had to start again.',
    registers: [this.registry],
  });
}
