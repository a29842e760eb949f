import { isRecord } from '../../src/core/json';
import { DEFAULT_REQUEST_SETTINGS } from '../../src/core/request/settings';
import type { StudioState } from '../../src/protocol/studio';
import { SketchDocument } from '../sketch/document';
import { followSettings, restoreForm, withSettings, type Defaults, type Form } from '../state/form';
import { StateStore } from '../state/store';
import { restoreView, saveView, type View } from '../state/view';

/** Before the first `state` event of the host. */
const INITIAL_STATE: StudioState = {
  models: [],
  devices: undefined,
  speeds: [],
  jobs: [],
  images: [],
  target: undefined,
  settings: { ...DEFAULT_REQUEST_SETTINGS, style: '', styles: [] },
};

/** The side of an image in pixels, while the model's default size is not known. */
const FALLBACK_SIDE = 512;

/** Everything that the page knows: the host's state, and what the user has entered. */
export class PageState {
  readonly studio = new StateStore<StudioState>(INITIAL_STATE);
  readonly form: StateStore<Form>;
  readonly view: StateStore<View>;
  readonly sketch = new SketchDocument();

  /** @param saved the result of an earlier `save`; invalid parts are ignored */
  constructor(saved: unknown) {
    const parts = isRecord(saved) ? saved : {};
    this.form = new StateStore(restoreForm(parts.form));
    this.view = new StateStore(restoreView(parts.view));
    this.sketch.restore(parts.sketch);
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
  }

  /** The default settings of the chosen model; undefined while the model is not listed. */
  get modelDefaults(): Defaults | undefined {
    const { models } = this.studio.value;
    return models.find(({ id }) => id === this.form.value.model)?.defaults;
  }

  /** The size of the next image, in pixels. */
  get imageSize(): { width: number; height: number } {
    const { width, height } = this.form.value;
    const defaults = this.modelDefaults;
    return {
      width: width ?? defaults?.width ?? FALLBACK_SIDE,
      height: height ?? defaults?.height ?? FALLBACK_SIDE,
    };
  }

  /** Whether the next image starts from the sketch. */
  get startsFromSketch(): boolean {
    return this.form.value.useSketch && !this.sketch.isBlank;
  }
}
