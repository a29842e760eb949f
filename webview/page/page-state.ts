import { needsImage } from '../../src/core/catalogue/needs-image';
import type { Size } from '../../src/core/image/resize';
import { isRecord } from '../../src/core/json';
import { DEFAULT_REQUEST_SETTINGS } from '../../src/core/request/settings';
import type { StudioState } from '../../src/protocol/studio';
import { t } from '../l10n';
import { elsewhereOf, notTaken, type Elsewhere } from '../state/elsewhere';
import { composingOf } from '../state/composing';
import { controlNetsOf, linesOf, type Lines } from '../state/lines';
import type { Composing } from '../state/parts';
import { nextVariation } from '../state/variations';
import { nearest } from '../settings/sizes';
import { SketchDocument } from '../sketch/document';
import {
  followSettings,
  restoreForm,
  usualStrength,
  withSettings,
  type Defaults,
  type Form,
  type SketchRole,
} from '../state/form';
import type { Drawing, LinesInput, SketchInput } from '../state/request';
import { addedFieldsOf, addedRequest, needsRefiner, type AddedFields } from '../state/added-fields';
import { lorasOf, mergedLoras } from '../state/loras';
import { styleBy, styleFields, wantsStyle, type StyleBy } from '../state/style-image';
import { StateStore } from '../state/store';
import { restoreView, saveView, showNewest, withoutGap, type View } from '../state/view';

/** Before the first `state` event of the host. */
const INITIAL_STATE: StudioState = {
  models: [],
  controlnets: [],
  ipAdapters: [],
  loras: [],
  upscalers: [],
  endpoints: [],
  devices: undefined,
  speeds: [],
  jobs: [],
  images: [],
  removed: null,
  target: null,
  settings: { ...DEFAULT_REQUEST_SETTINGS, style: '', styles: [], liveDrawing: false },
  prompts: [],
  offer: null,
};

/** The side of an image in pixels, while the model's default size is not known. */
const FALLBACK_SIDE = 512;

/** The sketch as image files. */
export interface SketchFiles {
  export(width: number, height: number): Promise<{ image: Uint8Array; mask?: Uint8Array }>;
}

/** The longer side of a sketch for an image of any size, in pixels. */
const SKETCH_SIDE = { min: 256, max: 1024 };

/**
 * `refused`: the model does not draw from sketches; `followed`: along its lines; `old`: it was drawn from before, with
 * other words, and has not been changed since.
 */
export type SketchUse = 'none' | 'refused' | 'stopped' | 'used' | 'followed' | 'old';

/** Everything that the page knows: the host's state, and what the user has entered. */
export class PageState {
  readonly studio = new StateStore<StudioState>(INITIAL_STATE);
  readonly form: StateStore<Form>;
  readonly view: StateStore<View>;
  readonly sketch = new SketchDocument();
  /** The sketch that was drawn from last, or that the page came back with, and the prompt it went with. */
  private drawnSketch: { readonly version: number; readonly prompt: string };

  /** @param saved the result of an earlier `save`; invalid parts are ignored */
  constructor(saved: unknown) {
    const parts = isRecord(saved) ? saved : {};
    this.form = new StateStore(restoreForm(parts.form));
    this.view = new StateStore(restoreView(parts.view));
    this.sketch.restore(parts.sketch);
    this.drawnSketch = { version: this.sketch.version, prompt: this.form.value.prompt };
    let paint = this.sketch.paintCount;
    this.sketch.watch(() => {
      const before = paint;
      paint = this.sketch.paintCount;
      // Stopping is about this sketch: what is drawn afterwards counts again.
      if (paint === 0 || paint > before) this.form.update({ useSketch: true });
    });
  }

  /** The user's part of the state, as JSON. */
  save(): unknown {
    const { jobs } = this.studio.value;
    const idsOf = (job: number) => jobs.find(({ id }) => id === job)?.images ?? [];
    return {
      form: this.form.value,
      view: saveView(this.view.value, idsOf),
      sketch: this.sketch.save(),
    };
  }

  /** Calls the listener at every change of the user's part, and at once. */
  onEdit(listener: () => void): void {
    this.form.watch(listener);
    this.view.watch(listener);
    this.sketch.watch(listener);
  }

