import type { Composition } from '../../src/core/composition/composition';
import { insteadOf } from '../../src/core/composition/knowledge';
import { EaselError } from '../../src/core/errors';
import { readRecipe, type RecipeRequest } from '../../src/core/recipe/index';
import type { GenerationRequestInput } from '../../src/core/request/request';
import type { Job, ModelOffer, RequestSummary, StudioImage } from '../../src/protocol/studio';
import { mergedLoras } from '../state/loras';
import { elsewhereOf, notTaken, withoutRefused } from '../state/elsewhere';
import { composingOf } from '../state/composing';
import { withGround, type GroundValue } from '../state/parts';
import { t } from '../l10n';
import type { RecoveryAction } from '../results/recovery-actions';
import type { SketchEditor } from '../sketch/sketch-editor';
import { addedFieldsOf, addedRequest } from '../state/added-fields';
import { FIELD_ADDITION_NAMES } from '../state/field-additions';
import { withoutFields, withRecipe, withRequest, type Form } from '../state/form';
import type { HostCalls } from '../state/host';
import type { JobFollower } from '../state/job-follower';
import { isLive } from '../state/job-status';
import { toRequest } from '../state/request';
import { followedLines, likeItself } from './drawn-from';
import type { PageState } from './page-state';

/** What the page does when the user or the host asks for it. */
export class StudioActions {
  constructor(
    private readonly page: PageState,
    private readonly calls: HostCalls,
    private readonly follower: JobFollower,
    private readonly sketch: SketchEditor,
    private readonly focusPrompt: () => void,
    /** Called when a job is shown that has just started. */
    private readonly onStart: () => void,
  ) {}

  readonly change = (fields: Partial<Form>): void => {
    this.page.form.update(fields);
  };

  /** Starts a job, or queues it behind others. */
  async draw(): Promise<void> {
    const { page, calls } = this;
    const form = page.form.value;
    if (!form.prompt.trim() && !page.usesSketch) {
      calls.announcer.show(t('needsPrompt'));
      this.focusPrompt();
      return;
    }
    await calls.attempt(async () => {
      if (page.followsLines && !page.lines.chosen && !(await this.getControlnet())) return;
      if (page.needsIpAdapter && !(await this.getIpAdapter())) return;
      if (page.needsRefiner && !(await this.getRefiner())) return;
      const sketch = await page.exportSketch(this.sketch.canvas);
      if (sketch) page.noteSketchDrawn();
      const request = toRequest(form, sketch, page.studio.value.settings, page.drawing);
      await this.start(withoutRefused(request, page.elsewhere));
    });
  }

  /** Downloads a ControlNet for the chosen model, after a question. @returns whether one is there */
  async getControlnet(): Promise<boolean> {
    const { model } = this.page.form.value;
    const { controlnet } = await this.calls.host.call('getControlnet', { model });
    if (controlnet !== null) this.change({ controlnet });
    return controlnet !== null;
  }

  /** Downloads an IP-Adapter for the chosen model, after a question. @returns whether one is there */
  async getIpAdapter(): Promise<boolean> {
    const { model } = this.page.form.value;
    const { ipAdapter } = await this.calls.host.call('getIpAdapter', { model });
    if (ipAdapter !== null) this.change({ ipAdapter });
    return ipAdapter !== null;
  }

  /** Downloads the refiner of SDXL, after a question. @returns whether it is there */
  async getRefiner(): Promise<boolean> {
    const { refiner } = await this.calls.host.call('getRefiner', null);
    if (refiner !== null) this.change({ refiner });
    return refiner !== null;
  }

