import { toEaselError } from '../../src/core/errors';
import { randomSeed } from '../../src/core/request/request';
import type { Caller } from '../../src/protocol/peer';
import type { LiveImage, StudioMethods } from '../../src/protocol/studio';
import { jobSeconds, planEstimate } from '../state/estimate';
import { isLive } from '../state/job-status';
import { toRequest } from '../state/request';
import type { PageState, SketchFiles } from './page-state';

/** Milliseconds without a change before the image follows: strokes of one shape come close together. */
const PAUSE_MS = 250;
/** A model that takes longer for an image is too slow to follow strokes. */
const MAX_SECONDS = 4;

/** Where the image is shown. */
export interface LiveResult {
  setOffered(offered: boolean): void;
  setBusy(busy: boolean): void;
  showHint(missing: 'sketch' | 'prompt'): void;
  showError(message: string): void;
  showImage(image: LiveImage, prompt: string): void;
}

/**
 * The image that follows the sketch: drawn after each stroke by a fast model, beside the canvas. A change
 * cancels the drawing that it makes out of date. *Draw* goes first.
 */
export class LiveDrawing {
  /** The same for each stroke, so that only the stroke changes the image. */
  private readonly seed = randomSeed();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: AbortController | undefined;
  /** What the image was drawn from, or is being drawn from, or what is missing for one. */
  private followed: string | undefined;

  constructor(
    private readonly page: PageState,
    private readonly host: Pick<Caller<StudioMethods>, 'call'>,
    private readonly canvas: SketchFiles,
    private readonly view: LiveResult,
  ) {
    page.onEdit(() => this.follow());
    page.studio.watch(() => this.follow());
  }

  /** Cancels what is drawn, for a job that the user asks for. */
  stop(): void {
    clearTimeout(this.timer);
    this.running?.abort();
    this.followed = undefined;
  }

  private follow(): void {
    const { page, view } = this;
    const { tab } = page.view.value;
    const { isOffered } = this;
    view.setOffered(isOffered);
    if (!isOffered || tab !== 'sketch' || page.studio.value.jobs.some(isLive)) {
      this.stop();
      return;
    }
    const { missing } = this;
    const state = missing ?? this.state;
    if (state === this.followed) return;
    this.stop();
    this.followed = state;
    if (missing) view.showHint(missing);
    else this.timer = setTimeout(() => void this.draw(), PAUSE_MS);
  }

  /** Whether the chosen model is fast enough on this machine, and the user has not turned it off. */
  private get isOffered(): boolean {
    const { studio, form, modelDefaults, elsewhere } = this.page;
    const state = studio.value;
    // At an endpoint each stroke would be sent, and may cost.
    if (!state.settings.liveDrawing || elsewhere) return false;
    // Nothing is downloaded for a stroke.
    if (this.page.followsLines && !this.page.lines.chosen) return false;
    if (this.page.needsIpAdapter || this.page.needsRefiner) return false;
    const { controlNets } = this.page.sketchRole;
    const role = { isUsed: controlNets === 0, isMasked: false, controlNets };
    const plan = planEstimate({ ...form.value, numImages: 1 }, state, modelDefaults, role);
    const seconds = plan && jobSeconds(plan, state);
    if (seconds !== undefined) return seconds <= MAX_SECONDS;
    return state.models.find(({ id }) => id === form.value.model)?.origin === 'starter';
  }

  /** What an image needs that is not there yet. */
  private get missing(): 'sketch' | 'prompt' | undefined {
    if (!this.page.usesSketch) return 'sketch';
    return this.page.form.value.prompt.trim() === '' ? 'prompt' : undefined;
  }

  /** Differs where the image would. */
  private get state(): string {
    const { form, sketch, strength, imageSize, lines, styleBy, addedFields } = this.page;
    const networks = [lines.chosen, styleBy.chosen, addedFields.refiners.chosen];
    return JSON.stringify([form.value, sketch.version, strength, imageSize, networks]);
  }

  private async draw(): Promise<void> {
    const { page, host, view, seed } = this;
    const running = new AbortController();
    this.running = running;
    const isWanted = () => !running.signal.aborted;
    view.setBusy(true);
    try {
      const sketch = await page.exportSketch(this.canvas);
      if (!isWanted()) return;
      const request = toRequest(page.form.value, sketch, page.studio.value.settings, page.drawing);
      const image = await host.call(
        'drawLive',
        { request: { seed, ...request, numImages: 1, preview: false } },
        { signal: running.signal },
      );
      if (isWanted()) view.showImage(image, request.prompt);
    } catch (thrown) {
      const error = toEaselError(thrown);
      if (error.code !== 'cancelled' && isWanted()) view.showError(error.message);
    } finally {
      // Another one may have begun.
      if (this.running === running) {
        this.running = undefined;
        view.setBusy(false);
      }
    }
  }
}