  /** Applies a change of the host's state. The form follows the settings that have changed. */
  update(change: Partial<StudioState>): void {
    const { settings } = change;
    if (settings) {
      const form = this.form.value;
      const before = this.studio.value;
      // A new page has no model yet: it takes all settings.
      if (!form.model) this.form.update(withSettings(form, settings));
      else if (before !== INITIAL_STATE) {
        this.form.update(followSettings(form, before.settings, settings));
      }
    }
    this.studio.update(change);
    const { jobs, images } = this.studio.value;
    this.view.update(withoutGap(this.view.value, jobs, images));
  }

  /** Selects the newest image, as for a studio that is opened. Images of the same job stay beside it. */
  showNewest(): void {
    this.view.update(showNewest(this.view.value, this.studio.value.images));
  }

  /** The default settings of the chosen model; undefined while the model is not listed. */
  get modelDefaults(): Defaults | undefined {
    return this.defaultsOf(this.form.value.model);
  }

  private defaultsOf(model: string): Defaults | undefined {
    return this.studio.value.models.find(({ id }) => id === model)?.defaults;
  }

  /** Where the chosen model draws; undefined for this machine. */
  get elsewhere(): Elsewhere | undefined {
    return elsewhereOf(this.form.value.model, this.studio.value);
  }

  /** Why no part of the sketch can be masked, so that the model draws that part alone; undefined where it can. */
  get maskRefused(): string | undefined {
    return this.followsLines ? t('linesNoMask') : notTaken(this.elsewhere, 'mask');
  }

  /** Whether a part of the sketch is masked, and the model draws that part alone. */
  get usesMask(): boolean {
    return this.sketch.hasMask && this.maskRefused === undefined;
  }

  /** How an image of the chosen model can follow the lines of the sketch. */
  get lines(): Lines {
    return linesOf(this.form.value, this.studio.value);
  }

  /** What can be added to the form, and what is. */
  get additions() {
    const form = this.form.value;
    const linesRefused = this.editsWith(form.model) ? t('linesNotTaken') : this.lines.refused;
    const { styleBy } = this;
    const fields = {
      ...this.addedFields,
      upscalers: this.studio.value.upscalers,
      enlarged: (scale: number) => this.enlarged(scale),
    };
    return { styleBy, loras: lorasOf(form, this.studio.value), linesRefused, fields };
  }

  /** How an image of the chosen model can be drawn in the style of another. */
  get styleBy(): StyleBy {
    return styleBy(this.form.value, this.studio.value);
  }

  /** What the cards of request fields stand for. */
  get addedFields(): AddedFields {
    return addedFieldsOf(
      this.form.value,
      this.studio.value,
      this.startsFromSketch && this.usesMask,
    );
  }

  /** The size of the next image after a second pass, in pixels. */
  private enlarged(scale: number): Size {
    const { width, height } = this.imageSize;
    const multiple = this.modelDefaults?.multiple ?? 1;
    return { width: nearest(width * scale, multiple), height: nearest(height * scale, multiple) };
  }

  /** Whether the next image waits for a refiner that is not here. */
  get needsRefiner(): boolean {
    return needsRefiner(this.form.value, this.addedFields);
  }

  /** Whether the next image waits for an IP-Adapter that is not here. */
  get needsIpAdapter(): boolean {
    const by = this.styleBy;
    return by.chosen === undefined && wantsStyle(this.form.value, by);
  }

  /** Whether a model composes images of grounds and of subjects that it draws. */
  composesWith(model: string): boolean {
    return this.defaultsOf(model)?.composes === true;
  }

  /** Whether a model changes a whole image: by words, or in its size. */
  editsWith(model: string): boolean {
    return needsImage(this.defaultsOf(model) ?? {});
  }

  /** What the next image is composed of; undefined where it is drawn in another way. */
  get composing(): Composing | undefined {
    const form = this.form.value;
    return this.composesWith(form.model) && !this.startsFromSketch ? composingOf(form) : undefined;
  }