  /**
   * Draws an image once more with another seed, and leaves the form as it is: with a model that composes, the
   * next variation of it. An image that was drawn from a sketch or another image is drawn from itself: what it was
   * drawn from is not in its file.
   */
  async vary({ request: summary }: StudioImage, bytes: Uint8Array): Promise<void> {
    const { form, studio } = this.page;
    const { settings } = studio.value;
    const recipe = readRecipe(bytes);
    const asked = recipe
      ? withRequest(form.value, this.ownRequest(recipe.request), settings)
      : summary && withRecipe(form.value, summary);
    if (!asked) throw new EaselError('bad-file', t('noRecipe'));
    const edits = this.page.editsWith(asked.model);
    const { strength = summary?.strength, imageGuidanceScale, noiseLevel } = recipe?.request ?? {};
    // A model that edits by words or enlarges has no strength, and draws from an image only.
    const isFromImage = edits || strength !== undefined;
    const sketch = isFromImage
      ? { image: bytes, strength: strength ?? 1 }
      : recipe && followedLines(recipe.request, bytes, studio.value);
    const composes = sketch === undefined && this.page.composesWith(asked.model);
    const varied: Form = {
      ...asked,
      // Another image need not repeat what was chosen by itself.
      ...(form.value.precision === 'auto' && asked.precision !== 'full' && { precision: 'auto' }),
      numImages: 1,
      linesScale: recipe?.request.controlnetConditioningScale?.[0],
      ...(composes
        ? { variation: this.page.nextVariation(asked) }
        : { seed: undefined, seedLocked: false }),
    };
    const composing = composes ? composingOf(varied) : undefined;
    const anySize = this.page.composesWith(asked.model);
    const elsewhere = elsewhereOf(asked.model, studio.value);
    const fields = addedFieldsOf(varied, studio.value, false);
    const additions = {
      loras: mergedLoras(varied, studio.value),
      ...(recipe && likeItself(recipe.request, bytes, studio.value)),
      ...addedRequest(varied, fields),
    };
    const from = notTaken(elsewhere, 'initImage') === undefined ? sketch : undefined;
    const request = {
      ...toRequest(varied, from, settings, { composing, anySize, edits, additions }),
      ...(edits && imageGuidanceScale !== undefined && { imageGuidanceScale }),
      ...(edits && noiseLevel !== undefined && { noiseLevel }),
    };
    await this.start(withoutRefused(request, elsewhere));
  }

  /** A file chooses no endpoint: only the user does. */
  private ownRequest(request: RecipeRequest): RecipeRequest {
    const { model = '' } = request;
    const isElsewhere = elsewhereOf(model, this.page.studio.value) !== undefined;
    return isElsewhere ? { ...request, model: undefined } : request;
  }

  /** Takes the parts of the next image that the user has changed. They stay while the words say the same. */
  changeParts(composition: Composition): void {
    const { prompt } = this.page.form.value;
    this.change({ changed: { composition, prompt } });
  }

  /** Takes what lies behind the subject of the next image. */
  chooseGround(ground: GroundValue): void {
    const { composing } = this.page;
    if (!composing) return;
    this.change({ transparent: false, ground: ground === 'none' ? 'none' : 'auto' });
    if (ground === 'none') return;
    const asked = ground === 'auto' ? composing.words.ground : ground;
    this.changeParts(withGround(composing.composition, asked));
  }

  /** Starts a job and shows it, or queues it and says so. */
  private async start(request: GenerationRequestInput): Promise<void> {
    this.follow((await this.calls.host.call('draw', { request })).job);
  }

  /** Draws an image once more, with its seed and in full precision. The form stays as it is. */
  drawExactly({ id }: StudioImage): void {
    // The line with the button is hidden as soon as it draws.
    this.focusPrompt();
    void this.calls.attempt(async () => {
      this.follow((await this.calls.host.call('drawExactly', { image: id })).job);
    });
  }

  private follow(job: number): void {
    const { page, calls } = this;
    const ahead = page.studio.value.jobs.filter((one) => one.id !== job && isLive(one));
    if (ahead.length === 0) {
      const shown = { kind: 'job', id: job } as const;
      page.view.update({ tab: 'result', shown, selected: undefined, comparison: undefined });
      this.onStart();
    } else if (ahead.length === 1) calls.announcer.show(t('queuedNext'));
    else calls.announcer.show(t('queuedBehind', ahead.length));
  }

  drawExample(prompt: string): void {
    this.change({ prompt });
    void this.draw();
  }

  /**
   * Draws what an image shows with a thing in the place of a subject that the starter may not know. Parts that
   * the user has changed stay, where the words still say them.
   */
  drawInstead({ request }: StudioImage, subject: string, thing: string): void {
    if (!request) return;
    this.chooseModelOf(request.model);
    this.change({ prompt: insteadOf(request.prompt, subject, thing) });
    this.drawFromLine();
  }

  /** Takes the model that may know what an image should show, and draws it with one that is here. */
  takeOffer({ request }: StudioImage, offer: ModelOffer): void {
    if (offer.bytes !== undefined) {
      void this.calls.attempt(() => this.calls.host.call('takeOffer', null));
      return;
    }
    this.chooseModelOf(offer.id);
    if (request) this.change({ prompt: request.prompt });
    this.drawFromLine();
  }

