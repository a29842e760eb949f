import type { ImageEvent } from '../client/engine';
import { EaselError, toEaselError } from '../core/errors';
import type { GenerationRequestInput } from '../core/request/request';
import type { GenerationEvent, GenerationSummary } from '../protocol/engine';
import { HttpError } from './http-error';
import type { Api, Metrics, Outcome } from './metrics';
import type { ServedEngine } from './options';

/** Why a job was cancelled. */
export type CancelReason = 'client-gone' | 'interrupted' | 'stopping';

/** A request that draws, from its arrival to its end. */
export class Drawing {
  private readonly controller = new AbortController();

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Undefined while it is not cancelled. */
  get cancelledBy(): CancelReason | undefined {
    return this.signal.aborted ? (this.signal.reason as CancelReason) : undefined;
  }

  cancel(reason: CancelReason): void {
    if (!this.signal.aborted) this.controller.abort(reason);
  }
}

/** What was drawn for a request. */
export interface DrawnJob {
  readonly images: readonly ImageEvent[];
  readonly warnings: readonly string[];
  readonly summary: GenerationSummary;
}

interface DrawOptions {
  readonly api: Api;
  readonly drawing: Drawing;
  readonly onEvent?: (event: GenerationEvent) => void;
}

/** Seconds that are told to wait before anything was drawn. */
const FIRST_ESTIMATE = 5;
/** Milliseconds in which open requests are answered when the server stops. */
const STOP_GRACE_MS = 3000;
/** The share of the last job in the average. */
const WEIGHT = 0.2;

/** The requests that draw or wait: at most so many, and all end when the server stops. */
export class Jobs {
  private readonly open = new Set<Drawing>();
  /** Crashes that were counted: all open jobs get the same error. */
  private readonly crashes = new WeakSet<EaselError>();
  private averageSeconds: number | undefined;
  private isStopping = false;
  private onEmpty: (() => void) | undefined;

  constructor(
    private readonly engine: ServedEngine,
    private readonly maxQueue: number,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Takes a request into the queue, before its body is read.
   * @throws HttpError 429 with Retry-After; 503 where the server stops
   */
  admit(): Drawing {
    if (this.isStopping) throw stopping();
    if (this.open.size >= this.maxQueue) {
      const seconds = Math.ceil(this.averageSeconds ?? FIRST_ESTIMATE);
      throw new HttpError(
        429,
        'queue-full',
        `${this.open.size} requests draw or wait, and no more are taken. Try again in about ${seconds} s.`,
        { 'retry-after': String(seconds) },
      );
    }
    const drawing = new Drawing();
    this.open.add(drawing);
    this.metrics.queue.set(this.open.size);
    return drawing;
  }

  /** Ends a request. If it still draws, it is cancelled. */
  release(drawing: Drawing): void {
    drawing.cancel('client-gone');
    this.open.delete(drawing);
    this.metrics.queue.set(this.open.size);
    if (this.open.size === 0) this.onEmpty?.();
  }

  /**
   * Cancels all, because the server stops, and takes no more.
   * @returns when all are answered, or after some seconds: a step of a large model cannot be cancelled
   */
  async stop(): Promise<void> {
    this.isStopping = true;
    for (const drawing of this.open) drawing.cancel('stopping');
    if (this.open.size === 0) return;
    await new Promise<void>((resolve) => {
      this.onEmpty = resolve;
      setTimeout(resolve, STOP_GRACE_MS).unref();
    });
  }

  /**
   * Draws a request. If the engine crashes while the job waits for others, it is drawn by the next engine.
   * @throws EaselError; `cancelled` after a cancel
   */
  draw(request: GenerationRequestInput, options: DrawOptions): Promise<DrawnJob> {
    return this.track(options, () => this.drawOrRepeat(request, options));
  }

  /**
   * Measures a job, and says why it ended where its client did not end it.
   * @throws EaselError; `cancelled` after a cancel; HttpError where the server stops
   */
  async track<T>(
    { api, drawing }: Pick<DrawOptions, 'api' | 'drawing'>,
    work: () => Promise<T>,
  ): Promise<T> {
    const started = performance.now();
    let outcome: Outcome = 'failed';
    try {
      const done = await work();
      outcome = 'drawn';
      return done;
    } catch (thrown) {
      if (drawing.signal.aborted) outcome = 'cancelled';
      throw this.explain(toEaselError(thrown), drawing);
    } finally {
      const seconds = (performance.now() - started) / 1000;
      this.metrics.jobs.observe({ api, outcome }, seconds);
    }
  }

  private async drawOrRepeat(
    request: GenerationRequestInput,
    { api, drawing, onEvent }: DrawOptions,
  ): Promise<DrawnJob> {
    for (let attempt = 1; ; attempt++) {
      const images: ImageEvent[] = [];
      const warnings: string[] = [];
      // An object, because it changes in a callback.
      const seen = { begun: false };
      try {
        const summary = await this.engine.generate(request, {
          signal: drawing.signal,
          onEvent: (event) => {
            if (event.event !== 'queued') seen.begun = true;
            if (event.event === 'image') {
              images.push(event);
              this.metrics.images.inc({ api });
            }
            if (event.event === 'warning') warnings.push(event.message);
            onEvent?.(event);
          },
        });
        this.learn(summary.seconds.total);
        return { images, warnings, summary };
      } catch (thrown) {
        const error = toEaselError(thrown);
        const isCrash = error.code === 'engine-crashed';
        if (isCrash) this.countCrash(error);
        const repeats = isCrash && !seen.begun && attempt === 1 && !drawing.signal.aborted;
        if (!repeats) throw error;
      }
    }
  }

  /** What a client is told that did not cancel its job itself. */
  private explain(error: EaselError, { cancelledBy }: Drawing): Error {
    if (error.code !== 'cancelled') return error;
    if (cancelledBy === 'stopping') return stopping();
    if (cancelledBy) return error;
    return new EaselError('cancelled', 'The job was cancelled on the machine that draws.');
  }

  private countCrash(error: EaselError): void {
    if (this.crashes.has(error)) return;
    this.crashes.add(error);
    this.metrics.restarts.inc();
  }

  private learn(seconds: number): void {
    this.averageSeconds =
      this.averageSeconds === undefined
        ? seconds
        : this.averageSeconds * (1 - WEIGHT) + seconds * WEIGHT;
  }
}

function stopping(): HttpError {
  return new HttpError(503, 'stopping', 'The server stops. Its drawings were cancelled.');
}
