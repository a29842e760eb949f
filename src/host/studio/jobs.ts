import * as vscode from 'vscode';
import { EaselError, toEaselError } from '../../core/errors';
import { DEFAULT_FORMAT, formatOfFileName } from '../../core/image/formats';
import { describeBytes } from '../../core/quantities';
import { readRecipe } from '../../core/recipe';
import { EXACTLY } from '../../core/request/precision';
import { type GenerationRequestInput, randomSeed } from '../../core/request/request';
import { oneLine } from '../../core/shown-text';
import { isElsewhere, type GenerationEvent } from '../../protocol/engine';
import { toWireError, type WireError } from '../../protocol/peer';
import type { Job, RequestSummary, StudioEvent } from '../../protocol/studio';
import type { JobProgress, Preparing } from '../drawing/job-progress';
import { describeMemory } from '../drawing/progress-text';
import { endpointFailure } from '../endpoints/endpoint-words';
import { plainBytes, readImage } from '../files/image-files';
import { controlNetworks } from '../../core/request/controls';
import { recipeRequest } from '../drawing/recipe-request';
import type { HostServices } from '../services';
import type { Gallery } from './gallery';
import { summaryOf } from './request-summary';
import { drawnSummary } from './saved-entry';
import type { SpeedLog } from '../drawing/speeds';

type Preview = Extract<StudioEvent, { event: 'preview' }>;

/** One *Draw* of the page. Its progress is the engine service's; this adds what the page has to know. */
interface Drawing {
  readonly id: number;
  readonly request: RequestSummary;
  readonly numImages: number;
  readonly abort: AbortController;
  /** Absent until the engine service has the job. */
  progress?: JobProgress;
  /** URIs of the images saved so far, in order. */
  saved: readonly string[];
  /** Absent while it runs or waits. */
  ended?: 'done' | 'failed' | 'cancelled';
  error?: WireError;
}

/** Ended jobs that are kept for the stage to show. */
const MAX_ENDED = 20;

/** The studio's jobs. They go on while the page is hidden, and their images are saved as they come. */
export class StudioJobs implements vscode.Disposable {
  private readonly drawings = new Map<number, Drawing>();
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

  /** In the order of their requests. */
  get all(): readonly Job[] {
    return [...this.drawings.values()].map(jobOf);
  }

  /** The newest preview of each image being drawn, for a page that was hidden meanwhile. */
  get previews(): readonly Preview[] {
    return [...this.latest.values()];
  }

  /** Starts or queues a request. @returns the job's number */
  draw(asked: GenerationRequestInput): number {
    const id = ++this.lastId;
    const request = { ...asked, seed: asked.seed ?? this.chooseSeed(asked) };
    const drawing: Drawing = {
      id,
      request: summaryOf(request),
      numImages: request.numImages ?? 1,
      abort: new AbortController(),
      saved: [],
    };
    this.drawings.set(id, drawing);
    this.changed.fire();
    void this.run(drawing, request);
    return id;
  }

  /** None where an endpoint is known to take none. */
  private chooseSeed({ model }: GenerationRequestInput): number | undefined {
    const { endpoints, endpointModels } = this.services;
    const isElsewhere = model !== undefined && endpoints.placeOf(model) !== undefined;
    const abilities = isElsewhere ? endpointModels.abilitiesOf(model) : undefined;
    return !abilities || abilities.fields.includes('seed') ? randomSeed() : undefined;
  }

  /**
   * Draws an image once more with its seed, in full precision.
   * @returns the job's number
   * @throws EaselError `bad-request` where it is not known how it was drawn
   */
  async drawExactly(id: string): Promise<number> {
    const asked = this.gallery.requestOf(id) ?? (await this.recipeOf(id));
    if (!asked) {
      throw new EaselError(
        'bad-request',
        vscode.l10n.t('How that image was drawn is no longer known.'),
      );
    }
    return this.draw({ ...asked, ...EXACTLY });
  }

  /** For an image of an earlier session: what its file says. What it was drawn from is not in the file. */
  private async recipeOf(id: string): Promise<GenerationRequestInput | undefined> {
    const entry = this.gallery.find(id);
    if (!entry || entry.request.strength !== undefined) return undefined;
    const recipe = readRecipe(await readImage(entry.uri));
    if (!recipe || controlNetworks(recipe.request).length > 0) return undefined;
    const format = formatOfFileName(entry.uri.path) ?? DEFAULT_FORMAT;
    return {
      ...recipeRequest(recipe, this.services.settings.read(entry.uri), format),
      numImages: 1,
      preview: true,
    };
  }

  /**
   * Cancels a job; without a number the running one, else the first that waits.
   * @returns how many were cancelled
   */
  cancel(id?: number): number {
    const live = this.live;
    const target = id === undefined ? live[0] : live.find((drawing) => drawing.id === id);
    target?.abort.abort();
    return target ? 1 : 0;
  }

  /** Cancels the running job and all that wait. @returns how many were cancelled */
  cancelAll(): number {
    const live = this.live;
    // From the last to the first, so that none of them starts meanwhile.
    for (const { abort } of live.reverse()) abort.abort();
    return live.length;
  }