  private chooseModelOf(model: string): void {
    if (model && model !== this.page.form.value.model) this.chooseModel(model);
  }

  /** The line with the button is hidden as soon as it draws. */
  private drawFromLine(): void {
    this.focusPrompt();
    void this.draw();
  }

  /** Chooses a model, with its own values for the settings that depend on the model. */
  chooseModel(model: string): void {
    this.change({
      model,
      steps: undefined,
      guidanceScale: undefined,
      width: undefined,
      height: undefined,
    });
  }

  /** Asks what can be done with a model of an endpoint. */
  askEndpoint(model: string): void {
    void this.calls.attempt(() => this.calls.host.call('askEndpoint', { model }));
  }

  /** Removes a failed job. */
  async dismiss(job: Job): Promise<void> {
    await this.calls.dismiss(job.id);
    this.follower.showResults(job);
  }

  async recover(job: Job, action: RecoveryAction): Promise<void> {
    if (action.dropAdded) {
      const { dropAdded: asked } = action;
      const gone = asked === 'all' ? FIELD_ADDITION_NAMES : [asked];
      this.change(withoutFields(this.page.form.value, gone));
    }
    if (action.change) this.change(action.change);
    const { keyOf } = action;
    if (keyOf !== undefined && !(await this.setKey(keyOf))) return;
    if (action.open) await this.calls.act(action.open);
    if (!action.drawAgain) return;
    await this.dismiss(job);
    await this.draw();
  }

  /** @returns false where the user cancelled */
  private async setKey(endpoint: string): Promise<boolean> {
    let isSet = false;
    await this.calls.attempt(async () => {
      ({ isSet } = await this.calls.host.call('setEndpointKey', { endpoint }));
    });
    return isSet;
  }

  /** Selects an image, in the place of a comparison. The other images of the same job stay beside it. */
  showImage({ id }: Pick<StudioImage, 'id'>): void {
    const { shown } = this.page.view.value;
    const jobs = this.page.studio.value.jobs;
    const job = jobs.find((one) => shown.kind === 'job' && one.id === shown.id);
    const ids = job?.images ?? (shown.kind === 'pictures' ? shown.ids : []);
    this.page.view.update({
      tab: 'result',
      selected: id,
      comparison: undefined,
      ...(!ids.includes(id) && { shown: { kind: 'pictures', ids: [id] } }),
    });
  }

  /** Shows an image that was made from another one, but not in the place of a drawing or a comparison. */
  showMade(id: string): StudioImage | undefined {
    const { studio, view } = this.page;
    const image = studio.value.images.find((one) => one.id === id);
    const isDrawing = studio.value.jobs.some((job) => this.follower.shows(job) && isLive(job));
    if (image && !isDrawing && !view.value.comparison) this.showImage(image);
    return image;
  }

  /** Imports an image file into the sketch. */
  async useAsSketch(bytes: Uint8Array, name: string): Promise<void> {
    const imported = await this.sketch.import(new Blob([bytes as Uint8Array<ArrayBuffer>]));
    if (!imported) return;
    this.change({ useSketch: true });
    this.page.view.update({ tab: 'sketch' });
    this.calls.announcer.show(t('usedAsSketch', name));
  }

  /**
   * Restores the settings from an image file's metadata.
   * @param name shown to the user; absent for an image of this page
   * @returns false where the file has no recipe
   */
  restoreFile(bytes: Uint8Array, name?: string): boolean {
    const recipe = readRecipe(bytes);
    if (!recipe) return false;
    const notes = recipe.notes.map(({ message }) => message);
    this.restoreRecipe(recipe.request, notes, name);
    return true;
  }

  /** @param notes what could not be restored */
  restoreRecipe(request: RecipeRequest, notes: readonly string[], name?: string): void {
    const { form, studio } = this.page;
    form.update(withRequest(form.value, this.ownRequest(request), studio.value.settings));
    const message = name === undefined ? t('reused') : t('restored', name);
    this.calls.announcer.show([message, ...notes].join(' '));
  }

  /** Restores the settings that the gallery has stored, for an image without metadata. */
  restoreSummary(request: RequestSummary): void {
    this.change(withRecipe(this.page.form.value, request));
    this.calls.announcer.show(t('reused'));
  }
}
