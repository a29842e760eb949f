import assert from 'node:assert/strict';
import { drawnRecipe, embedRecipe, readRecipe } from '../../src/core/recipe/index';
import { parseRequest } from '../../src/core/request/request';
import { DEFAULT_REQUEST_SETTINGS } from '../../src/core/request/settings';
import { applyStyle, DEFAULT_STYLES, findStyle } from '../../src/core/request/styles';
import { STUDIO_STRINGS } from '../../src/protocol/studio-strings';
import type { Job, RequestSummary, StudioImage, StudioSettings } from '../../src/protocol/studio';
import {
  effective,
  followSettings,
  restoreForm,
  withRecipe,
  withRequest,
  withSettings,
} from '../../webview/state/form';
import { PageState } from '../../webview/page/page-state';
import { shownCells } from '../../webview/results/cells';
import { recoveryActions } from '../../webview/results/recovery-actions';
import { describePreparing, describeProgress, shareDone } from '../../webview/state/job-status';
import { toRequest } from '../../webview/state/request';
import { restoreView, saveView, type View } from '../../webview/state/view';
import { formatSeconds, setLanguage, t } from '../../webview/l10n';

const recipe: RequestSummary = {
  prompt: 'a fox',
  negativePrompt: 'blurry',
  model: 'org/model',
  seed: 42,
  steps: 20,
  width: 512,
  height: 384,
};

const settings: StudioSettings = {
  ...DEFAULT_REQUEST_SETTINGS,
  format: 'webp',
  metadata: false,
  style: '',
  styles: DEFAULT_STYLES,
  liveDrawing: true,
};

const job: Job = {
  id: 1,
  state: 'drawing',
  request: recipe,
  numImages: 3,
  ahead: 0,
  stepsDone: 0,
  stepsTotal: 0,
  warnings: [],
  images: [],
};

const savedImage = (id: string): StudioImage => ({
  id,
  name: id,
  src: `src:${id}`,
  uri: id,
  request: recipe,
});

before(() => setLanguage(STUDIO_STRINGS, 'en'));