  dismiss(id: number): void {
    if (this.drawings.get(id)?.ended && this.drawings.delete(id)) this.changed.fire();
  }

  /** In their order; without those that are ending already. */
  private get live(): Drawing[] {
    return [...this.drawings.values()].filter(
      ({ ended, abort }) => !ended && !abort.signal.aborted,
    );
  }

  dispose(): void {
    for (const { abort } of this.drawings.values()) abort.abort();
    this.changed.dispose();
    this.previewed.dispose();
  }

  private async run(drawing: Drawing, request: GenerationRequestInput): Promise<void> {
    const { engine, access, saver, inserter, history } = this.services;
    const { signal } = drawing.abort;
    try {
      const destination = await saver.destination(inserter.target);
      if (!destination) {
        this.end(drawing, 'cancelled');
        return;
      }
      // The page may have taken the request from a recipe that somebody else wrote.
      const allowed = await access.check(request, { fromForm: true });
      // Nothing waits for what is only noted, here and below.
      if (request.prompt) void history.add(request.prompt);
      // One after the other, so that the filmstrip has them in the order of their seeds.
      let saving = Promise.resolve();
      const summary = await engine.generate(allowed, {
        signal,
        onProgress: (progress) => (drawing.progress = progress),
        onEvent: (event) => {
          this.changed.fire();
          if (event.event === 'step') this.preview(drawing, event);
          if (event.event !== 'image') return;
          const { bytes, width, height, format, image, knowledge, unasked } = event;
          // Absent where an endpoint takes none.
          const { seed } = event;
          saving = saving.then(async () => {
            const name = { prompt: request.prompt, seed, format };
            const uri = await saver.save(bytes, name, destination);
            const { variation } = drawing.request;
            const summarised = {
              ...drawing.request,
              seed,
              ...(variation !== undefined && { variation: variation + image }),
            };
            const asked = unasked && { ...allowed, ...alone(summarised) };
            this.gallery.add({
              ...{ uri, time: Date.now(), width, height },
              ...{ request: drawnSummary(summarised, bytes), knowledge, unasked, asked },
            });
            drawing.saved = [...drawing.saved, uri.toString()];
            this.changed.fire();
          });
          // Awaited below; if the job fails first, a failed save must not stay unhandled.
          saving.catch(() => undefined);
        },
      });
      await saving;
      if (isElsewhere(summary)) {
        const { endpoint, seconds, cost } = summary;
        this.gallery.noteElsewhere(drawing.saved, {
          ...{ host: oneLine(endpoint.host, 200), seconds: seconds.total },
          ...{ computed: seconds.computed, cost: cost && oneLine(cost, 100) },
          images: drawing.saved.length,
        });
      }
      void this.speeds.add(drawing.request.model, summary, drawing.numImages);
      this.end(drawing, 'done');
    } catch (thrown) {
      const error = toEaselError(thrown);
      if (error.code === 'cancelled') {
        this.end(drawing, 'cancelled');
        return;
      }
      this.services.log.error(`${error.code}: ${error.message}`);
      const message = endpointFailure(error);
      drawing.error = { ...toWireError(error), ...(message !== undefined && { message }) };
      this.end(drawing, 'failed');
    }
  }

  private preview(
    { id }: Drawing,
    { image: index, preview }: Extract<GenerationEvent, { event: 'step' }>,
  ): void {
    if (!preview) return;
    const shown: Preview = { event: 'preview', job: id, index, png: plainBytes(preview.png) };
    this.latest.set(`${id}/${index}`, shown);
    this.previewed.fire(shown);
  }

  private end(drawing: Drawing, how: NonNullable<Drawing['ended']>): void {
    drawing.ended = how;
    for (const key of this.latest.keys()) {
      if (key.startsWith(`${drawing.id}/`)) this.latest.delete(key);
    }
    const ended = [...this.drawings.values()].filter((one) => one.ended);
    for (const old of ended.slice(0, -MAX_ENDED)) this.drawings.delete(old.id);
    this.changed.fire();
  }
}

/** What makes one image of a job a job of its own. */
function alone({ seed, variation }: RequestSummary) {
  return { numImages: 1, seed, ...(variation !== undefined && { variation }) };
}

function preparingOf({ share, bytes, folder }: Preparing): Job['preparing'] {
  return { share, size: describeBytes(bytes), folder };
}

function jobOf({ id, request, numImages, progress, saved, ended, error }: Drawing): Job {
  return {
    id,
    state: ended ?? progress?.stage ?? 'queued',
    request,
    numImages,
    ahead: progress?.ahead ?? 0,
    component: progress?.loading,
    preparing: progress?.preparing && preparingOf(progress.preparing),
    device: progress?.device,
    host: progress?.host,
    memory: progress?.memory && describeMemory(progress.memory),
    tiled: progress?.memory?.tiled,
    stepsDone: progress?.done ?? 0,
    stepsTotal: progress?.total ?? 0,
    secondsLeft: progress?.secondsLeft,
    warnings: progress?.warnings ?? [],
    images: saved,
    error,
  };
}
