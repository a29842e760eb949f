import { readRecipe, type RecipeRequest } from '../../src/core/recipe/index';
import { DEFAULT_REQUEST_SETTINGS } from '../../src/core/request/settings';
import type {
  Job,
  Picture,
  StudioBoot,
  StudioEvent,
  StudioSettings,
  StudioState,
} from '../../src/protocol/studio';
import type { Announcer } from '../controls/announcer';
import type { Connection } from '../state/connection';
import { h } from '../controls/dom';
import { HostCalls } from '../state/host-calls';
import { JobFollower } from '../state/job-follower';
import { isLive } from '../state/job-words';
import { pictureVerbs } from './picture-verbs';
import {
  followSettings,
  toRequest,
  withRecipe,
  withRequest,
  withSettings,
  type Form,
} from '../state/form';
import { Previews } from '../state/previews';
import { PromptRow } from './prompt-row';
import { cellsOf } from '../results/cells';
import { Filmstrip } from '../results/filmstrip';
import { PictureActions } from '../results/picture-actions';
import type { Remedy } from '../results/remedies';
import { ResultStage } from '../results/result-stage';
import { SettingsPanel } from '../settings/settings-panel';
import { listenToShortcuts } from './shortcuts';
import { SketchDesk } from '../sketch/sketch-desk';
import { Stage } from './stage';
import { StatusRow } from './status-row';
import { Store } from '../state/store';
import type { View } from '../state/view';
import { t } from '../words';

const NOTHING_YET: StudioState = {
  models: [],
  devices: undefined,
  speeds: [],
  jobs: [],
  pictures: [],
  target: undefined,
  settings: { ...DEFAULT_REQUEST_SETTINGS, style: '', styles: [] },
};

export interface Restored {
  readonly form: Form;
  readonly view: View;
  readonly sketch: unknown;
}

/** The page: holds the state, gives it to the parts, and does what they ask. */
export class StudioPage {
  readonly state = new Store<StudioState>(NOTHING_YET);
  readonly form: Store<Form>;
  readonly view: Store<View>;
  readonly sketch: SketchDesk;
  readonly element: HTMLElement;
  private readonly calls: HostCalls;
  private readonly follower: JobFollower;
  private readonly previews = new Previews();
  private readonly prompt: PromptRow;
  private readonly settings: SettingsPanel;
  private readonly status: StatusRow;
  private readonly results: ResultStage;
  private readonly actions: PictureActions;
  private readonly film: Filmstrip;
  private readonly stage: Stage;
  private frame = 0;

  constructor(
    connection: Connection,
    private readonly announcer: Announcer,
    boot: StudioBoot,
    restored: Restored,
  ) {
    this.calls = new HostCalls(connection.host, announcer);
    this.form = new Store(restored.form);
    this.view = new Store(restored.view);
    this.follower = new JobFollower(this.state, this.view, announcer);
    const change = (fields: Partial<Form>) => this.form.update(fields);
    this.sketch = new SketchDesk(announcer, restored.sketch, {
      bringUp: () => this.view.update({ tab: 'sketch' }),
      restore: (bytes, name) => this.restore(bytes, name),
      readFile: (uri) => this.calls.host.call('readFile', { uri }),
    });
    this.prompt = new PromptRow({ change, draw: () => void this.draw() });
    this.settings = new SettingsPanel({
      change,
      chooseModel: () => void this.calls.act('chooseModel'),
      chooseDevice: () => void this.calls.act('chooseDevice'),
    });
    this.status = new StatusRow(
      {
        cancel: () => void this.calls.cancel(),
        pickModel: (model) => change({ model, steps: undefined, guidanceScale: undefined, width: undefined, height: undefined }), // prettier-ignore
      },
      announcer.note,
    );
    const verbs = pictureVerbs(this.calls, {
      takeSketch: (bytes, name) => this.takeSketch(bytes, name),
      restore: (bytes) => this.restore(bytes),
      reuse: (recipe) => {
        change(withRecipe(this.form.value, recipe));
        announcer.show(t('reused'));
      },
    });
    this.actions = new PictureActions(verbs);
    this.film = new Filmstrip(verbs, (picture) => this.look(picture));
    this.results = new ResultStage(boot.examples, {
      select: (selected) => this.view.update({ selected }),
      mend: (job, remedy) => void this.mend(job, remedy),
      dismiss: (job) => void this.dismiss(job),
      drawExample: (prompt) => {
        change({ prompt });
        void this.draw();
      },
    });
    this.stage = new Stage(this.sketch.element, this.results.element, this.actions.element, (tab) =>
      this.view.update({ tab }),
    );
    this.element = h(
      'main',
      { class: 'studio' },
      {},
      h('h1', { class: 'visually-hidden' }, {}, t('title')),
      this.stage.element,
      this.prompt.element,
      this.status.element,
      this.settings.element,
      this.film.element,
    );
    for (const store of [this.state, this.form, this.view]) store.watch(() => this.schedule());
    this.sketch.document.watch(() => this.schedule());
    listenToShortcuts(document, {
      busy: () => this.state.value.jobs.some(isLive),
      cancel: () => void this.calls.cancel(),
      undo: () => this.sketch.undo(),
      redo: () => this.sketch.redo(),
    });
  }