describe('form', () => {
  it('makes requests that the engine takes, and leaves open what is not set', () => {
    const form = { ...restoreForm({}), prompt: ' a fox ' };
    const request = toRequest(form, undefined, settings);
    assert.equal(parseRequest(request).prompt, 'a fox');
    for (const open of ['steps', 'guidanceScale', 'width', 'height', 'scheduler', 'seed']) {
      assert.equal(open in request, false, open);
    }
  });

  it('sends a seed only when it is locked', () => {
    const form = { ...restoreForm({}), seed: 5 };
    assert.equal(toRequest(form, undefined, settings).seed, undefined);
    assert.equal(toRequest({ ...form, seedLocked: true }, undefined, settings).seed, 5);
  });

  it('sends a sketch with its strength, and its mask', () => {
    const image = new Uint8Array([1]);
    const sketch = { image, mask: image, strength: 0.6 };
    const request = toRequest(restoreForm({ strength: 0.4 }), sketch, settings);
    assert.equal(request.strength, 0.4);
    assert.equal(toRequest(restoreForm({}), sketch, settings).strength, 0.6);
    assert.equal(request.mask, image);
    assert.doesNotThrow(() => parseRequest(request));
  });

  it('draws a recipe again exactly', () => {
    const request = toRequest(
      withRecipe(restoreForm({ numImages: 4 }), recipe),
      undefined,
      settings,
    );
    const { prompt, negativePrompt, model, seed, steps, width, height, numImages } = request;
    assert.deepEqual(
      { prompt, negativePrompt, model, seed, steps, width, height, numImages },
      { ...recipe, numImages: 1 },
    );
  });

  it('draws a restored recipe with every setting, also those without a control', () => {
    const asked = parseRequest(
      applyStyle(findStyle(DEFAULT_STYLES, 'line art'), {
        prompt: 'a fox',
        negativePrompt: 'blurry',
        model: 'org/model',
        scheduler: 'dpm++-karras',
        promptSyntax: 'weighted',
        wildcards: true,
        guidanceRescale: 0.5,
        vae: 'tiny',
        fit: { width: 800, height: 400 },
        hires: { scale: 1.5 },
        transparent: true,
        loras: [{ path: '/l/ink.safetensors', scale: 0.8 }],
        embeddings: [{ path: '/e.pt' }],
      }),
    );
    const drawing = drawnRecipe({
      request: asked,
      scheduler: 'X',
      seed: 42,
      model: 'org/model',
      version: '1.0.0',
      settings: { steps: 20, guidanceScale: 7.5, width: 512, height: 256 },
    });
    const svg = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"></svg>');
    const restored = readRecipe(embedRecipe(svg, drawing));
    assert.ok(restored);
    // As the page keeps it while it is hidden.
    const saved: unknown = JSON.parse(
      JSON.stringify(withRequest(restoreForm({}), restored.request, settings)),
    );
    const page = new PageState({ form: saved });
    const request = parseRequest(toRequest(page.form.value, undefined, settings, page.drawing));
    const { metadata, preview, ...wanted } = parseRequest({ ...drawing.request });
    assert.deepEqual([metadata, preview, request.metadata], [true, false, false]);
    assert.deepEqual(request, { ...wanted, metadata: false, preview: true });
  });

  it('begins with the style of the settings, and lets what is set go first', () => {
    const style = { name: 'Brand', prompt: '{prompt}, teal', steps: 30, width: 64 };
    const form = withSettings(restoreForm({}), { ...settings, style: 'Brand', styles: [style] });
    const request = toRequest({ ...form, prompt: 'a fox', steps: 5 }, undefined, settings);
    assert.deepEqual([request.steps, request.width, request.style?.name], [5, 64, 'Brand']);
    assert.equal(effective(form, undefined).steps, 30);
  });

  it('follows the settings that change while it is open, and no other', () => {
    const mine = { ...restoreForm({ prompt: 'a fox', steps: 5 }), model: 'starter' };
    const next = { ...settings, style: 'Photo', transparent: true, steps: 9 };
    const followed = followSettings(mine, settings, next);
    assert.deepEqual(
      [followed.style?.name, followed.transparent, followed.steps],
      ['Photo', true, 5],
    );
    assert.equal(followSettings(mine, settings, { ...settings, device: 'cpu' }).device, 'cpu');
    assert.equal(followSettings(mine, settings, { ...next, model: 'org/model' }).steps, 9);
    assert.equal(followSettings(mine, settings, settings), mine);
  });

  it('asks for transparency only where the format has it', () => {
    const form = { ...restoreForm({}), prompt: 'a fox', transparent: true };
    assert.equal(toRequest(form, undefined, settings).transparent, true);
    assert.equal(toRequest(form, undefined, { ...settings, format: 'jpeg' }).transparent, false);
  });

  it('keeps what can be read of a saved state', () => {
    const form = restoreForm({ prompt: 'kept', steps: -3, device: 'toaster', numImages: 'many' });
    assert.equal(form.prompt, 'kept');
    assert.equal(form.steps, undefined);
    assert.equal(form.device, 'auto');
    assert.equal(form.numImages, 1);
    assert.deepEqual(restoreForm(null), restoreForm({}));
  });

  it('shows the model’s own where nothing is set', () => {
    const defaults = {
      steps: 12,
      guidanceScale: 4,
      width: 256,
      height: 256,
      multiple: 32,
      scheduler: '',
    };
    assert.equal(effective({ ...restoreForm({}), steps: 5 }, defaults).steps, 5);
    assert.equal(effective(restoreForm({}), defaults).width, 256);
  });
});

describe('stage', () => {
  const view = (shown: View['shown']): View => ({
    ...{ tab: 'result', shown, selected: undefined, comparison: undefined },
  });
  const previews = { get: (_: number, index: number) => (index === 1 ? 'blob:1' : undefined) };

  it('shows a job’s pictures side by side with their seeds: done, coming, to come', () => {
    const drawing = { ...job, images: ['a'] };
    const cells = shownCells(view({ kind: 'job', id: 1 }), [drawing], [savedImage('a')], previews);
    assert.deepEqual(
      cells.map(({ state, request, src }) => [state, request?.seed, src]),
      [
        ['done', 42, 'src:a'],
        ['preview', 43, 'blob:1'],
        ['waiting', 44, undefined],
      ],
    );
  });

  it('shows of an ended job what came of it', () => {
    const ended: Job = { ...job, state: 'cancelled', images: ['a'] };
    const cells = shownCells(view({ kind: 'job', id: 1 }), [ended], [savedImage('a')], previews);
    assert.equal(cells.length, 1);
  });

  it('leaves out pictures that were deleted', () => {
    const shown = view({ kind: 'pictures', ids: ['a', 'b'] });
    assert.equal(shownCells(shown, [], [savedImage('b')], previews).length, 1);
  });

  it('is kept by its pictures, since jobs are numbered anew', () => {
    const saved = saveView(view({ kind: 'job', id: 1 }), () => ['a', 'b']);
    assert.deepEqual(restoreView(saved).shown, { kind: 'pictures', ids: ['a', 'b'] });
    assert.deepEqual(restoreView('nonsense').shown, { kind: 'nothing' });
  });
});