  /** How the next image is drawn. */
  get drawing(): Drawing {
    const form = this.form.value;
    const [anySize, edits] = [this.composesWith(form.model), this.editsWith(form.model)];
    const { addedFields, composing } = this;
    const additions = {
      loras: mergedLoras(form, this.studio.value),
      ...styleFields(form, this.styleBy),
      ...addedRequest(form, addedFields),
    };
    return { composing, anySize, edits, additions };
  }

  /** The first variation of a prompt that is not drawn yet. */
  nextVariation({ prompt, model }: Pick<Form, 'prompt' | 'model'>): number {
    const { images, jobs } = this.studio.value;
    return nextVariation({ prompt: prompt.trim(), model }, images, jobs);
  }

  /** The size that suits the prompt, in pixels; undefined where only the model's own sizes can be drawn. */
  get suitableSize(): Size | undefined {
    const { modelDefaults } = this;
    if (!modelDefaults?.composes) return undefined;
    const { width, height } = modelDefaults;
    return this.composing?.size ?? { width, height };
  }

  /** The size of the next image, in pixels. */
  get imageSize(): Size {
    const { width, height } = this.form.value;
    const own = this.suitableSize ?? this.modelDefaults;
    return {
      width: width ?? own?.width ?? FALLBACK_SIDE,
      height: height ?? own?.height ?? FALLBACK_SIDE,
    };
  }

  /**
   * The size of the sketch, in pixels: the image's, but where that is very small or large, the same shape in a
   * size that can be drawn on.
   */
  get sketchSize(): Size {
    const { width, height } = this.imageSize;
    const longer = Math.max(width, height);
    const scale = Math.min(SKETCH_SIDE.max, Math.max(SKETCH_SIDE.min, longer)) / longer;
    const scaled = (side: number) => Math.max(1, Math.round(side * scale));
    return this.composesWith(this.form.value.model)
      ? { width: scaled(width), height: scaled(height) }
      : { width, height };
  }

  /** Whether the sketch is used for the next image. */
  get usesSketch(): boolean {
    const isRefused = notTaken(this.elsewhere, 'initImage') !== undefined;
    return this.form.value.useSketch && !this.sketch.isBlank && !isRefused;
  }

  /** Whether the next image follows the lines of the sketch. */
  get followsLines(): boolean {
    const { followsLines, model } = this.form.value;
    if (!followsLines || !this.usesSketch || this.editsWith(model)) return false;
    return this.lines.refused === undefined;
  }

  /** Whether the next image starts from the sketch. */
  get startsFromSketch(): boolean {
    return this.usesSketch && !this.followsLines;
  }

  /** What the sketch is for the next image. */
  get sketchRole(): SketchRole {
    const { startsFromSketch: isUsed, usesMask: isMasked, followsLines, lines } = this;
    return { isUsed, isMasked, controlNets: followsLines ? controlNetsOf(lines) : 0 };
  }

  /** What the sketch does for the next image. */
  get sketchUse(): SketchUse {
    if (this.sketch.isBlank) return 'none';
    if (notTaken(this.elsewhere, 'initImage') !== undefined) return 'refused';
    if (!this.form.value.useSketch) return 'stopped';
    const { version, prompt } = this.drawnSketch;
    const isOld = version === this.sketch.version && prompt !== this.form.value.prompt.trim();
    if (isOld) return 'old';
    return this.followsLines ? 'followed' : 'used';
  }

  /** The sketch as the next image uses it; undefined where it does not. */
  async exportSketch(canvas: SketchFiles): Promise<SketchInput | LinesInput | undefined> {
    if (!this.usesSketch) return undefined;
    const { strength, sketchSize, followsLines, lines } = this;
    const { image, mask } = await canvas.export(sketchSize.width, sketchSize.height);
    if (!followsLines) return { image, strength, ...(mask && { mask }) };
    return lines.chosen === undefined ? undefined : { lines: image, controlnet: lines.chosen };
  }

  /** Notes that the sketch was drawn from, as it is now. */
  noteSketchDrawn(): void {
    const prompt = this.form.value.prompt.trim();
    this.drawnSketch = { version: this.sketch.version, prompt };
  }

  /** The strength of a drawing from the sketch. */
  get strength(): number {
    const form = this.form.value;
    return form.strength ?? usualStrength(form, this.modelDefaults, this.usesMask);
  }
}