  /** Takes what the host pushes. */
  receive(event: StudioEvent): void {
    switch (event.event) {
      case 'state':
        if (event.state.settings) this.takeSettings(event.state.settings);
        this.state.update(event.state);
        this.previews.keep(new Set(this.state.value.jobs.filter(isLive).map(({ id }) => id)));
        break;
      case 'preview':
        this.previews.set(event.job, event.image, event.png);
        this.schedule();
        break;
      case 'sketch':
        void this.takeSketch(event.bytes, event.name);
        break;
      case 'recipe':
        this.takeRecipe(event.request, event.notes, t('restored', event.name));
        break;
    }
  }

  /** Takes over the settings that a picture's file tells. @returns whether it tells any */
  private restore(bytes: Uint8Array, name?: string): boolean {
    const recipe = readRecipe(bytes);
    if (!recipe) return false;
    const notes = recipe.notes.map(({ message }) => message);
    this.takeRecipe(recipe.request, notes, name === undefined ? t('reused') : t('restored', name));
    return true;
  }

  private takeRecipe(request: RecipeRequest, notes: readonly string[], said: string): void {
    this.form.update(withRequest(this.form.value, request, this.state.value.settings));
    this.announcer.show([said, ...notes].join(' '));
  }

  /** A new page starts from the settings; later it follows those that were changed, and no other. */
  private takeSettings(settings: StudioSettings): void {
    const form = this.form.value;
    const { settings: before } = this.state.value;
    if (!form.model) this.form.update(withSettings(form, settings));
    else if (this.state.value !== NOTHING_YET) {
      this.form.update(followSettings(form, before, settings));
    }
  }

  private get fromSketch(): boolean {
    return this.form.value.useSketch && !this.sketch.document.isBlank;
  }

  private async draw(): Promise<void> {
    const form = this.form.value;
    if (!form.prompt.trim() && !this.fromSketch) {
      this.announcer.show(t('needsPrompt'));
      this.prompt.input.focus();
      return;
    }
    await this.calls.attempt(async () => {
      const { width, height } = this.pictureSize();
      const sketch = this.fromSketch ? await this.sketch.canvas.export(width, height) : undefined;
      const { job } = await this.calls.host.call('draw', {
        request: toRequest(form, sketch, this.state.value.settings),
      });
      const ahead = this.state.value.jobs.filter((one) => one.id !== job && (isLive(one))); // prettier-ignore
      if (ahead.length > 0) {
        this.announcer.show(ahead.length > 1 ? t('queuedBehind', ahead.length) : t('queuedNext'));
      } else
        this.view.update({ tab: 'result', shown: { kind: 'job', id: job }, selected: undefined });
    });
  }

  private pictureSize(): { width: number; height: number } {
    const { width, height } = this.form.value;
    const own = this.defaults;
    return { width: width ?? own?.width ?? 512, height: height ?? own?.height ?? 512 };
  }

  private get defaults() {
    const { models } = this.state.value;
    return models.find(({ id }) => id === this.form.value.model)?.defaults;
  }

  private async mend(job: Job, remedy: Remedy): Promise<void> {
    if (remedy.change) this.form.update(remedy.change);
    if (remedy.action) await this.calls.act(remedy.action);
    if (!remedy.again) return;
    await this.dismiss(job);
    await this.draw();
  }

  private async dismiss(job: Job): Promise<void> {
    await this.calls.dismiss(job.id);
    this.follower.showKept(job);
  }

  private look(picture: Picture): void {
    const { shown } = this.view.value;
    const job = this.state.value.jobs.find((one) => shown.kind === 'job' && one.id === shown.id);
    const together = job?.pictures.includes(picture.id) ?? (shown.kind === 'pictures' && shown.ids.includes(picture.id)); // prettier-ignore
    this.view.update({
      tab: 'result',
      selected: picture.id,
      ...(!together && { shown: { kind: 'pictures', ids: [picture.id] } }),
    });
  }

  private async takeSketch(bytes: Uint8Array, name: string): Promise<void> {
    const done = await this.sketch.import(new Blob([bytes as Uint8Array<ArrayBuffer>]));
    if (!done) return;
    this.form.update({ useSketch: true });
    this.view.update({ tab: 'sketch' });
    this.announcer.show(t('usedAsSketch', name));
  }

  private schedule(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.render();
    });
  }

  private render(): void {
    const form = this.form.value;
    const state = this.state.value;
    const view = this.view.value;
    const busy = state.jobs.some(isLive);
    const shownJob = state.jobs.find((job) => this.follower.shows(job));
    const failed = shownJob?.state === 'failed' ? shownJob : undefined;
    const cells = cellsOf(view, state.jobs, state.pictures, this.previews);
    const selected = failed
      ? undefined
      : (cells.find(({ picture }) => picture?.id === view.selected) ?? cells.find(({ picture }) => picture))?.picture; // prettier-ignore
    this.prompt.show(form, !this.sketch.document.isBlank, busy);
    this.settings.show(form, state, this.defaults, this.fromSketch);
    this.status.show(form, state, this.defaults, this.fromSketch);
    this.results.show(cells, selected?.id, failed);
    this.actions.show(selected, state.target);
    this.film.show(state.pictures, selected?.id, state.target);
    this.stage.show(view.tab, busy);
    this.sketch.resize(this.pictureSize());
  }
}
