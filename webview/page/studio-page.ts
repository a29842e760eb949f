import type { StudioBoot, StudioEvent, StudioImage } from '../../src/protocol/studio';
import { h } from '../controls/dom';
import { t } from '../l10n';
import { Previews, shownCells, type Cell } from '../results/cells';
import { Filmstrip } from '../results/filmstrip';
import type { ImageActions } from '../results/image-toolbar';
import { Chips } from '../composition/chips';
import { sizeMenu } from '../settings/sizes';
import { SettingsPanel } from '../settings/settings-panel';
import { SketchEditor } from '../sketch/sketch-editor';
import type { HostCalls } from '../state/host';
import { JobFollower } from '../state/job-follower';
import { isLive, isRunning } from '../state/job-status';
import { additionActions } from './addition-actions';
import { Comparing } from './comparing';
import { Drawer } from './drawer';
import { imageActions } from './image-actions';
import { LiveDrawing } from './live-drawing';
import type { PageState } from './page-state';
import { PromptRow } from './prompt-row';
import { ResultPanel } from './result-panel';
import { listenToShortcuts } from './shortcuts';
import { Stage } from './stage';
import { StatusRow } from './status-row';
import { StudioActions } from './studio-actions';

/** The page: creates its parts, and shows the state in them. */
export class StudioPage {
  readonly element: HTMLElement;
  private readonly actions: StudioActions;
  private readonly follower: JobFollower;
  private readonly previews = new Previews();
  private readonly sketch: SketchEditor;
  private readonly prompt: PromptRow;
  private readonly chips: Chips;
  private readonly settings: SettingsPanel;
  private readonly drawer: Drawer;
  private readonly ofImage: ImageActions;
  private readonly status: StatusRow;
  private readonly comparing: Comparing;
  private readonly results: ResultPanel;
  private readonly filmstrip: Filmstrip;
  private readonly stage: Stage;
  /** The model of an endpoint of which it was asked last what can be done with it. */
  private asked = '';
  /** The id of the requested animation frame; 0 for none. */
  private frame = 0;

  constructor(
    private readonly page: PageState,
    calls: HostCalls,
    examples: StudioBoot['examples'],
  ) {
    const { studio, view } = page;
    const { announcer } = calls;
    this.follower = new JobFollower(studio, view, announcer);
    this.sketch = new SketchEditor(page.sketch, announcer, {
      show: () => view.update({ tab: 'sketch' }),
      restore: (bytes, name) => this.actions.restoreFile(bytes, name),
      readFile: (uri) => calls.host.call('readFile', { uri }),
      keepLive: () => void calls.keepLive(),
    });
    const actions = new StudioActions(
      page,
      calls,
      this.follower,
      this.sketch,
      () => this.prompt.input.focus(),
      () => this.drawer.makeRoom(),
    );
    const live = new LiveDrawing(page, calls.host, this.sketch.canvas, this.sketch.live);
    this.actions = actions;
    const { change } = actions;
    this.prompt = new PromptRow({
      change,
      draw: () => {
        live.stop();
        void actions.draw();
      },
      showSketch: () => view.update({ tab: 'sketch' }),
      announce: announcer.say,
    });
    this.chips = new Chips({
      change: (composition) => actions.changeParts(composition),
      chooseGround: (ground) => actions.chooseGround(ground),
      chooseSize: (size) => change({ width: size?.width, height: size?.height }),
      chooseVariation: (variation) => change({ variation }),
      reset: () => change({ changed: undefined }),
      sizes: () => {
        const { form, modelDefaults, suitableSize } = page;
        return sizeMenu({ form: form.value, defaults: modelDefaults, suitable: suitableSize });
      },
    });
    this.sketch.canvas.onDraw((paint) => this.prompt.sketch.draw(paint));
    this.settings = new SettingsPanel({
      change,
      chooseModel: (model) => actions.chooseModel(model),
      getModels: () => void calls.act('chooseModel'),
      chooseDevice: () => void calls.act('chooseDevice'),
      manageEndpoints: () => void calls.act('manageEndpoints'),
      whyNotCard: () => void calls.act('whyNotGraphicsCard'),
      getControlnet: () => void actions.getControlnet(),
      additions: additionActions(page, calls, actions),
      choosePalette: () => void calls.act('openPalette'),
      nextVariation: () => (page.composing ? page.nextVariation(page.form.value) : 0),
    });
    this.drawer = new Drawer(this.settings.element, () => this.element);
    this.status = new StatusRow(
      {
        cancel: () => void calls.cancel(),
        cancelAll: () => {
          this.follower.muteCancelled(studio.value.jobs.filter(isLive));
          void calls.cancelAll();
          // The button is hidden as soon as nothing waits.
          this.prompt.input.focus();
        },
        chooseModel: (model) => actions.chooseModel(model),
      },
      announcer.note,
      this.drawer.button,
    );
    this.comparing = new Comparing(page, {
      announcer,
      selected: () => this.shown.selected,
      showImage: (image) => actions.showImage(image),
      focusDivider: () => this.results.focusDivider(),
      focusResults: (image) => {
        this.drawer.close();
        this.filmstrip.focusBeside(image);
      },
    });
    const { comparing } = this;
    const ofImage = imageActions(calls, actions, comparing.start);
    this.ofImage = ofImage;
    this.filmstrip = new Filmstrip(ofImage, comparing.pick);
    this.results = new ResultPanel(examples, {
      ofImage,
      comparing,
      drawExactly: (image) => actions.drawExactly(image),
      drawInstead: (image, subject, thing) => actions.drawInstead(image, subject, thing),
      takeOffer: (image, offer) => actions.takeOffer(image, offer),
      select: comparing.pick,
      recover: (job, action) => void actions.recover(job, action),
      dismiss: (job) => void actions.dismiss(job),
      drawExample: (prompt) => actions.drawExample(prompt),
    });
    this.stage = new Stage(this.sketch.element, this.results.elements, (tab) =>
      view.update({ tab }),
    );
    this.element = h(
      'main',
      { class: 'studio' },
      {},
      h('h1', { class: 'visually-hidden' }, {}, t('title')),
      this.stage.element,
      this.prompt.element,
      this.chips.element,
      this.status.element,
      this.settings.element,
      this.filmstrip.element,
    );
    this.setContextMenus();
    studio.watch(() => this.scheduleRender());
    page.onEdit(() => this.scheduleRender());
    listenToShortcuts(document, {
      isBusy: () => studio.value.jobs.some(isLive),
      cancel: () => void calls.cancel(),
      isComparing: () => view.value.comparison !== undefined,
      endComparison: comparing.back,
      undo: () => this.sketch.undo(),
      redo: () => this.sketch.redo(),
    });
  }

