import type { Job, Picture, StudioBoot, StudioEvent, StudioState } from '../src/protocol/studio';
import type { Announcer } from './announcer';
import type { Connection } from './connection';
import { h } from './dom';
import { toRequest, withRecipe, withSettings, type Form } from './form';
import { Previews } from './previews';
import { PromptRow } from './prompt-row';
import { cellsOf } from './results/cells';
import { Filmstrip } from './results/filmstrip';
import { PictureActions } from './results/picture-actions';
import type { Remedy } from './results/remedies';
import { ResultStage } from './results/result-stage';
import { SettingsPanel } from './settings/settings-panel';
import { SketchDesk } from './sketch/sketch-desk';
import { Stage } from './stage';
import { isRunning, StatusRow } from './status-row';
import { Store } from './store';
import type { View } from './view';
import { t } from './words';

const NOTHING_YET: StudioState = {
  models: [],
  devices: undefined,
  speeds: [],
  jobs: [],
  pictures: [],
  target: undefined,
  settings: { model: 'starter', device: 'auto' },
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
    private readonly connection: Connection,
    private readonly announcer: Announcer,
    boot: StudioBoot,
    restored: Restored,
  ) {
    this.form = new Store(restored.form);
    this.view = new Store(restored.view);
    const change = (fields: Partial<Form>) => this.form.update(fields);
    this.sketch = new SketchDesk(announcer, restored.sketch, () => this.view.update({ tab: 'sketch' })); // prettier-ignore
    this.prompt = new PromptRow({ change, draw: () => void this.draw() });
    this.settings = new SettingsPanel({
      change,
      chooseModel: () => void this.act('chooseModel'),
      chooseDevice: () => void this.act('chooseDevice'),
    });
    this.status = new StatusRow(
      {
        cancel: () => void this.cancel(),
        pickModel: (model) => change({ model, steps: undefined, guidanceScale: undefined, width: undefined, height: undefined }), // prettier-ignore
      },
      announcer.note,
    );
    const verbs = this.verbs();
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
      this.stage.element,
      this.prompt.element,
      this.status.element,
      this.settings.element,
      this.film.element,
    );
    for (const store of [this.state, this.form, this.view]) store.watch(() => this.schedule());
    this.sketch.document.watch(() => this.schedule());
    this.listen();
  }

  /** Takes what the host pushes. */
  receive(event: StudioEvent): void {
    switch (event.event) {
      case 'state': {
        const before = this.state.value;
        if (event.state.settings && !this.form.value.model) {
          this.form.update(withSettings(this.form.value, event.state.settings));
        }
        this.state.update(event.state);
        this.follow(before.jobs, this.state.value.jobs);
        break;
      }
      case 'preview':
        this.previews.set(event.job, event.image, event.png);
        this.schedule();
        break;
      case 'sketch':
        void this.takeSketch(event.bytes, event.name);
        break;
    }
  }

  /** Keeps the stage on the job that draws, and says how jobs end. */
  private follow(before: readonly Job[], jobs: readonly Job[]): void {
    const live = jobs.filter((job) => isRunning(job) || job.state === 'queued');
    this.previews.keep(new Set(live.map(({ id }) => id)));
    const running = jobs.find(isRunning);
    const started = running && !before.some((job) => job.id === running.id && isRunning(job));
    if (started) {
      this.view.update({ shown: { kind: 'job', id: running.id }, selected: undefined });
      this.announcer.say(t('loading'));
    }
    for (const job of jobs) {
      const was = before.find(({ id }) => id === job.id)?.state;
      if (was === job.state || was === undefined) continue;
      if (job.state === 'done') {
        const [first] = job.pictures;
        if (this.shows(job)) this.view.update({ selected: first });
        const prompt = job.recipe.prompt;
        this.announcer.say(job.pictures.length > 1 ? t('doneMany', job.pictures.length) : t('done', prompt)); // prettier-ignore
      } else if (job.state === 'cancelled') {
        this.announcer.show(t('cancelled'));
        if (this.shows(job)) this.showKept(job);
      } else if (job.state === 'failed') {
        this.view.update({ tab: 'result', shown: { kind: 'job', id: job.id } });
      }
    }
  }

  /** After a cancel: what was finished before it, else the newest picture. */
  private showKept(job: Job): void {
    const ids = job.pictures.length > 0 ? job.pictures : this.state.value.pictures.slice(0, 1).map(({ id }) => id); // prettier-ignore
    this.view.update({ shown: { kind: 'pictures', ids }, selected: ids[0] });
  }

  private shows(job: Job): boolean {
    const { shown } = this.view.value;
    return shown.kind === 'job' && shown.id === job.id;
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
    await this.attempt(async () => {
      const { width, height } = this.pictureSize();
      const sketch = this.fromSketch ? await this.sketch.canvas.export(width, height) : undefined;
      const { job } = await this.connection.host.call('draw', { request: toRequest(form, sketch) });
      const ahead = this.state.value.jobs.filter((one) => one.id !== job && (isRunning(one) || one.state === 'queued')); // prettier-ignore
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

  private async cancel(): Promise<void> {
    await this.attempt(() => this.connection.host.call('cancel', {}));
  }

  private async mend(job: Job, remedy: Remedy): Promise<void> {
    if (remedy.change) this.form.update(remedy.change);
    if (remedy.action) await this.act(remedy.action);
    if (!remedy.again) return;
    await this.dismiss(job);
    await this.draw();
  }

  private async dismiss(job: Job): Promise<void> {
    await this.attempt(() => this.connection.host.call('dismiss', { job: job.id }));
    this.showKept(job);
  }

  private async act(action: Parameters<typeof this.connection.host.call<'act'>>[1]['action']) {
    await this.attempt(() => this.connection.host.call('act', { action }));
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

  private verbs() {
    const { host } = this.connection;
    const { announcer } = this;
    const asking = (run: (picture: Picture) => Promise<string | undefined>) => (picture: Picture) =>
      void this.attempt(async () => {
        const said = await run(picture);
        if (said) announcer.show(said);
      });
    return {
      insert: asking(async ({ id }) => t('inserted', (await host.call('insert', { picture: id })).document)), // prettier-ignore
      saveAs: asking(async ({ id }) => {
        const { name } = await host.call('saveAs', { picture: id });
        return name === null ? undefined : t('savedAs', name);
      }),
      copyMarkdown: asking(async ({ id }) => {
        await host.call('copyMarkdown', { picture: id });
        return t('copied');
      }),
      open: asking(async ({ id }) => {
        await host.call('open', { picture: id });
        return undefined;
      }),
      remove: asking(async ({ id }) => {
        const { removed } = await host.call('remove', { picture: id });
        return removed ? t('removed') : undefined;
      }),
      useAsSketch: asking(async ({ id, name }) => {
        const { bytes } = await host.call('read', { picture: id });
        await this.takeSketch(bytes, name);
        return undefined;
      }),
      reuse: (picture: Picture) => {
        if (!picture.recipe) return;
        this.form.update(withRecipe(this.form.value, picture.recipe));
        announcer.show(t('reused'));
      },
    };
  }

  private async takeSketch(bytes: Uint8Array, name: string): Promise<void> {
    const done = await this.sketch.import(new Blob([bytes as Uint8Array<ArrayBuffer>]));
    if (!done) return;
    this.form.update({ useSketch: true });
    this.view.update({ tab: 'sketch' });
    this.announcer.show(t('usedAsSketch', name));
  }

  /** Errors of the page's own requests are told in a note; those of a drawing stand on the stage. */
  private async attempt(run: () => Promise<unknown>): Promise<void> {
    try {
      await run();
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      this.announcer.show(message);
    }
  }

  private listen(): void {
    document.addEventListener('keydown', (event) => {
      if (event.defaultPrevented) return;
      const typing = (event.target as HTMLElement).matches('textarea, input, select');
      const command = event.ctrlKey || event.metaKey;
      const key = event.key.toLowerCase();
      if (event.key === 'Escape' && this.state.value.jobs.some(isRunning)) void this.cancel();
      else if (command && !typing && (key === 'z' || key === 'y')) {
        if (key === 'y' || event.shiftKey) this.sketch.redo();
        else this.sketch.undo();
      } else return;
      event.preventDefault();
    });
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
    const busy = state.jobs.some((job) => isRunning(job) || job.state === 'queued');
    const shownJob = state.jobs.find((job) => this.shows(job));
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