describe('a running job', () => {
  it('says what it loads, and what that needs of memory where it is much', () => {
    const loading: Job = { ...job, state: 'loading', component: 'unet' };
    assert.equal(describeProgress(loading), 'Loading unet…');
    const memory = 'needs about 6.7 GB of memory';
    assert.equal(describeProgress({ ...loading, memory }), `Loading unet: ${memory}…`);
  });

  it('says what it prepares and how far it is, and what that takes on the disk', () => {
    const preparing = { share: 0.347, size: '860.0 MB', folder: '/home/me/.cache/easel/int8' };
    const loading: Job = { ...job, state: 'loading', component: 'unet', preparing };
    assert.equal(describeProgress(loading), 'Preparing weights of unet: 34 %');
    assert.equal(shareDone(loading), 0.347);
    const said = describePreparing(loading) ?? '';
    assert.match(said, /unet.*once.*860\.0 MB.*\/home\/me\/\.cache\/easel\/int8/);
    const forNow = { ...loading, preparing: { ...preparing, folder: undefined } };
    assert.match(describePreparing(forNow) ?? '', /for this drawing: 860\.0 MB$/);
    assert.equal(describePreparing(job), undefined);
    assert.equal(shareDone({ ...loading, preparing: undefined, stepsTotal: 0 }), undefined);
  });

  it('says that a picture is finished in tiles where memory wants it', () => {
    const last: Job = { ...job, stepsDone: 12, stepsTotal: 12 };
    assert.equal(describeProgress(last), 'Finishing…');
    assert.equal(describeProgress({ ...last, tiled: true }), 'Finishing in tiles, to save memory…');
  });
});

describe('failures', () => {
  const failed = (code: NonNullable<Job['error']>['code'], data = {}): Job => ({
    ...job,
    state: 'failed',
    error: { code, message: 'l10n', data },
  });

  it('offer the size that would work', () => {
    const [first] = recoveryActions(failed('bad-size', { width: 250, height: 380, factor: 64 }));
    assert.deepEqual(first?.change, { width: 256, height: 384 });
    assert.equal(first.drawAgain, true);
  });

  it('offer the starter where a model is the trouble, but not to the starter itself', () => {
    const own = recoveryActions({
      ...failed('bad-file'),
      request: { ...recipe, model: 'starter' },
    });
    assert.equal(recoveryActions(failed('model-not-found'))[0]?.change?.model, 'starter');
    assert.ok(own.every(({ change }) => change?.model === undefined));
  });

  it('offer the background, or another seed, where it cannot be taken away', () => {
    const [opaque, another] = recoveryActions(failed('background-not-flat'));
    assert.deepEqual(opaque?.change, { transparent: false });
    assert.equal(another?.change?.seedLocked, false);
  });

  it('offer full precision where another one cannot be had', () => {
    const error = failed('unsupported-precision', {
      precision: 'half',
      available: ['full', 'int8'],
    });
    const [first] = recoveryActions(error);
    assert.deepEqual(first?.change, { precision: 'full' });
    assert.equal(first.drawAgain, true);
  });

  it('offer the CPU where a device is, and another try where it may help', () => {
    assert.equal(recoveryActions(failed('device-failed'))[0]?.change?.device, 'cpu');
    assert.equal(recoveryActions(failed('engine-crashed'))[0]?.drawAgain, true);
  });
});

describe('texts', () => {
  it('fill in their values, and round times', () => {
    assert.equal(t('stepOf', 2, 12), 'Step 2 of 12');
    assert.equal(formatSeconds(0.4), 'under 1 s');
    assert.equal(formatSeconds(6.2), '6 s');
    assert.equal(formatSeconds(43), '45 s');
    assert.equal(formatSeconds(200), '3.5 min');
    assert.equal(formatSeconds(1500), '25 min');
  });
});
