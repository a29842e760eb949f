import { randomInt } from 'node:crypto';
import * as vscode from 'vscode';
import { toEaselError } from '../../core/errors';
import type { GenerationRequestInput } from '../../core/request/request';
import type { GenerationEvent } from '../../protocol/engine';
import { toWireError } from '../../protocol/peer';
import type { Job, Recipe, StudioEvent } from '../../protocol/studio';
import { describeMemory } from '../drawing/progress-text';
import type { HostServices } from '../services';
import type { Gallery } from './gallery';
import { plainBytes } from './plain-bytes';
import type { SpeedLog } from './speeds';

type Preview = Extract<StudioEvent, { event: 'preview' }>;
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Seeds that people can read to each other. */
const SEED_LIMIT = 1_000_000;
/** Ended jobs that are remembered, for the stage to show. */
const MAX_ENDED = 20;

const LIVE = new Set<Job['state']>(['queued', 'loading', 'drawing']);

/** The studio's drawings: they go on while the page is hidden, and their pictures are saved as they come. */
export class StudioJobs implements vscode.Disposable {
  private readonly jobs = new Map<number, Mutable<Job>>();
  private readonly aborts = new Map<number, AbortController>();
  private readonly latest = new Map<string, Preview>();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly previewed = new vscode.EventEmitter<Preview>();
  private lastId = 0;
  readonly onDidChange = this.changed.event;
  readonly onDidPreview = this.previewed.event;

  constructor(
    private readonly services: HostServices,
    private readonly gallery: Gallery,
    private readonly speeds: SpeedLog,
  ) {}

  /** In the order they were asked for. */
  get all(): readonly Job[] {
    const live = [...this.jobs.values()].filter(({ state }) => LIVE.has(state));
    return [...this.jobs.values()].map((job) => ({
      ...job,
      ahead: Math.max(0, live.indexOf(job)),
    }));
  }

  /** The newest preview of each picture being drawn, for a page that was hidden meanwhile. */
  get previews(): readonly Preview[] {
    return [...this.latest.values()];
  }

  /** Starts or queues a drawing. @returns its number */
  draw(asked: GenerationRequestInput): number {
    const id = ++this.lastId;
    const request = { ...asked, seed: asked.seed ?? randomInt(SEED_LIMIT) };
    const job: Mutable<Job> = {
      id,
      state: 'queued',
      recipe: recipeOf(request),
      numImages: request.numImages ?? 1,
      ahead: 0,
      stepsDone: 0,
      stepsTotal: 0,
      secondsPerStep: 0,
      warnings: [],
      pictures: [],
    };
    this.jobs.set(id, job);
    const abort = new AbortController();
    this.aborts.set(id, abort);
    this.changed.fire();
    void this.run(job, request, abort.signal);
    return id;
  }

  /** Ends a job; without a number, the one that draws, else the first that waits. */
  cancel(id?: number): void {
    const target = id ?? this.all.find(({ state }) => LIVE.has(state))?.id;
    if (target !== undefined) this.aborts.get(target)?.abort();
  }

  dismiss(id: number): void {
    const job = this.jobs.get(id);
    if (job && !LIVE.has(job.state) && this.jobs.delete(id)) this.changed.fire();
  }

  dispose(): void {
    for (const abort of this.aborts.values()) abort.abort();
    this.changed.dispose();
    this.previewed.dispose();
  }

  private async run(
    job: Mutable<Job>,
    request: GenerationRequestInput & { seed: number },
    signal: AbortSignal,
  ): Promise<void> {
    const { engine, saver, inserter, history } = this.services;
    try {
      const destination = await saver.destination(inserter.target);
      if (!destination) {
        this.end(job, 'cancelled');
        return;
      }
      if (request.prompt) await history.add(request.prompt);
      // One after the other, so that the filmstrip has them in the order of their seeds.
      let saving = Promise.resolve();
      const summary = await engine.generate(request, {
        signal,
        onEvent: (event) => {
          this.follow(job, event);
          if (event.event !== 'image') return;
          const { bytes, seed, width, height, format } = event;
          const name = { prompt: request.prompt, seed, format };
          saving = saving.then(async () => {
            const uri = await saver.save(bytes, name, destination);
            const recipe = { ...job.recipe, seed };
            this.gallery.add({ uri, time: Date.now(), width, height, recipe });
            job.pictures = [...job.pictures, uri.toString()];
            this.changed.fire();
          });
          // Awaited below; a failed drawing must not leave a failed saving unhandled.
          saving.catch(() => undefined);
        },
      });
      await saving;
      const { strength } = request;
      await this.speeds.add(job.recipe.model, summary, { images: job.numImages, strength });
      this.end(job, 'done');
    } catch (thrown) {
      const error = toEaselError(thrown);
      if (error.code === 'cancelled') {
        this.end(job, 'cancelled');
        return;
      }
      this.services.log.error(`${error.code}: ${error.message}`);
      job.error = toWireError(error);
      this.end(job, 'failed');
    }
  }

  private follow(job: Mutable<Job>, event: GenerationEvent): void {
    switch (event.event) {
      case 'queued':
        break;
      case 'loading':
        job.state = 'loading';
        job.component = event.component;
        job.device = event.device;
        break;
      case 'memory':
        job.memory = describeMemory(event);
        job.tiled = event.tiled;
        break;
      case 'warning':
        job.warnings = [...job.warnings, event.message];
        break;
      case 'step':
        this.step(job, event);
        break;
      case 'image':
        job.state = 'drawing';
        break;
    }
    this.changed.fire();
  }

  private step(job: Mutable<Job>, event: Extract<GenerationEvent, { event: 'step' }>): void {
    const { index, total, image, seconds, preview } = event;
    job.state = 'drawing';
    job.stepsTotal = total * job.numImages;
    job.stepsDone = image * total + index;
    // A running mean that forgets the first step, which also pays for warming up.
    const weight = job.stepsDone <= 2 ? 1 : 1 / Math.min(job.stepsDone - 1, 10);
    job.secondsPerStep += (seconds - job.secondsPerStep) * weight;
    if (!preview) return;
    const shown: Preview = { event: 'preview', job: job.id, image, png: plainBytes(preview.png) };
    this.latest.set(`${job.id}/${image}`, shown);
    this.previewed.fire(shown);
  }

  private end(job: Mutable<Job>, state: 'done' | 'failed' | 'cancelled'): void {
    job.state = state;
    this.aborts.delete(job.id);
    for (const key of this.latest.keys()) {
      if (key.startsWith(`${job.id}/`)) this.latest.delete(key);
    }
    const ended = [...this.jobs.values()].filter((one) => !LIVE.has(one.state));
    for (const old of ended.slice(0, -MAX_ENDED)) this.jobs.delete(old.id);
    this.changed.fire();
  }
}

function recipeOf(request: GenerationRequestInput & { seed: number }): Recipe {
  const { prompt, negativePrompt = '', model = 'starter', seed } = request;
  const { steps, guidanceScale, width, height, scheduler } = request;
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
    ...(request.initImage && { strength: request.strength, inpainted: !!request.mask }),
  };
}
