import assert from 'node:assert/strict';
import type { Job, StudioImage, StudioState } from '../../src/protocol/studio';
import { DEFAULT_REQUEST_SETTINGS } from '../../src/core/request/settings';
import { PageState } from '../../webview/page/page-state';
import type { Stroke } from '../../webview/sketch/marks';

const image = (id: string) => ({ id, name: id, src: id, uri: id }) as StudioImage;
const [newest, middle, oldest] = [image('newest'), image('middle'), image('oldest')];
const images = [newest, middle, oldest];
const job = (fields: Partial<Job>): Job => ({
  id: 1,
  state: 'drawing',
  request: { prompt: '', negativePrompt: '', model: 'starter', seed: 1 },
  numImages: 1,
  ahead: 0,
  stepsDone: 0,
  stepsTotal: 0,
  warnings: [],
  images: [],
  ...fields,
});
const stroke: Stroke = {
  kind: 'stroke',
  layer: 'paint',
  erase: false,
  colour: '#d8433b',
  size: 10,
  pressed: false,
  points: [[0, 0, 0.5]],
};
const settings: StudioState['settings'] = {
  ...DEFAULT_REQUEST_SETTINGS,
  style: '',
  styles: [],
  liveDrawing: true,
};

/** The ids on the stage, and the selected one. */
function stage({ view }: PageState) {
  const { shown, selected } = view.value;
  return { ids: shown.kind === 'pictures' ? shown.ids : shown.kind, selected };
}

describe('the stage of the studio', () => {
  it('shows the newest image where it would show nothing', () => {
    const page = new PageState(undefined);
    page.update({ images: [] });
    assert.deepEqual(stage(page), { ids: 'nothing', selected: undefined });
    page.update({ images });
    assert.deepEqual(stage(page), { ids: ['newest'], selected: 'newest' });
  });

  it('comes back as it was after it was hidden, and with the newest image when it is opened', () => {
    const saved = { view: { tab: 'sketch', ids: ['oldest'], selected: 'oldest' } };
    const page = new PageState(saved);
    page.update({ images });
    assert.deepEqual(stage(page), { ids: ['oldest'], selected: 'oldest' });
    page.showNewest();
    assert.deepEqual(stage(page), { ids: ['newest'], selected: 'newest' });
    assert.equal(page.view.value.tab, 'sketch');
  });

  it('keeps the images of one job beside the newest when it is opened', () => {
    const page = new PageState({ view: { ids: ['oldest', 'newest'], selected: 'oldest' } });
    page.update({ images });
    page.showNewest();
    assert.deepEqual(stage(page), { ids: ['oldest', 'newest'], selected: 'newest' });
  });

  it('shows the newest image after the one that it showed was deleted', () => {
    const page = new PageState({ view: { ids: ['oldest'], selected: 'oldest' } });
    page.update({ images });
    page.update({ images: [newest, middle] });
    assert.deepEqual(stage(page), { ids: ['newest'], selected: 'newest' });
  });

  it('stays with a job that runs or has failed', () => {
    for (const state of ['queued', 'loading', 'drawing', 'failed'] as const) {
      const page = new PageState(undefined);
      page.view.update({ shown: { kind: 'job', id: 1 } });
      page.update({ images, jobs: [job({ state })] });
      assert.equal(stage(page).ids, 'job', state);
      page.showNewest();
      assert.equal(stage(page).ids, 'job', state);
    }
  });

  it('changes nothing where there is nothing to change', () => {
    const page = new PageState(undefined);
    page.update({ images: [] });
    const before = page.view.value;
    page.update({ images: [], jobs: [] });
    assert.equal(page.view.value, before);
  });
});

describe('the sketch of the studio', () => {
  const drawn = () => {
    const page = new PageState({ form: { prompt: 'a house' } });
    page.sketch.add(stroke);
    return page;
  };

  it('is drawn from until it is cleared, and again when that is undone', () => {
    const page = new PageState(undefined);
    assert.equal(page.sketchUse, 'none');
    page.sketch.add(stroke);
    assert.equal(page.sketchUse, 'used');
    assert.equal(page.startsFromSketch, true);
    page.sketch.clear();
    assert.equal(page.sketchUse, 'none');
    assert.equal(page.startsFromSketch, false);
    page.sketch.undo();
    assert.equal(page.sketchUse, 'used');
  });

  it('is not drawn from once the user has stopped it, until they draw on', () => {
    const page = drawn();
    page.form.update({ useSketch: false });
    assert.equal(page.sketchUse, 'stopped');
    page.sketch.undo();
    page.sketch.redo();
    page.sketch.add({ ...stroke, erase: true });
    page.form.update({ useSketch: false });
    page.sketch.clear();
    page.sketch.add(stroke);
    assert.equal(page.sketchUse, 'used');
  });

  it('is told as an old one when other words go with it', () => {
    const page = drawn();
    page.noteSketchDrawn();
    assert.equal(page.sketchUse, 'used');
    page.form.update({ prompt: 'a robot' });
    assert.equal(page.sketchUse, 'old');
    page.sketch.add(stroke);
    assert.equal(page.sketchUse, 'used');
  });

  it('is told as an old one after a reload too', () => {
    const page = new PageState(JSON.parse(JSON.stringify(drawn().save())));
    assert.equal(page.sketchUse, 'used');
    page.form.update({ prompt: 'a robot' });
    assert.equal(page.sketchUse, 'old');
  });

  it('is changed as much as suits the model, unless the user or a mask says otherwise', () => {
    const page = drawn();
    const defaults = { steps: 8, guidanceScale: 2, width: 256, height: 256, multiple: 32 };
    const entry = (sketchStrength?: number) =>
      ({
        id: 'starter',
        defaults: { ...defaults, scheduler: 'DDIMScheduler', sketchStrength },
      }) as StudioState['models'][number];
    page.update({ settings });
    page.update({ models: [entry()] });
    assert.equal(page.strength, 0.7);
    page.update({ models: [entry(0.45)] });
    assert.equal(page.strength, 0.45);
    // Nothing would be drawn in 0.9 steps.
    page.form.update({ steps: 2 });
    assert.equal(page.strength, 0.5);
    page.form.update({ steps: undefined });
    page.sketch.add({ ...stroke, layer: 'mask' });
    assert.equal(page.strength, 0.7);
    page.form.update({ strength: 0.3 });
    assert.equal(page.strength, 0.3);
  });
});