  /** The editor's entries for text (Cut, Copy, Paste) are offered where text can be typed, and nowhere else. */
  private setContextMenus(): void {
    const offerText = (offer: boolean) =>
      JSON.stringify({ preventDefaultContextMenuItems: !offer });
    this.element.dataset.vscodeContext = offerText(false);
    for (const input of this.element.querySelectorAll<HTMLElement>('textarea, input')) {
      input.dataset.vscodeContext = offerText(true);
    }
  }

  /** Handles an event of the host. */
  receive(event: StudioEvent): void {
    switch (event.event) {
      case 'state': {
        this.page.update(event.state);
        const live = this.page.studio.value.jobs.filter(isLive);
        this.previews.keep(new Set(live.map(({ id }) => id)));
        break;
      }
      case 'opened':
        this.page.showNewest();
        break;
      case 'menu': {
        const image = this.page.studio.value.images.find(({ id }) => id === event.image);
        if (image) this.ofImage[event.action](image);
        break;
      }
      case 'preview':
        this.previews.set(event.job, event.index, event.png);
        this.scheduleRender();
        break;
      case 'sketch':
        void this.actions.useAsSketch(event.bytes, event.name);
        break;
      case 'recipe':
        this.actions.restoreRecipe(event.request, event.notes, event.name);
        break;
    }
  }

  /** Renders once in the next frame, however many changes there are until then. */
  private scheduleRender(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.render();
    });
  }

  private render(): void {
    const { modelDefaults, imageSize, sketchSize, sketchUse } = this.page;
    const form = this.page.form.value;
    this.askEndpoint();
    const state = this.page.studio.value;
    const view = this.page.view.value;
    const isBusy = state.jobs.some(isLive);
    const { failed, cells, selected } = this.shown;
    const role = this.page.sketchRole;
    const { elsewhere } = this.page;
    const { composing } = this.page;
    const hasThings = composing !== undefined;
    this.prompt.show(form, state.prompts, sketchUse, {
      hasThings,
      busy: isBusy,
      host: elsewhere?.endpoint.host,
    });
    this.chips.show(
      composing && {
        ...composing,
        palette: form.palette,
        variation: form.variation,
        isTyping: this.prompt.isCompleting,
        size: { ...imageSize, isChosen: form.width !== undefined || form.height !== undefined },
      },
    );
    this.settings.show(form, state, modelDefaults, {
      ...role,
      isSketched: this.page.usesSketch,
      lines: this.page.lines,
      additions: { ...this.page.additions, result: selected },
      suitable: this.page.suitableSize,
      elsewhere,
    });
    this.status.show(form, state, modelDefaults, role);
    const { comparison } = view;
    const isFocusLost = this.results.show({
      ...{ cells, selected, failed, comparison, state },
      running: state.jobs.find((job) => this.follower.shows(job) && isRunning(job)),
      composes: (model) => this.page.composesWith(model),
    });
    const current = comparison?.right === undefined ? selected?.id : undefined;
    this.filmstrip.show(state.images, current, { ...state, comparison });
    if (isFocusLost) this.prompt.input.focus();
    this.stage.show(view.tab, isBusy);
    this.sketch.resize(sketchSize);
    this.sketch.showMaskable(this.page.maskRefused);
  }

  /** Once for each model, however it was chosen: by a click, the settings, or a page that came back. */
  private askEndpoint(): void {
    const { model } = this.page.form.value;
    if (model === this.asked || !this.page.elsewhere) return;
    this.asked = model;
    this.actions.askEndpoint(model);
  }

  /** What is on the stage, below a comparison: images, of which one is selected, or a job that failed. */
  private get shown() {
    const { jobs, images } = this.page.studio.value;
    const view = this.page.view.value;
    const failed = jobs.find((job) => this.follower.shows(job) && job.state === 'failed');
    const cells = shownCells(view, jobs, images, this.previews);
    const selected = failed ? undefined : selectedImage(cells, view.selected);
    return { failed, cells, selected };
  }
}

/**
 * The selected image, or the first one where it is not shown. Without a selection, there is none until all
 * images are finished.
 */
function selectedImage(cells: readonly Cell[], id: string | undefined): StudioImage | undefined {
  const cell = cells.find(({ image }) => image?.id === id) ?? cells.find(({ image }) => image);
  return cell?.image;
}
